import type { Segment, SegmentArchive } from "./event-history.ts";

/** Forgets nothing, for as long as the process lives: for recordings, which are bounded anyhow. */
export class MemoryArchive implements SegmentArchive {
  readonly #segments: Segment[] = [];

  put(segment: Segment): void {
    this.#segments.push(segment);
  }

  byTime(at: number): Segment | undefined {
    return this.#segments.findLast((segment) => (segment.events[0]?.at ?? Infinity) <= at);
  }

  bySeq(seq: number): Segment | undefined {
    return this.#segments.findLast((segment) => segment.firstSeq <= seq);
  }

  oldestAt(): number | undefined {
    return this.#segments[0]?.events[0]?.at;
  }

  clear(): void {
    this.#segments.length = 0;
  }
}
