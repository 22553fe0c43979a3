import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";

export interface PartitionOptions {
  /**
   * How long the view must hold still before the mode changes, either way; null: by the size of
   * the mesh (`stableAfterBySize`). Lower reacts sooner but may act on half-finished detection,
   * higher keeps a cut-off minority writable for longer.
   */
  readonly stableAfterMs: number | null;
  /** With exactly half reachable, the side with this member goes on; null: neither side does. */
  readonly tieBreaker: NodeId | null;
}

export const PARTITION_DEFAULTS: PartitionOptions = { stableAfterMs: null, tieBreaker: null };

const MAX_STABLE_AFTER_MS = 3_600_000;

/** All problems at once; empty when the options are usable. */
export function validatePartitionOptions(options: PartitionOptions): string[] {
  const problems: string[] = [];
  const { stableAfterMs, tieBreaker } = options;
  if (stableAfterMs !== null && !(stableAfterMs >= 1 && stableAfterMs <= MAX_STABLE_AFTER_MS)) {
    problems.push(`stableAfterMs must be 1 to ${MAX_STABLE_AFTER_MS}, or null`);
  }
  if (tieBreaker === "") {
    problems.push("tieBreaker must name a member, or be null");
  }
  return problems;
}

/** Members and milliseconds, ascending: the values Pekko recommends for its stable-after. */
const RECOMMENDED: readonly (readonly [number, number])[] = [
  [5, 7_000],
  [10, 10_000],
  [20, 13_000],
  [50, 17_000],
  [100, 20_000],
  [1_000, 30_000],
];

/**
 * The stability window for `n` members: Pekko's table (split-brain-resolver, "Strategies"),
 * between its rows linear in log n, outside of it the nearest row.
 */
export function stableAfterBySize(n: number): Micros {
  let [lowerSize, lowerMs] = RECOMMENDED[0] ?? [1, 0];
  for (const [size, milliseconds] of RECOMMENDED) {
    if (n === size || n < lowerSize) {
      return ms(n === size ? milliseconds : lowerMs);
    }
    if (n < size) {
      const share = Math.log(n / lowerSize) / Math.log(size / lowerSize);
      return ms(lowerMs + share * (milliseconds - lowerMs));
    }
    [lowerSize, lowerMs] = [size, milliseconds];
  }
  return ms(lowerMs);
}

/**
 * The longest a change of mode may be put off by a view that never holds still: the window and
 * three quarters of it on top (Pekko's down-all-when-unstable).
 */
export function unstableCap(stableAfter: Micros): Micros {
  return stableAfter + Math.round((stableAfter * 3) / 4);
}
