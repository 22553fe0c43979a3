import { assert } from "#main/kernel/assert.ts";
import type { Operation, SearchedObject, Value } from "../types.ts";
import type { RegisterCall } from "./calls.ts";

/** What the memo knows the state as when nothing left can tell it from any other. */
const UNSEEN = -1;

type Code = 0 | 1 | 2 | 3;
const READ: Code = 0;
const WRITE: Code = 1;
const SWAP: Code = 2;
const REFUSED: Code = 3;
const CODES: Readonly<Record<RegisterCall["kind"], Code>> = {
  read: READ,
  write: WRITE,
  swap: SWAP,
  refused: REFUSED,
};

/**
 * A register during a search. Beside the value it counts, per value, who still needs it and who
 * can still bring it. A value is **unseen** when no operation left needs it or could use it, and
 * none is left that was refused (for those any other value will do).
 */
export class RegisterObject implements SearchedObject {
  readonly stateWords = 1;
  dead = false;
  #state: number;
  readonly #code: Uint8Array;
  /** The value written or read, or the one that a swap expects. */
  readonly #first: Int32Array;
  /** The value that a swap brings. */
  readonly #second: Int32Array;
  readonly #optional: Uint8Array;
  readonly #classes: Int32Array;
  /** Operations left, per value: definite ones that must find it, … */
  readonly #needs: Int32Array;
  /** … swaps of unknown outcome that would find it, … */
  readonly #mayUse: Int32Array;
  /** … and operations that bring it. */
  readonly #brings: Int32Array;
  #needsLeft = 0;
  #refusedLeft = 0;

  constructor(operations: readonly Operation<RegisterCall>[], initial: Value) {
    const ids = new Map<Value, number>();
    const idOf = (value: Value): number => {
      const id = ids.get(value) ?? ids.size;
      ids.set(value, id);
      return id;
    };
    this.#state = idOf(initial);
    this.#code = Uint8Array.from(operations, ({ call }) => CODES[call.kind]);
    this.#first = Int32Array.from(operations, ({ call }) => idOf(firstOf(call)));
    this.#second = Int32Array.from(operations, ({ call }) =>
      call.kind === "swap" ? idOf(call.to) : 0,
    );
    this.#optional = Uint8Array.from(operations, ({ end }) => (end === Infinity ? 1 : 0));
    this.#classes = this.#classify();
    this.#needs = new Int32Array(ids.size);
    this.#mayUse = new Int32Array(ids.size);
    this.#brings = new Int32Array(ids.size);
    for (let op = 0; op < operations.length; op++) this.#count(op, 1);
  }

  writeState(into: Int32Array, at: number): void {
    into[at] = this.#isUnseen(this.#state) ? UNSEEN : this.#state;
  }

  settled(): boolean {
    return this.#needsLeft === 0 && this.#refusedLeft === 0;
  }

  hopeless(): boolean {
    return this.#needs.some(
      (needs, value) => needs > 0 && this.#brings[value] === 0 && value !== this.#state,
    );
  }

  allows(op: number): boolean {
    const code = this.#code[op];
    if (code === WRITE) return true;
    return (this.#first[op] === this.#state) === (code !== REFUSED);
  }

  apply(op: number): number {
    const before = this.#state;
    this.#count(op, -1);
    const code = this.#code[op];
    if (code === WRITE) this.#state = this.#first[op] ?? 0;
    else if (code === SWAP) this.#state = this.#second[op] ?? 0;
    if (this.#state !== before && (this.#needs[before] ?? 0) > 0 && this.#brings[before] === 0) {
      this.dead = true;
    }
    return before;
  }

  undo(op: number, saved: number): void {
    this.#state = saved;
    this.#count(op, 1);
  }

  isFree(op: number): boolean {
    const code = this.#code[op];
    if (code === READ || code === REFUSED) return this.allows(op);
    return this.#isUnseenWrite(op) && this.#optional[op] === 0 && this.#isUnseen(this.#state);
  }

  canWait(op: number): boolean {
    return this.#isUnseenWrite(op);
  }

  goesUnder(op: number, other: number): boolean {
    return this.#code[other] === WRITE && this.#isUnseenWrite(op);
  }

  isForgotten(op: number): boolean {
    return this.#isUnseenWrite(op);
  }

  observes(): boolean {
    return true;
  }

  distance(op: number, waiting: number): number {
    if (op === waiting || this.#code[waiting] === WRITE) return 0;
    const brought = this.#code[op] === WRITE ? this.#first[op] : this.#second[op];
    return brought === this.#first[waiting] ? 0 : 1;
  }

  classOf(op: number): number {
    return this.#classes[op] ?? 0;
  }

  #isUnseenWrite(op: number): boolean {
    return this.#code[op] === WRITE && this.#isUnseen(this.#first[op] ?? 0);
  }

  #isUnseen(value: number): boolean {
    return this.#refusedLeft === 0 && this.#needs[value] === 0 && this.#mayUse[value] === 0;
  }

  #count(op: number, by: 1 | -1): void {
    const first = this.#first[op] ?? 0;
    const code = this.#code[op];
    if (code === REFUSED) {
      this.#refusedLeft += by;
    } else if (code === WRITE) {
      bump(this.#brings, first, by);
    } else if (this.#optional[op] === 1) {
      assert(code === SWAP, "a read of unknown outcome has no effect");
      bump(this.#mayUse, first, by);
    } else {
      bump(this.#needs, first, by);
      this.#needsLeft += by;
    }
    if (code === SWAP) bump(this.#brings, this.#second[op] ?? 0, by);
  }

  #classify(): Int32Array {
    const classes = new Map<string, number>();
    return Int32Array.from(this.#code, (code, op) => {
      const name = `${code} ${this.#first[op]} ${this.#second[op]}`;
      const known = classes.get(name) ?? classes.size;
      classes.set(name, known);
      return known;
    });
  }
}

function firstOf(call: RegisterCall): Value {
  return call.kind === "swap" || call.kind === "refused" ? call.from : call.value;
}

function bump(counts: Int32Array, at: number, by: number): void {
  counts[at] = (counts[at] ?? 0) + by;
}
