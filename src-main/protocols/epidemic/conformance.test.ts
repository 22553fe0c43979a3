// The suite that all agreement protocols pass. Reads are local, so they are not linearizable; the
// state of the first moment after an acknowledgement may be reordered, which quiet runs never do.
import { describeConsensus } from "#main/kernel/testing/consensus-conformance.ts";
import { ms, seconds } from "#main/kernel/time.ts";
import { epidemicCodec, epidemicRecordCodec } from "./codec.ts";
import { Epidemic } from "./epidemic.ts";
import { EPIDEMIC_DEFAULTS } from "./options.ts";

describeConsensus({
  name: "epidemic",
  codec: epidemicCodec,
  recordCodec: epidemicRecordCodec,
  create: (setup) =>
    new Epidemic({
      self: setup.self,
      members: setup.members,
      live: () => setup.members,
      options: { ...EPIDEMIC_DEFAULTS, gossipIntervalMs: 20, antiEntropyIntervalMs: 200 },
      app: setup.app,
      random: setup.random,
      restore: setup.restore,
    }),
  settleUs: ms(1_000),
  answerUs: seconds(11),
  properties: {
    size: 5,
    bearsCrashed: 2,
    blocksWithoutQuorum: true,
    linearizableReads: false,
    maxCommandBytes: EPIDEMIC_DEFAULTS.maxCommandBytes,
  },
});
