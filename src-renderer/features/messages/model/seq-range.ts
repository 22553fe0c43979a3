import type { TimeRange } from "./coverage.ts";

interface Stamp {
  readonly seq: number;
  readonly at: number;
}

/**
 * Sequence numbers that surely hold all events of a stretch of time, as tight as the known events
 * tell: from the last one before it to the first one after it, or to `last`.
 */
export function seqRange(
  known: readonly Stamp[],
  window: TimeRange,
  last: number,
): { readonly fromSeq: number; readonly toSeq: number } {
  let fromSeq = 1;
  let toSeq = last;
  for (const { seq, at } of known) {
    if (at < window.from) fromSeq = seq + 1;
    if (at > window.to) {
      toSeq = seq - 1;
      break;
    }
  }
  return { fromSeq, toSeq };
}
