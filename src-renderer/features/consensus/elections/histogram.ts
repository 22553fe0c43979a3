/** The distribution of election times, ready to be drawn. */

export interface Bin {
  /** Milliseconds, the upper end excluded. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export interface Histogram {
  readonly bins: readonly Bin[];
  readonly most: number;
  /** Right end of the axis, milliseconds. */
  readonly end: number;
  readonly medianUs: number | undefined;
}

const STEPS_MS = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1_000, 2_000, 5_000, 10_000];
const WANTED_BINS = 24;

/** Bins of a round width that cover all times and at least `reachMs`. */
export function histogramOf(timesUs: readonly number[], reachMs: number): Histogram {
  const timesMs = timesUs.map((us) => us / 1_000);
  const longest = Math.max(reachMs, ...timesMs);
  const width = STEPS_MS.find((step) => longest / step <= WANTED_BINS) ?? longest / WANTED_BINS;
  const count = Math.max(1, Math.floor(longest / width) + 1);
  const counts = Array.from({ length: count }, () => 0);
  for (const ms of timesMs) {
    const bin = Math.min(count - 1, Math.floor(ms / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const bins = counts.map((inside, at) => {
    return { from: at * width, to: (at + 1) * width, count: inside };
  });
  return { bins, most: Math.max(0, ...counts), end: count * width, medianUs: median(timesUs) };
}

const WANTED_TICKS = 6;

/** Round places on the axis, 0 included. */
export function ticksOf(end: number): readonly number[] {
  const step = STEPS_MS.find((each) => end / each <= WANTED_TICKS) ?? end / WANTED_TICKS;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, at) => at * step);
}

export function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[half - 1], sorted[half]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}
