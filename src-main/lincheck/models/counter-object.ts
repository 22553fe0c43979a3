import type { Operation, SearchedObject } from "../types.ts";
import type { CounterCall } from "./calls.ts";

const TWO_TO_32 = 0x1_0000_0000;

/**
 * A counter during a search. A configuration is dead when some read left is out of reach even if all
 * that adds to the value, or takes from it, came first.
 */
export class CounterObject implements SearchedObject {
  readonly stateWords = 2;
  dead = false;
  #value: number;
  /** What an addition adds; what a read saw. */
  readonly #amount: Float64Array;
  readonly #isRead: Uint8Array;
  readonly #classes: Int32Array;
  /** Sums of what is left to add and to take away. */
  #toAdd = 0;
  #toTake = 0;
  #readsLeft = 0;
  /** Reads in the order of what they saw; the first and last that are left. */
  readonly #reads: Int32Array;
  readonly #rank: Int32Array;
  readonly #done: Uint8Array;
  #lowest = 0;
  #highest: number;

  constructor(operations: readonly Operation<CounterCall>[], initial: number) {
    this.#value = initial;
    this.#isRead = Uint8Array.from(operations, ({ call }) => (call.kind === "read" ? 1 : 0));
    this.#amount = Float64Array.from(operations, ({ call }) =>
      call.kind === "read" ? call.value : call.by,
    );
    const indices = [...operations.keys()];
    const reads = indices.filter((op) => this.#isRead[op] === 1);
    reads.sort((a, b) => (this.#amount[a] ?? 0) - (this.#amount[b] ?? 0));
    this.#reads = Int32Array.from(reads);
    this.#rank = new Int32Array(operations.length);
    for (const [rank, op] of reads.entries()) this.#rank[op] = rank;
    this.#highest = reads.length - 1;
    this.#done = new Uint8Array(operations.length);
    this.#classes = this.#classify();
    for (const op of indices) this.#count(op, 1);
  }

  writeState(into: Int32Array, at: number): void {
    into[at] = this.#value | 0;
    into[at + 1] = Math.floor(this.#value / TWO_TO_32);
  }

  settled(): boolean {
    return this.#readsLeft === 0;
  }

  hopeless(): boolean {
    return this.#isOutOfReach();
  }

  allows(op: number): boolean {
    return this.#isRead[op] === 0 || this.#amount[op] === this.#value;
  }

  apply(op: number): number {
    this.#count(op, -1);
    this.#done[op] = 1;
    if (this.#isRead[op] === 0) {
      this.#value += this.#amount[op] ?? 0;
      this.dead ||= this.#isOutOfReach();
    }
    return 0;
  }

  undo(op: number): void {
    this.#count(op, 1);
    this.#done[op] = 0;
    if (this.#isRead[op] === 0) {
      this.#value -= this.#amount[op] ?? 0;
    } else {
      const rank = this.#rank[op] ?? 0;
      this.#lowest = Math.min(this.#lowest, rank);
      this.#highest = Math.max(this.#highest, rank);
    }
  }

  isFree(op: number): boolean {
    return this.#isRead[op] === 0 ? this.#amount[op] === 0 : this.allows(op);
  }

  canWait(): boolean {
    return false;
  }

  goesUnder(): boolean {
    return false;
  }

  isForgotten(): boolean {
    return false;
  }

  observes(op: number): boolean {
    return this.#isRead[op] === 1;
  }

  distance(op: number, waiting: number): number {
    if (this.#isRead[waiting] === 0) return 0;
    return Math.abs(this.#value + (this.#amount[op] ?? 0) - (this.#amount[waiting] ?? 0));
  }

  classOf(op: number): number {
    return this.#classes[op] ?? 0;
  }

  #isOutOfReach(): boolean {
    if (this.#readsLeft === 0) return false;
    const reads = this.#reads;
    while (this.#done[reads[this.#lowest] ?? 0] === 1) this.#lowest += 1;
    while (this.#done[reads[this.#highest] ?? 0] === 1) this.#highest -= 1;
    const lowest = this.#amount[reads[this.#lowest] ?? 0] ?? 0;
    const highest = this.#amount[reads[this.#highest] ?? 0] ?? 0;
    return lowest < this.#value + this.#toTake || highest > this.#value + this.#toAdd;
  }

  #count(op: number, by: 1 | -1): void {
    const amount = this.#amount[op] ?? 0;
    if (this.#isRead[op] === 1) this.#readsLeft += by;
    else if (amount > 0) this.#toAdd += by * amount;
    else this.#toTake += by * amount;
  }

  #classify(): Int32Array {
    const classes = new Map<string, number>();
    return Int32Array.from(this.#amount, (amount, op) => {
      const name = `${this.#isRead[op]} ${amount}`;
      const known = classes.get(name) ?? classes.size;
      classes.set(name, known);
      return known;
    });
  }
}
