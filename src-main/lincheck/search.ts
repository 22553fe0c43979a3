/**
 * Is there an order of the operations, each between its invocation and its return, in which a
 * sequential object gives the same answers? Wing and Gong's search (1993) with Lowe's memory of
 * configurations (2017): depth first, iterative, and exact.
 *
 * A configuration is the next return whose operation is not yet placed, which of the open
 * operations are placed already, and the state. Only an operation invoked before that return can
 * be placed next. On top of that come reductions; each keeps at least one order that works, if any
 * order works from the configuration at hand:
 *
 * - **Free** operations are placed at once: reads that see what the state is, and operations that
 *   nothing left can notice.
 * - **Twins**: of open operations that mean the same, the one that returns first goes first; in an
 *   order that works the two can swap places.
 * - **Waiting**: what nothing left would notice, such as a write of a value that nobody reads, is
 *   placed when it returns, or unseen under the next write.
 * - **Unobserved** operations that commute go in the order of their returns.
 * - **Dead** ends: a value overwritten that is still to be read and that nobody writes any more.
 */
import { assert } from "#main/kernel/assert.ts";
import { Memo } from "./memo.ts";
import { Cursor, type Timeline, timelineOf } from "./timeline.ts";
import type { Operation, SearchedObject } from "./types.ts";
import type { MemoPool } from "./word-table.ts";

export type Answer = "linearizable" | "not-linearizable";

/** A configuration on the way down, and which of its continuations were tried. */
interface Frame {
  readonly event: number;
  /** Operations placed. */
  readonly mark: number;
  /** Where its candidates begin in the stack of all; they are tried from the end. */
  readonly candidates: number;
}

export class Search {
  /** Placements tried. */
  steps = 0;
  /** Different configurations met. */
  states = 0;
  answer: Answer | undefined;
  readonly #timeline: Timeline;
  readonly #cursor: Cursor;
  readonly #object: SearchedObject;
  readonly #memo: Memo;
  readonly #key: Int32Array;
  readonly #maskAt: number;
  readonly #endlessAt: number;
  readonly #done: Uint8Array;
  readonly #placed: number[] = [];
  readonly #saved: number[] = [];
  readonly #frames: Frame[] = [];
  /** What the frames have still to try. */
  readonly #candidates: number[] = [];
  /** Best rank of a class among the open operations; valid where the stamp is the present one. */
  readonly #firstOfClass: Int32Array;
  readonly #classStamp: Int32Array;
  #stamp = 0;

