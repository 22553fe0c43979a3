/**
 * What the events of agreement protocols tell: who leads, who voted for whom and why, how far each
 * entry got on each node, who was caught lying. `term` is Raft's term, pBFT's view, an epidemic
 * round; `index` a log index or sequence number. All times are mesh microseconds.
 */
import type {
  ConsensusKind,
  ConsensusRole,
  CountedPhase,
  ElectionPhase,
  LogEntry,
} from "../contract/agreement-events.ts";

export interface AgreementView {
  /** As the members' configurations say; unknown until one did. */
  protocol: ConsensusKind | undefined;
  /** Nodes that ever told anything about consensus. */
  readonly members: Map<string, ConsensusMember>;
  /** The newest entries of each member's log. */
  readonly logs: Map<string, LogTail>;
  /** The newest configuration as each member sees it. */
  readonly configs: Map<string, ConsensusConfig>;
  /** The mesh's: the newest one that is committed anywhere, else the newest. */
  config: ConsensusConfig | undefined;
  /** By `electionKey`, oldest first; bounded by `MAX_ELECTIONS`. */
  readonly elections: Map<string, Election>;
  /** Keys of elections that have not ended. */
  readonly openElections: Set<string>;
  /** By `roundKey`, oldest first; bounded by `MAX_ROUNDS` and `MAX_ROUND_VOTES`. */
  readonly rounds: Map<string, Round>;
  /** Votes in all `Round.counts` together. */
  roundVotes: number;
  /** The highest index that any node ever told to be committed. */
  committed: number;
  /** Who led last, and when that ended. */
  lead: Lead | undefined;
  /** By what it is about; the first `MAX_EVIDENCE`: the earliest ones explain the rest. */
  readonly evidence: Map<string, Evidence>;
  evidenceDropped: number;
  /** Dropped messages, by receiver, sender and reason. */
  readonly rejected: Map<string, Rejections>;
  rejectedDropped: number;
}

export interface ConsensusMember {
  readonly node: string;
  /** `undefined`: not told yet, or the process ended. */
  readonly role: ConsensusRole | undefined;
  /** Kept on disk, so a stopped member keeps it. */
  readonly term: number | undefined;
  readonly leader: string | undefined;
  /** Since when it has this role, term and leader. */
  readonly since: number | undefined;
  /** Why it took the role; a code. */
  readonly reason: string | undefined;
  /** The vote it gave last, for good in that term. */
  readonly votedFor: { readonly term: number; readonly candidate: string } | undefined;
  /** Lowest and highest index of its log, as far as told. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly committed: number | undefined;
  readonly applied: number | undefined;
  /** Hash of its state after `applied`. */
  readonly state: string | undefined;
  readonly snapshot: SnapshotNote | undefined;
}

export interface SnapshotNote {
  readonly how: "taken" | "installed";
  readonly at: number;
  readonly index: number;
  readonly term: number;
  readonly digest: string;
  readonly bytes: number;
}

/** A window of `MAX_LOG_TAIL` indexes that ends at `high`. A container: changes in place. */
export interface LogTail {
  readonly entries: Map<number, LogEntry>;
  /** From here on nothing was forgotten by the view. */
  low: number;
  /** 0 for a log without entries. */
  high: number;
}

export interface ConsensusConfig {
  readonly node: string;
  readonly at: number;
  readonly protocol: ConsensusKind;
  readonly index: number;
  readonly voters: readonly string[];
  /** Voters of the old half while a joint change is under way. */
  readonly outgoing: readonly string[];
  readonly learners: readonly string[];
  readonly quorum: number;
  /** Byzantine members that safety bears. */
  readonly tolerates: number;
  readonly committed: boolean;
}

export interface Election {
  readonly key: string;
  readonly term: number;
  readonly kind: ElectionPhase;
  /** In the order in which they stood. */
  readonly candidates: readonly string[];
  /** `voter>candidate` → its answer. A container: grows in place. */
  readonly answers: ReadonlyMap<string, ElectionAnswer>;
  /** By who counted. A container: grows in place. */
  readonly tallies: ReadonlyMap<string, ElectionTally>;
  /** When the leader before it was lost, where that is known (not when it was cut off). */
  readonly lostAt: number | undefined;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  /** `undefined` while it goes on, and when it ended without one. */
  readonly winner: string | undefined;
}

export interface ElectionAnswer {
  readonly voter: string;
  readonly candidate: string;
  readonly granted: boolean;
  readonly reason: string;
  readonly at: number;
}

export interface ElectionTally {
  readonly node: string;
  readonly have: number;
  readonly needed: number;
  readonly counted: readonly {
    readonly from: string;
    readonly granted: boolean;
    readonly at: number;
  }[];
}

