import { EventQueue } from "#main/kernel/event-queue.ts";
import type { Micros } from "#main/kernel/time.ts";
import { PendingSlab } from "./pending.ts";

/** Any odd number makes the multiplication a bijection of 32-bit integers; this one spreads well. */
const SPREAD = 0x9e3779b1;

/**
 * What is due when. Events at the same time come out in a scrambled but fixed order (a bijection
 * of their sequence numbers, chosen by the seed), so that no node can come to rely on first in,
 * first out.
 */
export class Agenda {
  readonly pending = new PendingSlab();
  readonly #queue = new EventQueue();
  readonly #scramble: number;
  #sequence = 0;

  constructor(scramble: number) {
    this.#scramble = scramble;
  }

  get nextTime(): Micros {
    return this.#queue.nextTime;
  }

  /** `handle` comes from `pending.allocate`. */
  push(at: Micros, handle: number): void {
    const sequence = this.#sequence++;
    this.pending.dueAt[handle] = at;
    this.#queue.push(at, Math.imul(sequence ^ this.#scramble, SPREAD), handle);
  }

  pop(): number {
    return this.#queue.pop();
  }
}
