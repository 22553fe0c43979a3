/** Tuning of the heartbeat detector. */

export interface HeartbeatOptions {
  /** Default 3,000. Lower: faster detection, n² more packets. */
  readonly heartbeatIntervalMs: number;
  /** Default 10,000. Silence after which a peer is suspected; three lost beats by default. */
  readonly heartbeatTimeoutMs: number;
}

export const HEARTBEAT_DEFAULTS: HeartbeatOptions = {
  heartbeatIntervalMs: 3_000,
  heartbeatTimeoutMs: 10_000,
};

/** Every problem of the options, as sentences; empty when they can be used. */
export function heartbeatProblems(options: HeartbeatOptions): readonly string[] {
  const problems: string[] = [];
  for (const [name, value] of Object.entries(options)) {
    if (!Number.isFinite(value) || value <= 0) {
      problems.push(`${name} must be positive, not ${value}`);
    }
  }
  if (options.heartbeatTimeoutMs <= options.heartbeatIntervalMs) {
    problems.push("heartbeatTimeoutMs must exceed heartbeatIntervalMs: every beat would be late");
  }
  return problems;
}
