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
import { ELECTION_TIMER, HEARTBEAT_TIMER, type RaftState, TRANSFER_TIMER } from "./state.ts";

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

/** The election timer looks at its deadline when it fires; the deadline is what counts. */
function timersOf({ role, watchesLeader, electionDeadline, out }: RaftState): ConsensusTimer[] {
  if (role !== "leader") {
    return watchesLeader ? [{ timer: ELECTION_TIMER, at: electionDeadline }] : [];
  }
  return [HEARTBEAT_TIMER, TRANSFER_TIMER].flatMap((timer) => {
    const at = out.timers.get(timer);
    return at === undefined ? [] : [{ timer, at }];
  });
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
