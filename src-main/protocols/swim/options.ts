/** Tuning of the SWIM prober: profiles by difference, and a validator. */

export interface SwimOptions {
  /** Default 1,000. One member is probed per period. Lower: faster detection, more packets. */
  readonly probeIntervalMs: number;
  /** Default 500. From the ping to the indirect probes; set it above the 99th percentile RTT. */
  readonly probeTimeoutMs: number;
  /** Default 3. Relays asked when the direct ping is not answered; 0 turns indirection off. */
  readonly indirectProbes: number;
  /** Default true. Lifeguard's local health: a node that doubts itself probes more slowly. */
  readonly localHealth: boolean;
  /** Default 7. Largest local health score; the period grows up to (score + 1) times. */
  readonly maxHealthScore: number;
  /** Default false. Whether the score also stretches the probe timeout, as in the paper. */
  readonly healthScalesTimeout: boolean;
  /** Default 256. Indirect probes served at a time; more are not served and counted. */
  readonly maxRelays: number;
}

/** memberlist's LAN profile: local health scales the period, not the probe timeout. */
export const SWIM_LAN: SwimOptions = {
  probeIntervalMs: 1_000,
  probeTimeoutMs: 500,
  indirectProbes: 3,
  localHealth: true,
  maxHealthScore: 7,
  healthScalesTimeout: false,
  maxRelays: 256,
};

/** As in the Lifeguard paper: S = 8, so up to 9 s a period and 4.5 s a probe timeout. */
export const SWIM_PAPER: SwimOptions = {
  ...SWIM_LAN,
  maxHealthScore: 8,
  healthScalesTimeout: true,
};

export const SWIM_WAN: SwimOptions = {
  ...SWIM_LAN,
  probeIntervalMs: 5_000,
  probeTimeoutMs: 3_000,
};

export const SWIM_LOCAL: SwimOptions = {
  ...SWIM_LAN,
  probeTimeoutMs: 200,
  indirectProbes: 1,
};

/** Every problem of the options, as sentences; empty when they can be used. */
export function swimProblems(options: SwimOptions): readonly string[] {
  const problems: string[] = [];
  for (const name of ["probeIntervalMs", "probeTimeoutMs"] as const) {
    if (!Number.isFinite(options[name]) || options[name] <= 0) {
      problems.push(`${name} must be positive, not ${options[name]}`);
    }
  }
  for (const name of ["indirectProbes", "maxHealthScore", "maxRelays"] as const) {
    if (!Number.isInteger(options[name]) || options[name] < 0) {
      problems.push(`${name} must be a whole number from 0, not ${options[name]}`);
    }
  }
  if (options.probeTimeoutMs >= options.probeIntervalMs) {
    problems.push("probeTimeoutMs must be below probeIntervalMs: no time is left for relays");
  }
  return problems;
}
