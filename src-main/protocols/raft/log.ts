/** The log of one member: entries from `first` on, behind what a snapshot stands for. Pure. */
import { assert } from "#main/kernel/assert.ts";
import type { Micros } from "#main/kernel/time.ts";
import { type Entry, entryBytes } from "./entry.ts";

/** The entry in front of the first one that is kept: index 0 and term 0 in a fresh log. */
export interface LogBase {
  readonly index: number;
  readonly term: number;
  readonly time: Micros;
}

export const EMPTY_BASE: LogBase = { index: 0, term: 0, time: 0 };

export class RaftLog {
  #base: LogBase;
  #entries: Entry[] = [];

  constructor(base: LogBase = EMPTY_BASE) {
    this.#base = base;
  }

  /** The first index that is kept; one more than `last` when none is. */
  get first(): number {
    return this.#base.index + 1;
  }

  get last(): number {
    return this.#base.index + this.#entries.length;
  }

  get lastTerm(): number {
    return this.#entries.at(-1)?.term ?? this.#base.term;
  }

  get lastTime(): Micros {
    return this.#entries.at(-1)?.time ?? this.#base.time;
  }

  get base(): LogBase {
    return this.#base;
  }

  entry(index: number): Entry | undefined {
    return this.#entries[index - this.#base.index - 1];
  }

  /** Null where the log does not reach, or no longer. */
  term(index: number): number | null {
    return index === this.#base.index ? this.#base.term : (this.entry(index)?.term ?? null);
  }

  append(entries: readonly Entry[]): void {
    for (const entry of entries) {
      assert(entry.index === this.last + 1, `entry ${entry.index} does not follow ${this.last}`);
      assert(entry.term >= this.lastTerm, "terms never fall along a log");
      this.#entries.push(entry);
    }
  }

  /** Throws away everything from `from` on. */
  truncate(from: number): void {
    assert(from >= this.first, `entry ${from} is part of a snapshot`);
    this.#entries.length = Math.min(this.#entries.length, from - this.first);
  }

  /** From `from` on, one at least if there is one, then as many as both limits allow. */
  slice(from: number, maxEntries: number, maxBytes: number): readonly Entry[] {
    const start = from - this.first;
    let end = start;
    let bytes = 0;
    for (; end < this.#entries.length && end - start < maxEntries; end++) {
      bytes += entryBytes(this.#entries[end] as Entry);
      if (end > start && bytes > maxBytes) {
        break;
      }
    }
    return start === end ? NONE : this.#entries.slice(start, end);
  }

  /** Forgets everything up to and including `index`, which becomes the base. */
  compact(index: number): void {
    const entry = this.entry(index);
    assert(entry !== undefined, `entry ${index} is not here`);
    this.#entries = this.#entries.slice(index - this.#base.index);
    this.#base = { index, term: entry.term, time: entry.time };
  }

  /** A snapshot took the place of everything. */
  reset(base: LogBase): void {
    this.#base = base;
    this.#entries = [];
  }

  /**
   * The first of `entries` that is not in the log: either it conflicts with the one that is there
   * (same index, other term), or the log ends before it. Null when all are there.
   */
  firstMissing(entries: readonly Entry[]): Entry | null {
    for (const entry of entries) {
      if (entry.index >= this.first && this.term(entry.index) !== entry.term) {
        return entry;
      }
    }
    return null;
  }

  /**
   * The last index up to `index` whose term is at most `term`: where two logs may still agree.
   * With it a leader skips a whole term of conflicts per message (Raft section 5.3, end).
   */
  lastWithTermAtMost(term: number, index: number): number {
    let low = this.#base.index;
    let high = Math.max(low, Math.min(index, this.last));
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.term(middle) as number) <= term) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}

const NONE: readonly Entry[] = [];
