import type { DropReason, MemoryEvent } from "./types.ts";

/** Counts what was not taken or not delivered; tells of the 1st, 10th, 100th and so on. */
export class Drops {
  readonly #counts = new Map<DropReason, { count: number; tellAt: number }>();
  #toTell: DropReason[] = [];

  add(reason: DropReason, more = 1): void {
    if (more === 0) {
      return;
    }
    const known = this.#counts.get(reason) ?? { count: 0, tellAt: 1 };
    known.count += more;
    this.#counts.set(reason, known);
    if (known.count >= known.tellAt) {
      while (known.tellAt <= known.count) {
        known.tellAt *= 10;
      }
      this.#toTell.push(reason);
    }
  }

  report(tell: (event: Extract<MemoryEvent, { kind: "dropped" }>) => void): void {
    for (const reason of new Set(this.#toTell)) {
      tell({ kind: "dropped", reason, count: this.#counts.get(reason)?.count ?? 0 });
    }
    this.#toTell = [];
  }
}
