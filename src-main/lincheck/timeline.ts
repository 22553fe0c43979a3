/** The events of some operations as numbers, and a cursor over them that goes both ways. */
import type { Operation } from "./types.ts";

/** Where operations begin and end, with a small number for each that is open at the same time. */
export interface Timeline {
  /** Operation + 1 where it is invoked, its negative where it returns. */
  readonly events: Int32Array;
  /** Rank in the order of the returns; those that never return come last. */
  readonly rank: Int32Array;
  /** Operations that return share slots, one at a time; -1 for those that never return. */
  readonly slot: Int32Array;
  readonly slots: number;
  /** Those that never return, in the order of their invocations. */
  readonly endless: Int32Array;
}

/** The operations must be in the order of their invocations. */
export function timelineOf(operations: readonly Operation<unknown>[]): Timeline {
  const marks: { readonly order: number; readonly event: number }[] = [];
  const endless: number[] = [];
  for (const [index, { begin, end }] of operations.entries()) {
    marks.push({ order: begin, event: index + 1 });
    if (end === Infinity) endless.push(index);
    else marks.push({ order: end, event: -(index + 1) });
  }
  marks.sort((a, b) => a.order - b.order);
  const events = Int32Array.from(marks, ({ event }) => event);
  const rank = new Int32Array(operations.length);
  const slot = new Int32Array(operations.length).fill(-1);
  const free: number[] = [];
  let [slots, returned] = [0, 0];
  for (const event of events) {
    const index = Math.abs(event) - 1;
    if (operations[index]?.end === Infinity) continue;
    if (event > 0) {
      slot[index] = free.pop() ?? slots++;
    } else {
      rank[index] = returned++;
      free.push(slot[index] ?? 0);
    }
  }
  for (const index of endless) rank[index] = returned++;
  return { events, rank, slot, slots, endless: Int32Array.from(endless) };
}

/** Which operations are open at an event. */
export class Cursor {
  /** Operation in each slot, or -1. */
  readonly open: Int32Array;
  /** How many of `timeline.endless` have been invoked. */
  endlessOpen = 0;
  /** The event that comes next. */
  event = 0;
  readonly #timeline: Timeline;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    this.open = new Int32Array(timeline.slots).fill(-1);
  }

  /** Goes on to the next return of an operation that is not `done`; -1 when there is none. */
  advance(done: Uint8Array): number {
    const { events, slot } = this.#timeline;
    for (; this.event < events.length; this.event++) {
      const event = events[this.event] ?? 0;
      const index = Math.abs(event) - 1;
      const at = slot[index] ?? -1;
      if (event > 0) {
        if (at < 0) this.endlessOpen += 1;
        else this.open[at] = index;
      } else {
        if (done[index] === 0) return index;
        this.open[at] = -1;
      }
    }
    return -1;
  }

  goBackTo(target: number): void {
    const { events, slot } = this.#timeline;
    while (this.event > target) {
      this.event -= 1;
      const event = events[this.event] ?? 0;
      const index = Math.abs(event) - 1;
      const at = slot[index] ?? -1;
      if (event < 0) this.open[at] = index;
      else if (at < 0) this.endlessOpen -= 1;
      else this.open[at] = -1;
    }
  }
}
