/** How long the mesh was without a leader, and what theory expects. */
import type { MeshOptions } from "../../contract/mesh-options.ts";
import type { Election } from "../agreement-model.ts";
import type { MeshView } from "../model.ts";

export interface ElectionTimes {
  /** From the loss of a leader to the next one; only where the loss is known. Microseconds. */
  readonly withoutLeaderUs: readonly number[];
  /** From the first who stood (or demanded a new view) to the new leader. Microseconds. */
  readonly tookUs: readonly number[];
  readonly won: number;
  readonly failed: number;
}

export function electionTimes(view: MeshView): ElectionTimes {
  const withoutLeaderUs: number[] = [];
  const tookUs: number[] = [];
  let failed = 0;
  for (const election of view.agreement.elections.values()) {
    if (election.kind === "pre-vote" || election.endedAt === undefined) continue;
    if (election.winner === undefined) {
      failed += 1;
      continue;
    }
    tookUs.push(election.endedAt - election.startedAt);
    const without = withoutLeader(election);
    if (without !== undefined) withoutLeaderUs.push(without);
  }
  return { withoutLeaderUs, tookUs, won: tookUs.length, failed };
}

/** From the loss of the leader before to the end of this election. */
export function withoutLeader({ endedAt, lostAt, winner }: Election): number | undefined {
  if (endedAt === undefined || lostAt === undefined || winner === undefined) return undefined;
  return endedAt - lostAt;
}

/**
 * Mean time without a leader after a crash, by Ongaro (dissertation, ch. 9): the earliest of `s`
 * timeouts drawn evenly from the range, less half a heartbeat interval that had passed already on
 * average, and two one-way latencies for the votes. Split votes and writes come on top. For 150 to
 * 300 ms, heartbeats every half of 150 ms and four servers this is the published 142.5 ms + 2L.
 * With pre-vote, two latencies more. Milliseconds.
 */
export function expectedElectionMs(
  raft: MeshOptions["consensus"]["raft"],
  survivors: number,
  latencyMs: number,
): number {
  const { electionTimeoutMinMs, electionTimeoutMaxMs, heartbeatMs, preVote } = raft;
  const range = electionTimeoutMaxMs - electionTimeoutMinMs;
  const earliest = electionTimeoutMinMs + range / (survivors + 1);
  return earliest - heartbeatMs / 2 + (preVote ? 4 : 2) * latencyMs;
}
