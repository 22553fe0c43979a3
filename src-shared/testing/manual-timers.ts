import type { Timers } from "../rpc/channel.ts";

interface Entry {
  readonly at: number;
  readonly call: () => void;
}

/** Timers that fire when the test says how much time went by. */
export class ManualTimers implements Timers {
  now = 0;
  readonly #entries = new Set<Entry>();

  after(ms: number, call: () => void): () => void {
    const entry = { at: this.now + ms, call };
    this.#entries.add(entry);
    return () => this.#entries.delete(entry);
  }

  get pending(): number {
    return this.#entries.size;
  }

  advance(ms: number): void {
    const end = this.now + ms;
    for (let next = this.#due(end); next !== undefined; next = this.#due(end)) {
      this.#entries.delete(next);
      this.now = next.at;
      next.call();
    }
    this.now = end;
  }

  #due(end: number): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of this.#entries) {
      if (entry.at <= end && (first === undefined || entry.at < first.at)) first = entry;
    }
    return first;
  }
}
