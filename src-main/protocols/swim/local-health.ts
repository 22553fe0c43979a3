/**
 * Lifeguard's local health multiplier (Lifeguard §IV-A): a node that misses answers suspects itself
 * first, and probes more slowly before it accuses others.
 */

/** Score changes of Lifeguard Table I; a missed nack counts once per silent relay. */
export const HEALTH_DELTA = {
  probeAnswered: -1,
  probeFailed: 1,
  refutedSelf: 1,
  nackMissed: 1,
} as const;

/** The saturating counter: stays within 0..max. */
export function nextHealth(score: number, delta: number, max: number): number {
  return Math.min(max, Math.max(0, score + delta));
}

/** A period or timeout stretched by the local health: base × (score + 1). */
export function scaleByHealth(base: number, score: number): number {
  return base * (score + 1);
}
