/** Requests, decisions, replicated memory, aggregates, standing, lessons, as far as events tell. */
import type { MeshEventOf } from "../contract/events.ts";
import type { MemoryMode, RequestCode, VoteChoice } from "../contract/state-events.ts";

export interface RequestView {
  readonly id: string;
  readonly node: string;
  /** The command's type. */
  readonly what: string;
  readonly text: string;
  readonly submittedAt: number;
  readonly answeredAt: number | undefined;
  /** `undefined` while nobody answered. */
  readonly code: RequestCode | undefined;
  readonly message: string | undefined;
  /** Where in the agreed log. */
  readonly index: number | undefined;
  /** Values are cut at `MAX_SHOWN_VALUE`. */
  readonly value: string | undefined;
  readonly siblings: readonly string[];
  readonly stale: boolean;
  readonly tookUs: number | undefined;
}

export interface ProposalView {
  readonly id: string;
  readonly caller: string;
  readonly title: string;
  readonly text: string;
  readonly threshold: number;
  /** Members that must vote, of all members. */
  readonly quorum: number;
  readonly of: number;
  readonly deadline: number;
  readonly calledAt: number;
  /** What each node knows of it. A container: grows in place. */
  readonly nodes: ReadonlyMap<string, ProposalKnowledge>;
  /** By voter. A container: grows in place. */
  readonly votes: ReadonlyMap<string, ProposalVote>;
  /** Members that signed two votes. */
  readonly accused: readonly string[];
  /** The first outcome that was told; nodes may hold others: see `nodes`. */
  readonly outcome: ProposalOutcome | undefined;
  readonly decidedAt: number | undefined;
}

export type ProposalOutcome = Pick<
  MeshEventOf<"proposal.decided">,
  "outcome" | "yes" | "no" | "abstain" | "of"
>;

export interface ProposalKnowledge {
  readonly since: number;
  readonly outcome: ProposalOutcome | undefined;
  readonly decidedAt: number | undefined;
}

export interface ProposalVote {
  readonly voter: string;
  /** As it was heard first. */
  readonly choice: VoteChoice;
  readonly reason: string;
  readonly at: number;
  /** Node → the choice it heard. A container: grows in place. */
  readonly heardBy: ReadonlyMap<string, VoteChoice>;
  /** Nodes heard different choices. */
  readonly conflicting: boolean;
}

export interface ProposalsView {
  /** Oldest first; bounded by `MAX_PROPOSALS` and `MAX_HEARINGS`. */
  readonly list: Map<string, ProposalView>;
  /** Entries in all `heardBy` and `nodes` together. */
  hearings: number;
}

export interface MemoryView {
  readonly namespaces: Map<string, NamespaceView>;
  /** Characters and entries held, see `holdingWeight`; bounded by `MAX_MEMORY_WEIGHT`. */
  weight: number;
  /** What single nodes held under keys that had to be forgotten, oldest key first. */
  dropped: number;
  exchanges: ExchangeTotals;
}

export interface NamespaceView {
  readonly name: string;
  /** `undefined`: a change was seen before the namespace was told. */
  readonly mode: MemoryMode | undefined;
  /** Key → node → what it holds. Containers: change in place. */
  readonly keys: ReadonlyMap<string, ReadonlyMap<string, MemoryHolding>>;
}

export interface MemoryHolding {
  /** Concurrent values; none when deleted or expired. */
  readonly values: readonly string[];
  readonly version: string;
  readonly expiresAt: number | undefined;
  readonly cause: "write" | "merge" | "delete" | "expiry";
  readonly at: number;
}

export interface ExchangeTotals {
  readonly count: number;
  readonly differing: number;
  readonly hashes: number;
  readonly bytes: number;
  readonly lastAt: number | undefined;
}

export interface AggregateView {
  readonly metric: string;
  readonly count: number | undefined;
  readonly sum: number | undefined;
  readonly mean: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** Relative error that may be left. */
  readonly error: number | undefined;
  readonly epoch: number;
  readonly round: number;
  readonly at: number;
}

export interface Standing {
  readonly score: number;
  readonly standing: "good" | "watched" | "graylisted" | "banned";
  readonly reason: string;
  readonly at: number;
}

