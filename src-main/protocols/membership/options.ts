/** Tuning of the membership machine. Defaults follow memberlist's LAN profile and Serf. */

export interface MembershipOptions {
  /**
   * Default 1,000. The unit of the suspicion timeout; keep it equal to the detector's period.
   */
  readonly probeIntervalMs: number;
  /** Default 4. Higher: fewer false verdicts, later true ones. */
  readonly suspicionMultiplier: number;
  /** Default 6. The longest suspicion, as a multiple of the shortest; 1 switches LHA-Suspicion off. */
  readonly suspicionMaxMultiplier: number;
  /** Default 4. Each update is sent this often times ⌈log10(n + 1)⌉. Higher: surer, more traffic. */
  readonly retransmitMultiplier: number;
  /** Default 200. How often news is pushed, while there is news. Lower: faster, more packets. */
  readonly gossipIntervalMs: number;
  /** Default 3. Members told per gossip interval. */
  readonly gossipNodes: number;
  /** Default 30,000. For how long a lost member is still told, so that it can refute. */
  readonly gossipToTheDeadMs: number;
  /** Default 1,300. Bytes of updates in one gossip message; leaves room for the envelope. */
  readonly gossipBudgetBytes: number;
  /** Default 30,000. Period of the full state comparison with one random member (n ≤ 32). */
  readonly syncIntervalMs: number;
  /** Default 1,000. Delay before a failed join is tried again; doubles up to `joinRetryMaxMs`. */
  readonly joinRetryMs: number;
  /** Default 30,000. */
  readonly joinRetryMaxMs: number;
  /** Default 60,000. An observation that its observer does not repeat counts for this long. */
  readonly observationTtlMs: number;
  /** Default 32. Observers named in one update; bounds the packet at any mesh size. */
  readonly observersPerUpdate: number;
  /**
   * Default 15,000. A joiner must be known and alive for this long, with a majority of the agreed
   * members in reach, before it counts. Must exceed the time to notice a partition, which depends on the detector
   * and the size of the mesh: a node derives it from them.
   */
  readonly agreeAfterMs: number;
  /** Default 3,000. From the leave intent to `left`: the time the intent gets to spread. */
  readonly leavePropagationMs: number;
  /** Default 15,000. How often the table looks for members to drop. */
  readonly reapIntervalMs: number;
  /** Default 86,400,000. For how long a member that left stays listed. */
  readonly leftRetentionMs: number;
  /** Default 86,400,000. For how long a removed member's last incarnation is remembered. */
  readonly tombstoneMs: number;
  /** Default 10,000. Joins beyond it are refused. */
  readonly maxMembers: number;
}

export const MEMBERSHIP_LAN: MembershipOptions = {
  probeIntervalMs: 1_000,
  suspicionMultiplier: 4,
  suspicionMaxMultiplier: 6,
  retransmitMultiplier: 4,
  gossipIntervalMs: 200,
  gossipNodes: 3,
  gossipToTheDeadMs: 30_000,
  gossipBudgetBytes: 1_300,
  syncIntervalMs: 30_000,
  joinRetryMs: 1_000,
  joinRetryMaxMs: 30_000,
  observationTtlMs: 60_000,
  observersPerUpdate: 32,
  agreeAfterMs: 15_000,
  leavePropagationMs: 3_000,
  reapIntervalMs: 15_000,
  leftRetentionMs: 86_400_000,
  tombstoneMs: 86_400_000,
  maxMembers: 10_000,
};

export const MEMBERSHIP_WAN: MembershipOptions = {
  ...MEMBERSHIP_LAN,
  probeIntervalMs: 5_000,
  suspicionMultiplier: 6,
  gossipIntervalMs: 500,
  gossipNodes: 4,
  gossipToTheDeadMs: 60_000,
  syncIntervalMs: 60_000,
  observationTtlMs: 180_000,
  agreeAfterMs: 60_000,
};

export const MEMBERSHIP_LOCAL: MembershipOptions = {
  ...MEMBERSHIP_LAN,
  suspicionMultiplier: 3,
  retransmitMultiplier: 2,
  gossipIntervalMs: 100,
  gossipToTheDeadMs: 15_000,
  syncIntervalMs: 15_000,
};

/** Every problem of the options, as sentences; empty when they can be used. */
export function membershipProblems(options: MembershipOptions): readonly string[] {
  const problems: string[] = [];
  for (const [name, value] of Object.entries(options)) {
    if (!Number.isFinite(value) || value <= 0) {
      problems.push(`${name} must be positive, not ${value}`);
    }
  }
  for (const name of ["gossipNodes", "observersPerUpdate", "maxMembers"] as const) {
    if (!Number.isInteger(options[name])) {
      problems.push(`${name} must be a whole number, not ${options[name]}`);
    }
  }
  if (options.suspicionMaxMultiplier < 1) {
    problems.push("suspicionMaxMultiplier must be at least 1");
  }
  if (options.joinRetryMaxMs < options.joinRetryMs) {
    problems.push("joinRetryMaxMs must not be below joinRetryMs");
  }
  if (options.observersPerUpdate > MAX_OBSERVERS_PER_UPDATE) {
    problems.push(`observersPerUpdate must be at most ${MAX_OBSERVERS_PER_UPDATE}`);
  }
  if (options.maxMembers > MAX_MEMBERS) {
    problems.push(`maxMembers must be at most ${MAX_MEMBERS}`);
  }
  return problems;
}

/** Limits of the wire format; options stay below them. */
export const MAX_MEMBERS = 10_000;
export const MAX_OBSERVERS_PER_UPDATE = 128;
