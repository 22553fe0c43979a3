import { MAX_METRICS, MAX_METRIC_LENGTH } from "./limits.ts";

/** What is aggregated. All nodes of a mesh must have the same metrics in the same order. */
export interface MetricOptions {
  readonly name: string;
  /** What a value may be. Mass that implies values outside is refused, so a lie stays bounded. */
  readonly lowest: number;
  readonly highest: number;
}

export interface AggregationOptions {
  readonly metrics: readonly MetricOptions[];
  /** Time between rounds; each sends half of the mass to one peer. */
  readonly roundIntervalMs: number;
  /**
   * Time between restarts. Longer leaves more rounds to converge, shorter sees changes of values
   * and membership sooner. 40 rounds are enough for a thousand nodes and an error of 0.1 %.
   */
  readonly epochMs: number;
  /** By how much clocks may differ: so much early an epoch may be begun by a message. */
  readonly clockSkewMs: number;
  /** Rounds of an epoch before which nothing is told. */
  readonly minRounds: number;
  /** Rounds for which the extremes must not have changed before they are told. */
  readonly settledRounds: number;
  /** Transfers that wait for their acknowledgement, at most one for each peer. */
  readonly maxOutstanding: number;
  /** Every how many rounds estimates are told. */
  readonly reportEvery: number;
}

export const AGGREGATION_DEFAULTS: AggregationOptions = {
  metrics: [{ name: "load", lowest: 0, highest: 1 }],
  roundIntervalMs: 250,
  epochMs: 15_000,
  clockSkewMs: 1_000,
  minRounds: 8,
  settledRounds: 6,
  maxOutstanding: 16,
  reportEvery: 4,
};

interface Range {
  readonly name: Exclude<keyof AggregationOptions, "metrics">;
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
}

const DAY_MS = 86_400_000;

const RANGES: readonly Range[] = [
  { name: "roundIntervalMs", low: 1, high: DAY_MS, whole: false },
  { name: "epochMs", low: 1, high: DAY_MS, whole: false },
  { name: "clockSkewMs", low: 0, high: DAY_MS, whole: false },
  { name: "minRounds", low: 1, high: 1_000, whole: true },
  { name: "settledRounds", low: 1, high: 1_000, whole: true },
  { name: "maxOutstanding", low: 1, high: 1_024, whole: true },
  { name: "reportEvery", low: 1, high: 1_000, whole: true },
];

/** All problems at once; empty when the options are usable. */
export function validateAggregationOptions(options: AggregationOptions): string[] {
  const problems: string[] = [];
  for (const { name, low, high, whole } of RANGES) {
    const value = options[name];
    if (!(value >= low && value <= high) || (whole && !Number.isInteger(value))) {
      problems.push(`${name} must be ${whole ? "a whole number from " : ""}${low} to ${high}`);
    }
  }
  if (options.epochMs < (options.minRounds + 2) * options.roundIntervalMs) {
    problems.push("epochMs must leave more than minRounds rounds");
  }
  if (options.clockSkewMs * 2 > options.epochMs) {
    problems.push("clockSkewMs must be at most half of epochMs");
  }
  return [...problems, ...metricProblems(options.metrics)];
}

function metricProblems(metrics: readonly MetricOptions[]): string[] {
  const problems: string[] = [];
  if (metrics.length === 0 || metrics.length > MAX_METRICS) {
    problems.push(`metrics must be 1 to ${MAX_METRICS}`);
  }
  if (new Set(metrics.map(({ name }) => name)).size < metrics.length) {
    problems.push("metrics must have different names");
  }
  for (const { name, lowest, highest } of metrics) {
    if (name.length === 0 || name.length > MAX_METRIC_LENGTH) {
      problems.push(`a metric's name must have 1 to ${MAX_METRIC_LENGTH} characters`);
    }
    if (!(Number.isFinite(lowest) && Number.isFinite(highest) && lowest <= highest)) {
      problems.push(`${name}: lowest must be a number not over highest`);
    }
  }
  return problems;
}
