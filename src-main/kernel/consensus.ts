/**
 * The shape that all agreement protocols share, so that the strategy chosen for a mesh is the
 * strategy that runs: a node wires any of them the same way, and one conformance suite
 * (`testing/consensus-conformance.ts`) holds for all.
 *
 * Words: `term` is Raft's term, pBFT's view, an epidemic round; `index` is a log index, a sequence
 * number. A "request" is a number that the node above chose; it comes back in exactly one
 * `answered` event of the same life.
 */
import type { BaseInput, Effect, Machine, NodeId, TimerName } from "./machine.ts";
import type { Micros } from "./time.ts";

export type ConsensusOrder =
  /**
   * Have a command agreed and executed. Any member may be asked; it passes the command on to
   * whoever can order it and repeats it until it is answered or its time is out ("unknown").
   */
  | {
      readonly kind: "propose";
      readonly now: Micros;
      readonly request: number;
      readonly command: Uint8Array;
    }
  /** A linearizable read: the answer is not older than the moment of asking. */
  | {
      readonly kind: "read";
      readonly now: Micros;
      readonly request: number;
      readonly query: Uint8Array;
    }
  /** Give up leadership, to this member or to whoever is fit; a view change in pBFT. */
  | {
      readonly kind: "transfer";
      readonly now: Micros;
      readonly request: number;
      readonly to: NodeId | null;
    }
  /** Change who votes; refused with "not-supported" where the membership is fixed. */
  | {
      readonly kind: "reconfigure";
      readonly now: Micros;
      readonly request: number;
      readonly voters: readonly NodeId[];
      readonly learners: readonly NodeId[];
    }
  /** The partition machine's word; a machine starts writable. Refusals say "read-only". */
  | { readonly kind: "writable"; readonly now: Micros; readonly writable: boolean };

export type ConsensusInput<Message> = BaseInput<Message> | ConsensusOrder;

export const CONSENSUS_ROLES = [
  "leader",
  "follower",
  "pre-candidate",
  "candidate",
  "learner",
  "primary",
  "backup",
  "view-change",
  "peer",
] as const;
export type ConsensusRole = (typeof CONSENSUS_ROLES)[number];

/** Why a request was not carried out. "unknown" is the only one after which it may yet happen. */
export const CONSENSUS_REFUSALS = [
  "read-only",
  "no-leader",
  "not-a-member",
  "not-supported",
  "too-large",
  "busy",
  "expired-session",
  "bad-change",
  "unknown",
] as const;
export type ConsensusRefusal = (typeof CONSENSUS_REFUSALS)[number];

export type ConsensusOutcome =
  | { readonly ok: true; readonly index: number; readonly result: Uint8Array }
  | { readonly ok: false; readonly code: ConsensusRefusal; readonly message: string };

/** Where an entry of the log stands; also the phases of a pBFT round. */
export const ROUND_PHASES = [
  "proposed",
  "pre-prepared",
  "prepared",
  "committed",
  "applied",
] as const;
export type RoundPhase = (typeof ROUND_PHASES)[number];

/** Votes of members that a node counts. */
export const COUNTED_PHASES = ["append", "prepare", "commit", "checkpoint", "seen"] as const;
export type CountedPhase = (typeof COUNTED_PHASES)[number];

export interface LogEntryNote {
  readonly index: number;
  readonly term: number;
  /** First 16 hex digits of the SHA-256 of the entry's content. */
  readonly digest: string;
  readonly what: "command" | "no-op" | "config" | "null" | "session";
  readonly bytes: number;
}