  /** Operations in the order of their invocations; pure ones must return. */
  constructor(operations: readonly Operation<unknown>[], object: SearchedObject, pool: MemoPool) {
    this.#timeline = timelineOf(operations);
    this.#cursor = new Cursor(this.#timeline);
    this.#object = object;
    this.#maskAt = 1 + object.stateWords;
    this.#endlessAt = this.#maskAt + wordsFor(this.#timeline.slots);
    const endlessWords = wordsFor(this.#timeline.endless.length);
    this.#key = new Int32Array(this.#endlessAt + endlessWords);
    this.#memo = new Memo(this.#endlessAt, endlessWords, pool);
    this.#done = new Uint8Array(operations.length);
    this.#firstOfClass = new Int32Array(operations.length);
    this.#classStamp = new Int32Array(operations.length);
    if (object.hopeless()) this.answer = "not-linearizable";
    else this.#descend();
  }

  /** Goes on for about that many steps; `undefined` when there is more to do. */
  run(steps: number): Answer | undefined {
    const limit = this.steps + steps;
    while (this.answer === undefined && this.steps < limit) this.#step();
    if (this.answer !== undefined) this.#memo.release();
    return this.answer;
  }

  /** Gives up: no more steps can follow. */
  release(): void {
    this.#memo.release();
  }

  /** Indices of operations in an order that works; only when the answer is "linearizable". */
  order(): readonly number[] {
    assert(this.answer === "linearizable", "only a linearizable history has an order");
    const { rank, endless } = this.#timeline;
    const optional = new Set(endless);
    const rest = [...rank.keys()].filter((op) => this.#done[op] === 0 && !optional.has(op));
    return [...this.#placed, ...rest.sort((a, b) => (rank[a] ?? 0) - (rank[b] ?? 0))];
  }

  #step(): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) {
      this.answer = "not-linearizable";
      return;
    }
    if (this.#candidates.length === frame.candidates) {
      this.#frames.pop();
      const parent = this.#frames.at(-1);
      if (parent !== undefined) this.#backTo(parent);
      return;
    }
    this.steps += 1;
    this.#placeWithUnseen(this.#candidates.pop() ?? 0);
    if (this.#object.dead || !this.#descend()) this.#backTo(frame);
  }

  /** Places all that is free and opens a frame; `false` where the search has been before. */
  #descend(): boolean {
    let waiting = -1;
    do {
      waiting = this.#cursor.advance(this.#done);
      this.#placeFree();
      if (this.#object.dead) return false;
      if (waiting < 0 || this.#object.settled()) {
        this.answer = "linearizable";
        return true;
      }
    } while (this.#done[waiting] !== 0);
    this.#writeKey();
    if (!this.#memo.add(this.#key)) return false;
    this.states += 1;
    const candidates = this.#candidates.length;
    this.#frames.push({ event: this.#cursor.event, mark: this.#placed.length, candidates });
    this.#pushCandidates(waiting);
    return true;
  }

  #placeFree(): void {
    const { open } = this.#cursor;
    for (let again = true; again; ) {
      again = false;
      for (const op of open) again = (op >= 0 && this.#placeIfFree(op)) || again;
      for (let i = 0; i < this.#cursor.endlessOpen; i++) {
        again = this.#placeIfFree(this.#timeline.endless[i] ?? 0) || again;
      }
    }
  }

  #placeIfFree(op: number): boolean {
    if (this.#done[op] !== 0 || !this.#object.isFree(op)) return false;
    this.#place(op);
    return true;
  }

  #placeWithUnseen(next: number): void {
    for (const op of this.#cursor.open) {
      if (op < 0 || op === next || this.#done[op] !== 0) continue;
      if (this.#object.goesUnder(op, next)) this.#place(op);
    }
    this.#place(next);
  }

  #place(op: number): void {
    this.#done[op] = 1;
    this.#placed.push(op);
    this.#saved.push(this.#object.apply(op));
  }

  #backTo({ event, mark }: Frame): void {
    while (this.#placed.length > mark) {
      const op = this.#placed.pop() ?? 0;
      this.#object.undo(op, this.#saved.pop() ?? 0);
      this.#done[op] = 0;
    }
    this.#object.dead = false;
    this.#cursor.goBackTo(event);
  }

  /** All open operations that are worth placing next; the most promising on top. */
  #pushCandidates(waiting: number): void {
    this.#stamp += 1;
    const { open, endlessOpen } = this.#cursor;
    const { endless } = this.#timeline;
    const from = this.#candidates.length;
    if (!this.#isObserved(open)) {
      this.#candidates.push(waiting);
      return;
    }
    for (const op of open) if (op >= 0) this.#noteClass(op);
    for (let i = 0; i < endlessOpen; i++) this.#noteClass(endless[i] ?? 0);
    for (const op of open) {
      if (op < 0 || !this.#isFirst(op)) continue;
      if (op === waiting || !this.#object.canWait(op)) this.#pushCandidate(op, from, waiting);
    }
    for (let i = 0; i < endlessOpen; i++) {
      const op = endless[i] ?? 0;
      if (!this.#isFirst(op) || this.#object.canWait(op)) continue;
      this.#pushCandidate(op, from, waiting);
    }
  }

  /** Something open can tell in which order the others are placed. */
  #isObserved(open: Int32Array): boolean {
    return open.some((op) => op >= 0 && this.#done[op] === 0 && this.#object.observes(op));
  }

  /** Keeps the candidates from `from` on sorted: far from what is wanted first, then late first. */
  #pushCandidate(op: number, from: number, waiting: number): void {
    const list = this.#candidates;
    const distance = this.#object.distance(op, waiting);
    let hole = list.push(op) - 1;
    for (; hole > from; hole--) {
      const other = list[hole - 1] ?? 0;
      const gap = this.#object.distance(other, waiting) - distance;
      if (gap > 0 || (gap === 0 && this.#rankOf(other) > this.#rankOf(op))) break;
      list[hole] = other;
    }
    list[hole] = op;
  }

  #noteClass(op: number): void {
    if (this.#done[op] !== 0) return;
    const kind = this.#object.classOf(op);
    const rank = this.#rankOf(op);
    if (this.#classStamp[kind] === this.#stamp && (this.#firstOfClass[kind] ?? 0) < rank) return;
    this.#classStamp[kind] = this.#stamp;
    this.#firstOfClass[kind] = rank;
  }

  /** It is to be placed, can be, and goes before its twins. */
  #isFirst(op: number): boolean {
    if (this.#done[op] !== 0) return false;
    const first = this.#firstOfClass[this.#object.classOf(op)] === this.#rankOf(op);
    return first && this.#object.allows(op);
  }

  #rankOf(op: number): number {
    return this.#timeline.rank[op] ?? 0;
  }

  #writeKey(): void {
    const { open, endlessOpen, event } = this.#cursor;
    const { endless } = this.#timeline;
    const key = this.#key;
    key.fill(0);
    key[0] = event;
    this.#object.writeState(key, 1);
    for (let slot = 0; slot < open.length; slot++) {
      const op = open[slot] ?? -1;
      if (op >= 0 && this.#done[op] !== 0) setBit(key, this.#maskAt, slot);
    }
    for (let i = 0; i < endlessOpen; i++) {
      const op = endless[i] ?? 0;
      if (this.#done[op] !== 0 || this.#object.isForgotten(op)) setBit(key, this.#endlessAt, i);
    }
  }
}

function wordsFor(bits: number): number {
  return Math.ceil(bits / 32);
}

function setBit(words: Int32Array, at: number, bit: number): void {
  const word = at + (bit >>> 5);
  words[word] = (words[word] ?? 0) | (1 << (bit & 31));
}