export interface ReputationView {
  /** Observer → member → its standing there. */
  readonly observers: Map<string, Map<string, Standing>>;
  /** Entries of all observers; bounded by `MAX_STANDINGS`. */
  size: number;
  dropped: number;
}

export interface InvariantCount {
  readonly invariant: string;
  readonly checks: number;
  readonly violations: number;
  readonly at: number;
}

export interface LessonStep {
  readonly index: number;
  readonly total: number;
  readonly id: string | undefined;
  readonly en: string;
  readonly zh: string | undefined;
  readonly point: string | undefined;
  readonly pause: boolean;
  readonly at: number;
  readonly seq: number;
}

export interface LessonView {
  /** The last one of `history`. */
  readonly current: LessonStep | undefined;
  /** Newest last; bounded by `MAX_LESSON_STEPS`. */
  readonly history: LessonStep[];
}

export const MAX_REQUESTS = 500;
/** Characters of a value in an answer. */
export const MAX_SHOWN_VALUE = 1_024;
export const MAX_SHOWN_SIBLINGS = 16;
export const MAX_PROPOSALS = 100;
export const MAX_HEARINGS = 40_000;
/** In characters, with `HOLDING_WEIGHT` for each entry as such. */
export const MAX_MEMORY_WEIGHT = 2_000_000;
export const HOLDING_WEIGHT = 128;
export const MAX_NAMESPACES = 256;
/** Metrics that one node estimates. */
export const MAX_METRICS = 64;
export const MAX_STANDINGS = 20_000;
export const MAX_INVARIANTS = 256;
export const MAX_LESSON_STEPS = 200;

export function holdingWeight(holding: MemoryHolding): number {
  const chars = holding.values.reduce((sum, value) => sum + value.length, 0);
  return HOLDING_WEIGHT + chars + holding.version.length;
}

export interface StateSlices {
  /** Oldest first; bounded by `MAX_REQUESTS`. */
  readonly requests: Map<string, RequestView>;
  readonly proposals: ProposalsView;
  readonly memory: MemoryView;
  /** Node → metric → its estimate. */
  readonly aggregates: Map<string, Map<string, AggregateView>>;
  readonly reputation: ReputationView;
  readonly invariants: Map<string, InvariantCount>;
  lesson: LessonView;
}

const NO_EXCHANGES: ExchangeTotals = {
  count: 0,
  differing: 0,
  hashes: 0,
  bytes: 0,
  lastAt: undefined,
};

export function emptyState(): StateSlices {
  return {
    requests: new Map(),
    proposals: { list: new Map(), hearings: 0 },
    memory: { namespaces: new Map(), weight: 0, dropped: 0, exchanges: NO_EXCHANGES },
    aggregates: new Map(),
    reputation: { observers: new Map(), size: 0, dropped: 0 },
    invariants: new Map(),
    lesson: { current: undefined, history: [] },
  };
}

export function cloneState(state: StateSlices): StateSlices {
  const { requests, proposals, memory, aggregates, reputation, invariants, lesson } = state;
  return {
    requests: new Map(requests),
    proposals: {
      list: new Map([...proposals.list].map(([id, proposal]) => [id, cloneProposal(proposal)])),
      hearings: proposals.hearings,
    },
    memory: {
      ...memory,
      namespaces: new Map(
        [...memory.namespaces].map(([name, space]) => [
          name,
          { ...space, keys: cloneNested(space.keys) },
        ]),
      ),
    },
    aggregates: cloneNested(aggregates),
    reputation: { ...reputation, observers: cloneNested(reputation.observers) },
    invariants: new Map(invariants),
    lesson: { current: lesson.current, history: [...lesson.history] },
  };
}

function cloneProposal(proposal: ProposalView): ProposalView {
  const votes = [...proposal.votes].map(
    ([voter, vote]) => [voter, { ...vote, heardBy: new Map(vote.heardBy) }] as const,
  );
  return { ...proposal, nodes: new Map(proposal.nodes), votes: new Map(votes) };
}

function cloneNested<K, L, V>(maps: ReadonlyMap<K, ReadonlyMap<L, V>>): Map<K, Map<L, V>> {
  return new Map([...maps].map(([key, map]) => [key, new Map(map)]));
}
