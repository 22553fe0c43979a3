import { MAX_PROPOSALS } from "./limits.ts";
import { validatePolicy } from "./policy.ts";
import type { VotePolicy } from "./types.ts";

export interface ProposalsOptions {
  /** Time between rounds of spreading. Lower spreads and closes faster, at proportional cost. */
  readonly gossipIntervalMs: number;
  /** Peers that new items are pushed to, when they come and in each round. */
  readonly fanout: number;
  /** Rounds for which a new item is pushed. What push misses, comparison finds. */
  readonly pushRounds: number;
  /** Every how many rounds one peer is sent a digest. */
  readonly antiEntropyEvery: number;
  /**
   * From the deadline to a member's closing: clocks differ and votes are under way. Too short lets
   * members close with different outcomes, too long delays what was not settled early.
   */
  readonly settleMs: number;
  /** From the deadline until a proposal is forgotten and not taken any more. */
  readonly retainMs: number;
  /** The farthest deadline that is called or taken: bounds how long memory is held. */
  readonly maxDeadlineMs: number;
  /** Proposals held in all. Further ones are refused. */
  readonly maxProposals: number;
  /** Of one caller, decided ones too until they are forgotten: what a flooding member can take. */
  readonly maxPerCaller: number;
  /** How this node votes by itself until it is told otherwise. */
  readonly policy: VotePolicy;
}

/** Share of yes among yes and no. */
export const DEFAULT_THRESHOLD = 0.67;
/** More than this share of the electorate must vote. */
export const DEFAULT_QUORUM = 0.5;
export const DEFAULT_DEADLINE_MS = 30_000;

export const PROPOSALS_DEFAULTS: ProposalsOptions = {
  gossipIntervalMs: 250,
  fanout: 3,
  pushRounds: 4,
  antiEntropyEvery: 2,
  settleMs: 2_000,
  retainMs: 300_000,
  maxDeadlineMs: 7 * 86_400_000,
  maxProposals: 128,
  maxPerCaller: 16,
  policy: { kind: "manual" },
};

interface Range {
  readonly name: Exclude<keyof ProposalsOptions, "policy">;
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
}

const DAY_MS = 86_400_000;

const RANGES: readonly Range[] = [
  { name: "gossipIntervalMs", low: 1, high: DAY_MS, whole: false },
  { name: "fanout", low: 1, high: 32, whole: true },
  { name: "pushRounds", low: 0, high: 100, whole: true },
  { name: "antiEntropyEvery", low: 1, high: 1_000, whole: true },
  { name: "settleMs", low: 0, high: DAY_MS, whole: false },
  { name: "retainMs", low: 1, high: 30 * DAY_MS, whole: false },
  { name: "maxDeadlineMs", low: 1, high: 30 * DAY_MS, whole: false },
  { name: "maxProposals", low: 1, high: MAX_PROPOSALS, whole: true },
  { name: "maxPerCaller", low: 1, high: MAX_PROPOSALS, whole: true },
];

/** All problems at once; empty when the options are usable. */
export function validateProposalsOptions(options: ProposalsOptions): string[] {
  const problems: string[] = [];
  for (const { name, low, high, whole } of RANGES) {
    const value = options[name];
    if (!(value >= low && value <= high) || (whole && !Number.isInteger(value))) {
      problems.push(`${name} must be ${whole ? "a whole number from " : ""}${low} to ${high}`);
    }
  }
  if (options.retainMs <= options.settleMs) {
    problems.push("retainMs must be more than settleMs");
  }
  return [...problems, ...validatePolicy(options.policy)];
}
