import { FAULT_KINDS, type FaultKind } from "./types.ts";

/** One component of the score: a counter of reports that fades. */
export interface FaultOptions {
  /** Penalty of the first report beyond the tolerance; the n-th costs n² times this in all. */
  readonly weight: number;
  /** Reports that cost nothing: what happens to honest nodes too. */
  readonly tolerance: number;
  /** Reports count up to here: what one kind of fault can cost at most. */
  readonly cap: number;
  /** What is left of the counter after `decayIntervalMs`. */
  readonly decay: number;
}

export interface ReputationOptions {
  readonly faults: Readonly<Record<FaultKind, FaultOptions>>;
  /** What a good answer adds; linear, so that it takes many to outweigh one fault. */
  readonly goodWeight: number;
  /** Good answers count up to here. */
  readonly goodCap: number;
  readonly goodDecay: number;
  readonly decayIntervalMs: number;
  /** Counters below this are 0. */
  readonly decayToZero: number;
  /** Below it a member is watched: nothing is told to it that somebody else could be told. */
  readonly gossipThreshold: number;
  /** Below it nothing of one's own is handed to it first. */
  readonly publishThreshold: number;
  /** Below it a member is not chosen and its word about others counts nothing. */
  readonly graylistThreshold: number;
  /** A fault that leads below it is answered with a ban. */
  readonly banThreshold: number;
  readonly banMs: number;
  /** For how long a bad score waits, unfaded, for a member that disconnected. */
  readonly retainMs: number;
  /** The most that other members' opinions can cost. */
  readonly hearsayCap: number;
  readonly hearsayDecay: number;
  /** Share of chosen peers that is drawn regardless of scores, so that newcomers get a chance. */
  readonly exploreShare: number;
  /** Messages a member may send per second, and how many at once. */
  readonly messagesPerSecond: number;
  readonly burst: number;
  /** Members that are remembered. */
  readonly maxMembers: number;
}

export const REPUTATION_DEFAULTS: ReputationOptions = {
  faults: {
    // Slow or absent is no crime: at its worst it leads to being watched.
    "time-out": { weight: 0.5, tolerance: 2, cap: 8, decay: 0.97 },
    "bad-answer": { weight: 1, tolerance: 1, cap: 8, decay: 0.97 },
    "invalid-signature": { weight: 5, tolerance: 0, cap: 4, decay: 0.99 },
    // Provable: one is enough for a ban.
    equivocation: { weight: 100, tolerance: 0, cap: 1, decay: 0.999 },
    flooding: { weight: 0.05, tolerance: 10, cap: 50, decay: 0.97 },
    "false-evidence": { weight: 10, tolerance: 0, cap: 3, decay: 0.99 },
  },
  goodWeight: 0.1,
  goodCap: 50,
  goodDecay: 0.99,
  decayIntervalMs: 1_000,
  decayToZero: 0.01,
  gossipThreshold: -10,
  publishThreshold: -20,
  graylistThreshold: -40,
  banThreshold: -75,
  banMs: 60_000,
  retainMs: 600_000,
  hearsayCap: 15,
  hearsayDecay: 0.97,
  exploreShare: 0.25,
  messagesPerSecond: 200,
  burst: 400,
  maxMembers: 4_096,
};

type NumberName = Exclude<keyof ReputationOptions, "faults">;

interface Range {
  readonly low: number;
  readonly high: number;
  readonly whole?: boolean;
}

const DAY_MS = 86_400_000;
const SCORE: Range = { low: -1e6, high: -1e-6 };
const FACTOR: Range = { low: 0, high: 0.999_999 };

const RANGES: Readonly<Record<NumberName, Range>> = {
  goodWeight: { low: 0, high: 1e3 },
  goodCap: { low: 0, high: 1e6 },
  goodDecay: FACTOR,
  decayIntervalMs: { low: 1, high: DAY_MS },
  decayToZero: { low: 1e-9, high: 1 },
  gossipThreshold: SCORE,
  publishThreshold: SCORE,
  graylistThreshold: SCORE,
  banThreshold: SCORE,
  banMs: { low: 1, high: 30 * DAY_MS },
  retainMs: { low: 0, high: 365 * DAY_MS },
  hearsayCap: { low: 0, high: 1e6 },
  hearsayDecay: FACTOR,
  exploreShare: { low: 0, high: 1 },
  messagesPerSecond: { low: 0.001, high: 1e9 },
  burst: { low: 1, high: 1e9 },
  maxMembers: { low: 1, high: 65_536, whole: true },
};

/** All problems at once; empty when the options are usable. */
export function validateReputationOptions(options: ReputationOptions): string[] {
  const problems: string[] = [];
  for (const [name, { low, high, whole = false }] of Object.entries(RANGES)) {
    const value = options[name as NumberName];
    if (!(value >= low && value <= high) || (whole && !Number.isInteger(value))) {
      problems.push(`${name} must be ${whole ? "a whole number from " : ""}${low} to ${high}`);
    }
  }
  const { banThreshold, graylistThreshold, publishThreshold, gossipThreshold } = options;
  const order = [banThreshold, graylistThreshold, publishThreshold, gossipThreshold, 0];
  if (order.some((value, i) => i > 0 && !((order[i - 1] ?? 0) < value))) {
    problems.push("thresholds must rise: ban < graylist < publish < gossip < 0");
  }
  if (!(options.hearsayCap < -graylistThreshold)) {
    problems.push("hearsayCap must not reach the graylist: opinions alone exclude nobody");
  }
  return [...problems, ...FAULT_KINDS.flatMap((kind) => faultProblems(kind, options.faults[kind]))];
}

function faultProblems(kind: FaultKind, fault: FaultOptions): string[] {
  const { weight, tolerance, cap, decay } = fault;
  const sound =
    weight >= 0 &&
    weight <= 1e6 &&
    tolerance >= 0 &&
    cap >= tolerance &&
    cap <= 1e6 &&
    decay >= FACTOR.low &&
    decay <= FACTOR.high;
  const rule = "weight >= 0, 0 <= tolerance <= cap, 0 <= decay < 1";
  return sound ? [] : [`faults.${kind} must have ${rule}`];
}