/** One entry on its way through the members. */
export interface Round {
  readonly key: string;
  readonly index: number;
  readonly term: number;
  /** The first one heard of. Nodes may hold others: see their own. */
  readonly digest: string;
  readonly what: LogEntry["what"] | undefined;
  readonly bytes: number | undefined;
  readonly startedAt: number;
  /** Who proposed it, where that was told. */
  readonly proposer: string | undefined;
  /** How far each node is. A container: grows in place. */
  readonly nodes: ReadonlyMap<string, RoundNode>;
  /** `observer~phase` → what it counted. A container: grows in place. */
  readonly counts: ReadonlyMap<string, RoundCount>;
  readonly committedBy: number;
  readonly appliedBy: number;
}

/** When the entry reached which phase on one node. */
export interface RoundNode {
  readonly digest: string | undefined;
  readonly proposed: number | undefined;
  readonly appended: number | undefined;
  readonly prePrepared: number | undefined;
  readonly prepared: number | undefined;
  readonly committed: number | undefined;
  readonly applied: number | undefined;
  /** Hash of the node's state after it. */
  readonly state: string | undefined;
}

export interface RoundCount {
  readonly observer: string;
  readonly phase: CountedPhase;
  readonly have: number;
  readonly needed: number;
  /** When `have` came up to `needed`. */
  readonly reachedAt: number | undefined;
  readonly votes: readonly { readonly from: string; readonly at: number }[];
}

export interface Lead {
  readonly node: string;
  readonly term: number;
  readonly since: number;
  /** When it stopped, paused or stepped down. */
  readonly lostAt: number | undefined;
}

export interface Evidence {
  readonly accused: string;
  readonly fault: string;
  readonly term: number;
  readonly index: number;
  readonly text: string;
  readonly at: number;
  /** Who holds the proof, the first one first. */
  readonly holders: readonly string[];
}

export interface Rejections {
  readonly node: string;
  readonly from: string;
  readonly reason: string;
  readonly count: number;
  /** Of the last one. */
  readonly at: number;
}

export const MAX_LOG_TAIL = 512;
export const MAX_ELECTIONS = 200;
/** Answers and counted votes that one election keeps. */
export const MAX_ELECTION_ANSWERS = 1_024;
export const MAX_ROUNDS = 200;
export const MAX_ROUND_VOTES = 40_000;
export const MAX_EVIDENCE = 500;
export const MAX_REJECTIONS = 2_000;

export function electionKey(kind: ElectionPhase, term: number): string {
  return `${kind}~${term}`;
}

export function roundKey(index: number, term: number): string {
  return `${index}~${term}`;
}

export function emptyAgreement(): AgreementView {
  return {
    protocol: undefined,
    members: new Map(),
    logs: new Map(),
    configs: new Map(),
    config: undefined,
    elections: new Map(),
    openElections: new Set(),
    rounds: new Map(),
    roundVotes: 0,
    committed: 0,
    lead: undefined,
    evidence: new Map(),
    evidenceDropped: 0,
    rejected: new Map(),
    rejectedDropped: 0,
  };
}

export function emptyMember(node: string): ConsensusMember {
  return {
    node,
    role: undefined,
    term: undefined,
    leader: undefined,
    since: undefined,
    reason: undefined,
    votedFor: undefined,
    first: undefined,
    last: undefined,
    committed: undefined,
    applied: undefined,
    state: undefined,
    snapshot: undefined,
  };
}

export const EMPTY_ROUND_NODE: RoundNode = {
  digest: undefined,
  proposed: undefined,
  appended: undefined,
  prePrepared: undefined,
  prepared: undefined,
  committed: undefined,
  applied: undefined,
  state: undefined,
};

export function cloneAgreement(agreement: AgreementView): AgreementView {
  return {
    ...agreement,
    members: new Map(agreement.members),
    logs: new Map(
      [...agreement.logs].map(([node, tail]) => [
        node,
        { ...tail, entries: new Map(tail.entries) },
      ]),
    ),
    configs: new Map(agreement.configs),
    elections: new Map(
      [...agreement.elections].map(([key, election]) => {
        const answers = new Map(election.answers);
        return [key, { ...election, answers, tallies: new Map(election.tallies) }];
      }),
    ),
    openElections: new Set(agreement.openElections),
    rounds: new Map(
      [...agreement.rounds].map(([key, round]) => [
        key,
        { ...round, nodes: new Map(round.nodes), counts: new Map(round.counts) },
      ]),
    ),
    evidence: new Map(agreement.evidence),
    rejected: new Map(agreement.rejected),
  };
}
