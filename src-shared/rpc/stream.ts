/** Streams of a session that are not meshes: only the latest matters, or losses are counted. */
import type { TraceBatch } from "../contract/trace.ts";

export interface Outlet {
  /** False while the client is not heard of or the wire is full: nothing may be pushed. */
  ready(): boolean;
  push(value: unknown): void;
}

export interface Stream {
  grant(events: number): void;
  /** Pushes what it may; returns whether something waits for the outlet to become ready. */
  flush(outlet: Outlet): boolean;
  stop(): void;
}

/** Keeps one value: what was not pushed in time is overtaken by what is newer. */
export class LatestStream<T> implements Stream {
  #latest: { readonly value: T } | undefined;
  #stop: () => void = () => {};

  /** `start` may offer a value at once; `merge` tells what becomes of one that was overtaken. */
  static open<T>(
    start: (offer: (value: T) => void) => () => void,
    changed: () => void,
    merge: (overtaken: T, next: T) => T = (_, next) => next,
  ): LatestStream<T> {
    const stream = new LatestStream<T>();
    stream.#stop = start((value) => {
      const waiting = stream.#latest;
      stream.#latest = { value: waiting === undefined ? value : merge(waiting.value, value) };
      changed();
    });
    return stream;
  }

  /** Free of charge. */
  grant(): void {}

  flush(outlet: Outlet): boolean {
    if (this.#latest === undefined) return false;
    if (!outlet.ready()) return true;
    outlet.push(this.#latest.value);
    this.#latest = undefined;
    return false;
  }

  stop(): void {
    this.#stop();
  }
}

/** The rows of a batch that was overtaken count as skipped in the next one. */
export function overtake(overtaken: TraceBatch, next: TraceBatch): TraceBatch {
  return { ...next, skipped: next.skipped + overtaken.skipped + overtaken.sentAt.length };
}
