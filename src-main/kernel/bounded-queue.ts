import { AssertionError, assert, unreachable } from "./assert.ts";

export interface BoundedQueueOptions {
  /** Entries it holds at most; at least 1. */
  readonly capacity: number;
  /** What gives way when it is full: the new entry, the oldest one, or the caller (an assert). */
  readonly onFull: "reject" | "drop-oldest" | "assert";
}

/** First in, first out, with a limit that has a policy; what was lost is counted. */
export class BoundedQueue<T> {
  readonly #options: BoundedQueueOptions;
  #items: (T | undefined)[] = [];
  #head = 0;
  #dropped = 0;

  constructor(options: BoundedQueueOptions) {
    assert(Number.isInteger(options.capacity) && options.capacity >= 1, "capacity must be >= 1");
    this.#options = options;
  }

  get size(): number {
    return this.#items.length - this.#head;
  }

  /** Entries lost to the limit since the beginning. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Whether `item` was taken. */
  push(item: T): boolean {
    if (this.size < this.#options.capacity) {
      this.#items.push(item);
      return true;
    }
    switch (this.#options.onFull) {
      case "reject":
        this.#dropped++;
        return false;
      case "drop-oldest":
        this.#dropped++;
        this.shift();
        this.#items.push(item);
        return true;
      case "assert":
        throw new AssertionError(`queue is over its capacity of ${this.#options.capacity}`);
      default:
        return unreachable(this.#options.onFull);
    }
  }

  shift(): T | undefined {
    if (this.size === 0) {
      return undefined;
    }
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head++;
    if (this.#head > 32 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Takes everything out, oldest first. */
  drain(): T[] {
    const all = this.#items.slice(this.#head) as T[];
    this.#items = [];
    this.#head = 0;
    return all;
  }
}
