import type { Operation, SearchedObject, Value } from "../types.ts";
import type { SetCall } from "./calls.ts";

const ADD = 0;
const REMOVE = 1;
const CONTAINS = 2;
const READ = 3;
const CODES: Readonly<Record<SetCall["kind"], number>> = {
  add: ADD,
  remove: REMOVE,
  contains: CONTAINS,
  read: READ,
};

/**
 * A set during a search. Per element it counts, among the operations left, who must see it in,
 * who must see it out, and who can still add or remove it. Where those counts are zero, additions
 * and removals go unnoticed; a history that only adds different elements is so checked without
 * ever trying two orders.
 */
export class SetObject implements SearchedObject {
  readonly stateWords: number;
  dead = false;
  readonly #in: Uint8Array;
  readonly #code: Uint8Array;
  /** The element; for a read, the place of its list in `#reads`. */
  readonly #element: Int32Array;
  readonly #found: Uint8Array;
  /** Per read and element: 1 in, 0 out, 2 not looked at. */
  readonly #reads: readonly Uint8Array[];
  readonly #classes: Int32Array;
  readonly #seeIn: Int32Array;
  readonly #seeOut: Int32Array;
  readonly #adds: Int32Array;
  readonly #removes: Int32Array;
  #observersLeft = 0;
  /**
   * Elements that are both added and removed, or perhaps changed by an operation of unknown
   * outcome: the definite operations placed do not fix whether they are in.
   */
  readonly #contested: Int32Array;

