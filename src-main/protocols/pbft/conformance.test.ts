import { describeConsensus } from "#main/kernel/testing/consensus-conformance.ts";
import { seconds } from "#main/kernel/time.ts";
import { pbftCodec } from "./codec.ts";
import { PBFT_DEFAULTS } from "./options.ts";
import { Pbft } from "./pbft.ts";
import { pbftRecordCodec } from "./record-codec.ts";
import { toySigner } from "./testing/toy-signer.ts";

for (const size of [4, 7]) {
  describeConsensus({
    name: `pbft of ${size}`,
    codec: pbftCodec,
    recordCodec: pbftRecordCodec,
    create: ({ self, members, app, restore, life }) =>
      new Pbft({
        self,
        members,
        app,
        restore,
        life,
        mesh: "test",
        epoch: 1,
        options: PBFT_DEFAULTS,
        signer: toySigner(self),
        amnesia: false,
      }),
    settleUs: seconds(3),
    answerUs: seconds(6),
    properties: {
      size,
      bearsCrashed: Math.floor((size - 1) / 3),
      blocksWithoutQuorum: true,
      linearizableReads: true,
      maxCommandBytes: PBFT_DEFAULTS.maxCommandBytes,
    },
  });
}
