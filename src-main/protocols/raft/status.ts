/** A member's state for people who look into it. */
import type {
  ConsensusPeer,
  ConsensusStatus,
  ConsensusTimer,
  LogEntryNote,
} from "#main/kernel/consensus.ts";
import { quorumSize } from "./config.ts";
import { noteOf } from "./entry.ts";
import type { RaftLog } from "./log.ts";
import { ELECTION_TIMER, type RaftState } from "./state.ts";

export function statusOf(state: RaftState): ConsensusStatus {
  const { role, term, leader, votedFor, config, log, commit, applied, snapshot } = state;
  return {
    protocol: "raft",
    role,
    term,
    leader,
    votedFor,
    voters: config.voters,
    outgoing: config.outgoing,
    learners: config.learners,
    quorum: quorumSize(config),
    tolerates: 0,
    first: log.first,
    last: log.last,
    committed: commit,
    applied,
    snapshot: snapshot && {
      index: snapshot.index,
      term: snapshot.term,
      bytes: snapshot.data.length,
    },
    timers: timersOf(state),
    peers: peersOf(state),
  };
}

export function notesOf(log: RaftLog, from: number, limit: number): LogEntryNote[] {
  const start = Math.max(from, log.first);
  return start > log.last || limit < 1
    ? []
    : log.slice(start, limit, Number.MAX_SAFE_INTEGER).map(noteOf);
}

function timersOf({ role, watchesLeader, electionDeadline }: RaftState): ConsensusTimer[] {
  return role === "leader" || !watchesLeader
    ? []
    : [{ timer: ELECTION_TIMER, at: electionDeadline }];
}

function peersOf({ leadership }: RaftState): ConsensusPeer[] {
  return [...(leadership?.progress ?? [])].map(([node, peer]) => ({
    node,
    match: peer.match,
    next: peer.next,
    state: peer.lost ? "lost" : peer.state,
    inFlight: peer.inFlight,
  }));
}
