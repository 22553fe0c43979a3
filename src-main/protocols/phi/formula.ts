/**
 * φ in the normal form, as in Pekko: the time since the last heartbeat is compared with a normal
 * distribution of the past intervals, φ = −log10(P(a heartbeat comes even later)).
 * (Hayashibara et al., IS-RR-2004-010, §4.2. Cassandra's exponential φ is another scale.)
 */

/**
 * The suspicion level after `elapsedMs` of silence; non-decreasing in `elapsedMs`.
 *
 * Pekko approximates the normal distribution function by the logistic one:
 * P(later) = e / (1 + e) with e = exp(−y (1.5976 + 0.070566 y²)), y = (elapsed − mean) / stdDev.
 * Computed like that it ends in infinity near 22 σ, where e underflows. The same value written as
 * log10(1 + exp(y (…))) is finite and strictly increasing at any distance.
 */
export function phi(elapsedMs: number, meanMs: number, stdDevMs: number): number {
  const y = (elapsedMs - meanMs) / stdDevMs;
  return softplus(y * (1.5976 + 0.070566 * y * y)) / Math.LN10;
}

/** ln(1 + exp(x)) without overflow, and without losing small results. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
