/** What people see who look into a member. */
import type { ConsensusPeer, ConsensusStatus, LogEntryNote } from "#main/kernel/consensus.ts";
import type { NodeId, TimerName } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { Agreement } from "./agreement.ts";
import { entryNote } from "./notes.ts";
import type { Replica } from "./replica.ts";

/** `others`: indices of the members but the own one. */
export function statusOf(
  agreement: Agreement,
  members: readonly NodeId[],
  others: readonly number[],
  timers: ReadonlyMap<TimerName, Micros>,
): ConsensusStatus {
  const { replica, table } = agreement;
  const { base, applied } = replica;
  const isMember = others.length < members.length;
  const { index, lamport: term, snapshot } = base;
  return {
    protocol: "epidemic",
    role: "peer",
    term: isMember ? table.own.clock : 0,
    leader: null,
    votedFor: null,
    voters: members,
    outgoing: [],
    learners: [],
    quorum: agreement.majority,
    tolerates: 0,
    first: index + 1,
    last: index + replica.held.length,
    committed: applied,
    applied,
    snapshot: index === 0 ? null : { index, term, bytes: snapshot.length },
    timers: [...timers].map(([timer, at]) => ({ timer, at })),
    peers: isMember ? others.map((member) => peerOf(agreement, members, member)) : [],
  };
}

/** What is executed by its index, then what waits, in the order that it has so far. */
export function logOf(replica: Replica, from: number, limit: number): LogEntryNote[] {
  const done = replica.executed.map(({ held }) => held);
  const known = new Set(done);
  const all = [...done, ...replica.held.filter((held) => !known.has(held))];
  const start = Math.max(0, from - replica.base.index - 1);
  return all
    .slice(start, start + limit)
    .map((held, position) => entryNote(held, replica.base.index + start + position + 1));
}

function peerOf(agreement: Agreement, members: readonly NodeId[], member: number): ConsensusPeer {
  const match = agreement.matchOf(member);
  const state = `closed ${agreement.table.row(member).closed.index}`;
  return { node: members[member] ?? "", match, next: match + 1, state, inFlight: 0 };
}
