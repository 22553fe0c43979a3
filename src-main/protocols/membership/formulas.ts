/** The numbers of SWIM, Lifeguard, memberlist and the quorum rule, as pure functions. */

/**
 * How often an update is sent: multiplier × ⌈log10(n + 1)⌉ (SWIM §5: λ log n; memberlist
 * `retransmitLimit`). `n` counts the members, this node included.
 */
export function retransmitLimit(multiplier: number, n: number): number {
  return multiplier * Math.ceil(Math.log10(n + 1));
}

/** The shortest suspicion: multiplier × max(1, log10 n) × interval (memberlist `suspicionTimeout`). */
export function minSuspicionMs(multiplier: number, n: number, probeIntervalMs: number): number {
  return multiplier * Math.max(1, Math.log10(Math.max(1, n))) * probeIntervalMs;
}

/**
 * K, the number of further accusers that brings a suspicion down to its shortest: multiplier − 2,
 * or none at all when the mesh has no K members besides the accuser and the accused.
 */
export function expectedAccusers(multiplier: number, n: number): number {
  const k = Math.max(0, Math.floor(multiplier) - 2);
  return n - 2 < k ? 0 : k;
}

/**
 * LHA-Suspicion (Lifeguard §IV-B): max(Min, Max − (Max − Min) · ln(C + 1) / ln(K + 1)), with C the
 * distinct accusers after the first one.
 */
export function suspicionMs(
  accusers: number,
  expected: number,
  bounds: { readonly minMs: number; readonly maxMs: number },
): number {
  if (expected < 1) {
    return bounds.minMs;
  }
  const fraction = Math.log(accusers + 1) / Math.log(expected + 1);
  return Math.max(bounds.minMs, bounds.maxMs - fraction * (bounds.maxMs - bounds.minMs));
}

/** Distinct observers needed among `n` agreed members: more than half; half is not enough. */
export function quorum(n: number): number {
  return Math.floor(n / 2) + 1;
}

const SYNC_SCALE_FROM = 32;

/** The full exchange gets rarer as it gets bigger: one more interval per doubling beyond 32. */
export function syncScale(n: number): number {
  return n <= SYNC_SCALE_FROM ? 1 : Math.ceil(Math.log2(n) - Math.log2(SYNC_SCALE_FROM)) + 1;
}

/** Delay after the failed join attempt number `attempt` (from 1): doubles, up to the maximum. */
export function joinBackoffMs(attempt: number, baseMs: number, maxMs: number): number {
  return Math.min(maxMs, baseMs * 2 ** (attempt - 1));
}
