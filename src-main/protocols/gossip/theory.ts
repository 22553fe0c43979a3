/**
 * What theory says of how fast rumours spread: the curves that the console and the benchmark put
 * beside what was measured. All for one rumour, uniform peers and no loss; logarithms are base 2
 * where the formula says log2, else natural.
 */

/** Rounds until push reached all of `n`: log2 n + ln n for fanout 1 (Pittel 1987). */
export function expectedPushRounds(n: number, fanout = 1): number {
  return n <= 1 ? 0 : logBase(n, 1 + fanout) + Math.log(n) / fanout;
}

/**
 * Rounds until pull reached all: doubling up to half, then the rest squares itself every round
 * (s to s^2, Demers et al. 1987, section 1.3), one more for the slow first round of the origin.
 */
export function expectedPullRounds(n: number, fanout = 1): number {
  return n <= 1 ? 0 : logBase(n, 1 + fanout) + squaringTail(n, fanout) + 1;
}

/** Rounds until push-pull reached all: tripling, then squaring (Karp et al. 2000). */
export function expectedPushPullRounds(n: number, fanout = 1): number {
  return n <= 1 ? 0 : logBase(n, 1 + 2 * fanout) + squaringTail(n, fanout);
}

/**
 * The share of nodes that rumour mongering (push, feedback, counter) never reaches: the root below
 * one of s = e^(-(k+1)(1-s)) (Demers et al. 1987, section 1.4).
 */
export function mongeringResidue(k: number): number {
  let residue = 0;
  // The iteration rises towards the smaller root; 200 steps are far past double precision.
  for (let i = 0; i < 200; i++) {
    residue = Math.exp(-(k + 1) * (1 - residue));
  }
  return residue;
}

/** Rounds from "half know it" to "all do" when the ignorant share is raised to 1+fanout a round. */
function squaringTail(n: number, fanout: number): number {
  return Math.max(0, logBase(Math.log(n), 1 + fanout));
}

function logBase(value: number, base: number): number {
  return Math.log(value) / Math.log(base);
}
