import { describeConsensus } from "#main/kernel/testing/consensus-conformance.ts";
import { ms } from "#main/kernel/time.ts";
import { raftCodec } from "./codec.ts";
import { RAFT_DEFAULTS, type RaftOptions } from "./options.ts";
import { Raft } from "./raft.ts";
import { raftRecordCodec } from "./record-codec.ts";
import type { RaftMessage, RaftRecord } from "./types.ts";

function describeRaft(name: string, size: number, change: Partial<RaftOptions>): void {
  const options = { ...RAFT_DEFAULTS, requestTimeoutMs: 2_000, ...change };
  describeConsensus<RaftMessage, RaftRecord>({
    name,
    codec: raftCodec,
    recordCodec: raftRecordCodec,
    create: ({ self, members, app, restore, random }) =>
      new Raft({ self, members, app, restore, random, options, amnesia: false }),
    settleUs: ms(1_500),
    answerUs: ms(2_500),
    properties: {
      size,
      bearsCrashed: Math.floor((size - 1) / 2),
      blocksWithoutQuorum: true,
      linearizableReads: true,
      maxCommandBytes: options.maxCommandBytes,
    },
  });
}

describeRaft("raft", 5, {});
describeRaft("raft with snapshots all the time", 3, {
  snapshotEveryEntries: 4,
  trailingEntries: 1,
  snapshotChunkBytes: 64,
});
describeRaft("raft without pre-vote", 3, { preVote: false });
