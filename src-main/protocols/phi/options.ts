/** Tuning of the phi-accrual detector. Defaults follow Pekko's cluster. */

export interface PhiOptions {
  /** Default 1,000. Period of the heartbeats, and the mean the history starts with. */
  readonly heartbeatIntervalMs: number;
  /** Default 8. Suspected from this φ on: one false alarm in 10^φ. Not Cassandra's scale. */
  readonly threshold: number;
  /** Default 3,000. Silence that is always accepted (pauses, lost beats), added to the mean. */
  readonly acceptablePauseMs: number;
  /** Default 100. Floor of the standard deviation: a very regular peer is not held to it. */
  readonly minStdDevMs: number;
  /** Default 1,000. Intervals remembered per member. */
  readonly windowSize: number;
}

export const PHI_DEFAULTS: PhiOptions = {
  heartbeatIntervalMs: 1_000,
  threshold: 8,
  acceptablePauseMs: 3_000,
  minStdDevMs: 100,
  windowSize: 1_000,
};

/** Every problem of the options, as sentences; empty when they can be used. */
export function phiProblems(options: PhiOptions): readonly string[] {
  const problems: string[] = [];
  for (const name of ["heartbeatIntervalMs", "threshold", "minStdDevMs"] as const) {
    if (!Number.isFinite(options[name]) || options[name] <= 0) {
      problems.push(`${name} must be positive, not ${options[name]}`);
    }
  }
  if (!Number.isFinite(options.acceptablePauseMs) || options.acceptablePauseMs < 0) {
    problems.push(`acceptablePauseMs must not be negative, not ${options.acceptablePauseMs}`);
  }
  if (!Number.isInteger(options.windowSize) || options.windowSize < 2) {
    problems.push(`windowSize must be a whole number from 2, not ${options.windowSize}`);
  }
  return problems;
}