/** Facts for whoever watches. All are about the machine that emits them. */
export type ConsensusEvent =
  | {
      readonly kind: "role";
      readonly role: ConsensusRole;
      readonly term: number;
      readonly leader: NodeId | null;
      readonly reason: string;
    }
  /** This node answered a call for votes (Raft), or demands a new view (pBFT). */
  | {
      readonly kind: "vote";
      readonly term: number;
      readonly candidate: NodeId;
      readonly phase: "pre-vote" | "vote" | "view-change";
      readonly granted: boolean;
      readonly reason: string;
    }
  /** This candidate (or new primary) counted an answer. */
  | {
      readonly kind: "tally";
      readonly term: number;
      readonly phase: "pre-vote" | "vote" | "view-change";
      readonly from: NodeId;
      readonly granted: boolean;
      readonly have: number;
      readonly needed: number;
    }
  /** Entries were written to this node's log. */
  | { readonly kind: "appended"; readonly entries: readonly LogEntryNote[] }
  /** Entries from `from` on were thrown away: they conflict with the leader's. */
  | { readonly kind: "truncated"; readonly from: number; readonly to: number }
  /** A round of agreement reached a phase on this node. */
  | {
      readonly kind: "round";
      readonly term: number;
      readonly index: number;
      readonly phase: RoundPhase;
      readonly digest: string;
    }
  /** This node counted one member's word for an entry; `from` may be itself. */
  | {
      readonly kind: "counted";
      readonly term: number;
      readonly index: number;
      readonly phase: CountedPhase;
      readonly from: NodeId;
      readonly have: number;
      readonly needed: number;
    }
  /** Everything up to `index` is agreed, as far as this node knows. */
  | { readonly kind: "committed"; readonly term: number; readonly index: number }
  /** The entry was executed here; `state` is a hash of the state after it. */
  | {
      readonly kind: "applied";
      readonly term: number;
      readonly index: number;
      readonly digest: string;
      readonly state: string;
    }
  | {
      readonly kind: "snapshot";
      readonly how: "taken" | "sent" | "installed";
      readonly term: number;
      readonly index: number;
      readonly digest: string;
      readonly bytes: number;
    }
  /** Who votes, as this node sees it; `outgoing` are the voters of the old half of a joint change. */
  | {
      readonly kind: "config";
      readonly index: number;
      readonly voters: readonly NodeId[];
      readonly outgoing: readonly NodeId[];
      readonly learners: readonly NodeId[];
      readonly quorum: number;
      /** Faulty members that safety bears: 0 Byzantine ones for Raft. */
      readonly tolerates: number;
      readonly committed: boolean;
    }
  /** Proof that a member broke the protocol: it signed two things that exclude each other. */
  | {
      readonly kind: "evidence";
      readonly accused: NodeId;
      readonly fault: string;
      readonly term: number;
      readonly index: number;
      readonly text: string;
    }
  /** A message was dropped; counted, and held against the sender where that is certain. */
  | { readonly kind: "rejected"; readonly from: NodeId; readonly reason: string }
  | { readonly kind: "answered"; readonly request: number; readonly outcome: ConsensusOutcome };

export type ConsensusEffect<Message, Record> = Effect<Message, ConsensusEvent, Record>;

export interface ConsensusTimer {
  readonly timer: TimerName;
  readonly at: Micros;
}

/** How far a leader knows a member to be. */
export interface ConsensusPeer {
  readonly node: NodeId;
  readonly match: number;
  readonly next: number;
  readonly state: string;
  readonly inFlight: number;
}

/** A node's consensus state at one moment, for people who look into it. */
export interface ConsensusStatus {
  readonly protocol: string;
  readonly role: ConsensusRole;
  readonly term: number;
  readonly leader: NodeId | null;
  readonly votedFor: NodeId | null;
  readonly voters: readonly NodeId[];
  readonly outgoing: readonly NodeId[];
  readonly learners: readonly NodeId[];
  readonly quorum: number;
  readonly tolerates: number;
  readonly first: number;
  readonly last: number;
  readonly committed: number;
  readonly applied: number;
  readonly snapshot: {
    readonly index: number;
    readonly term: number;
    readonly bytes: number;
  } | null;
  readonly timers: readonly ConsensusTimer[];
  readonly peers: readonly ConsensusPeer[];
}

export interface Consensus<Message, Record>
  extends Machine<ConsensusInput<Message>, ConsensusEffect<Message, Record>> {
  status(): ConsensusStatus;
  /** Entries of the log from `from` on, at most `limit`. */
  log(from: number, limit: number): readonly LogEntryNote[];
}