  constructor(operations: readonly Operation<SetCall>[], initial: ReadonlySet<Value>) {
    const ids = numberElements(operations, initial);
    const idOf = (value: Value): number => ids.get(value) ?? 0;
    this.#in = new Uint8Array(ids.size);
    for (const element of initial) this.#in[idOf(element)] = 1;
    this.#code = Uint8Array.from(operations, ({ call }) => CODES[call.kind]);
    this.#found = Uint8Array.from(operations, ({ call }) =>
      call.kind === "contains" && call.found ? 1 : 0,
    );
    const reads: Uint8Array[] = [];
    this.#element = Int32Array.from(operations, ({ call }) =>
      call.kind === "read" ? reads.push(readPattern(call, ids)) - 1 : idOf(call.element),
    );
    this.#reads = reads;
    this.#classes = this.#classify();
    this.#seeIn = new Int32Array(ids.size);
    this.#seeOut = new Int32Array(ids.size);
    this.#adds = new Int32Array(ids.size);
    this.#removes = new Int32Array(ids.size);
    for (let op = 0; op < operations.length; op++) this.#count(op, 1);
    const unsure = new Uint8Array(ids.size);
    for (const [op, { end }] of operations.entries()) {
      if (end === Infinity && this.#code[op] !== READ) unsure[at(this.#element, op)] = 1;
    }
    this.#contested = Int32Array.from(ids.values()).filter((element) => {
      const both = at(this.#adds, element) > 0 && at(this.#removes, element) > 0;
      return both || unsure[element] === 1;
    });
    this.stateWords = Math.ceil(this.#contested.length / 32);
  }

  writeState(into: Int32Array, start: number): void {
    for (let i = 0; i < this.#contested.length; i++) {
      const element = at(this.#contested, i);
      if (this.#in[element] === 0 || this.#isUnseen(element)) continue;
      const word = start + (i >>> 5);
      into[word] = at(into, word) | (1 << (i & 31));
    }
  }

  settled(): boolean {
    return this.#observersLeft === 0;
  }

  hopeless(): boolean {
    return this.#in.some((_in, element) => this.#isStuck(element));
  }

  allows(op: number): boolean {
    const code = this.#code[op];
    const element = at(this.#element, op);
    if (code === ADD || code === REMOVE) return true;
    if (code === CONTAINS) return this.#in[element] === this.#found[op];
    const pattern = this.#reads[element] ?? this.#in;
    for (let i = 0; i < pattern.length; i++) {
      if (pattern[i] !== this.#in[i] && pattern[i] !== 2) return false;
    }
    return true;
  }

  apply(op: number): number {
    this.#count(op, -1);
    const code = this.#code[op];
    if (code === CONTAINS || code === READ) return 0;
    const element = at(this.#element, op);
    const before = at(this.#in, element);
    this.#in[element] = code === ADD ? 1 : 0;
    this.dead ||= this.#isStuck(element);
    return before;
  }

  undo(op: number, saved: number): void {
    this.#count(op, 1);
    const code = this.#code[op];
    if (code === ADD || code === REMOVE) this.#in[at(this.#element, op)] = saved;
  }

  isFree(op: number): boolean {
    const code = this.#code[op];
    const element = at(this.#element, op);
    if (code === ADD) return at(this.#seeOut, element) === 0 && at(this.#removes, element) === 0;
    if (code === REMOVE) return at(this.#seeIn, element) === 0 && at(this.#adds, element) === 0;
    return this.allows(op);
  }

  canWait(op: number): boolean {
    const code = this.#code[op];
    if (code === ADD) return at(this.#seeIn, at(this.#element, op)) === 0;
    return code === REMOVE && at(this.#seeOut, at(this.#element, op)) === 0;
  }

  goesUnder(op: number, other: number): boolean {
    const [code, over] = [this.#code[op], this.#code[other]];
    const opposite = (code === ADD && over === REMOVE) || (code === REMOVE && over === ADD);
    return opposite && this.#element[op] === this.#element[other] && this.canWait(op);
  }

  isForgotten(op: number): boolean {
    const code = this.#code[op];
    return (code === ADD || code === REMOVE) && this.#isUnseen(at(this.#element, op));
  }

  observes(): boolean {
    return true;
  }

  distance(): number {
    return 0;
  }

  classOf(op: number): number {
    return this.#classes[op] ?? 0;
  }

  #isUnseen(element: number): boolean {
    return at(this.#seeIn, element) === 0 && at(this.#seeOut, element) === 0;
  }

  /** Somebody left must see it otherwise, and nobody left can bring that about. */
  #isStuck(element: number): boolean {
    return this.#in[element] === 1
      ? at(this.#seeOut, element) > 0 && at(this.#removes, element) === 0
      : at(this.#seeIn, element) > 0 && at(this.#adds, element) === 0;
  }

  #count(op: number, by: 1 | -1): void {
    const code = this.#code[op];
    const element = at(this.#element, op);
    if (code === ADD) bump(this.#adds, element, by);
    else if (code === REMOVE) bump(this.#removes, element, by);
    else this.#observersLeft += by;
    if (code === CONTAINS) {
      bump(this.#found[op] === 1 ? this.#seeIn : this.#seeOut, element, by);
    } else if (code === READ) {
      const pattern = this.#reads[element] ?? this.#in;
      for (let i = 0; i < pattern.length; i++) {
        if (pattern[i] === 1) bump(this.#seeIn, i, by);
        else if (pattern[i] === 0) bump(this.#seeOut, i, by);
      }
    }
  }

  #classify(): Int32Array {
    const classes = new Map<string, number>();
    return Int32Array.from(this.#code, (code, op) => {
      const name = `${code} ${this.#element[op]} ${this.#found[op]}`;
      const known = classes.get(name) ?? classes.size;
      classes.set(name, known);
      return known;
    });
  }
}

function numberElements(
  operations: readonly Operation<SetCall>[],
  initial: ReadonlySet<Value>,
): ReadonlyMap<Value, number> {
  const ids = new Map<Value, number>();
  const note = (value: Value): void => {
    if (!ids.has(value)) ids.set(value, ids.size);
  };
  initial.forEach(note);
  for (const { call } of operations) {
    if (call.kind === "read") call.elements.forEach(note);
    else note(call.element);
  }
  return ids;
}

function readPattern(
  call: Extract<SetCall, { kind: "read" }>,
  ids: ReadonlyMap<Value, number>,
): Uint8Array {
  const pattern = new Uint8Array(ids.size);
  for (const [element, id] of ids) {
    if (call.elements.has(element)) pattern[id] = 1;
    else if (call.looked !== undefined && !call.looked.has(element)) pattern[id] = 2;
  }
  return pattern;
}

function at(words: Int32Array | Uint8Array, index: number): number {
  return words[index] ?? 0;
}

function bump(counts: Int32Array, index: number, by: number): void {
  counts[index] = (counts[index] ?? 0) + by;
}
