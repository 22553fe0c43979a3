/** A replica's state for people who look into it. */
import type { ConsensusPeer, ConsensusStatus } from "#main/kernel/consensus.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { Replica } from "./replica.ts";

export function statusOf(
  replica: Replica,
  checkpoints: Checkpoints,
  { last, peers }: { readonly last: number; readonly peers: readonly ConsensusPeer[] },
): ConsensusStatus {
  const { role, view, members, quorum, faults, state, low, out } = replica;
  const snapshot = checkpoints.snapshotAt(low);
  return {
    protocol: "pbft",
    role,
    term: view,
    leader: replica.active ? replica.primary : null,
    votedFor: replica.active ? null : replica.primary,
    voters: members,
    outgoing: [],
    learners: [],
    quorum,
    tolerates: faults,
    first: low + 1,
    last,
    committed: state.sequence,
    applied: state.sequence,
    snapshot:
      snapshot === undefined ? null : { index: low, term: view, bytes: snapshot.bytes.length },
    timers: [...out.timers].map(([timer, at]) => ({ timer, at })),
    peers,
  };
}
