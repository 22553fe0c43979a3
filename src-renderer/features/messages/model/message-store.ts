import { MESSAGE_OUTCOMES, type TraceBatch } from "#shared/contract/trace.ts";
import { type Columns, copyRows, makeColumns, moveRows, type RowRange } from "./columns.ts";
import { Names } from "./names.ts";

/** Messages held at once: memory of about 8 MB, and what a paint can still cull in a millisecond. */
export const MAX_MESSAGES = 200_000;
/** Rows that share one entry of the index of ends. */
const BLOCK_ROWS = 256;
/** Assumed where no message was delivered yet, microseconds. */
const GUESSED_LATENCY_US = 1_000;
/** Latencies that the typical one is taken from. */
const LATENCY_SAMPLES = 1_001;
const IN_FLIGHT = MESSAGE_OUTCOMES.indexOf("in-flight");

/** What a merge did to the rows. */
export interface Merged {
  readonly added: number;
  /** Of messages that were there already, with another outcome or arrival than before. */
  readonly changed: number;
  /** Rows of this end of time gave way; absent: all fitted. */
  readonly dropped: "oldest" | "newest" | undefined;
}

/**
 * Messages by their serial number, which is the order of sending: rows are sorted by `serial` and
 * by `sentAt` at once. Batches may overlap and come in any order; a message is held once, with the
 * last outcome that was heard of it.
 */
export class MessageStore {
  readonly nodes = new Names();
  readonly kinds = new Names();
  readonly #capacity: number;
  #columns: Columns;
  #count = 0;
  #version = 0;
  #ends: { readonly version: number; readonly blocks: Float64Array } | undefined;
  #latency: { readonly version: number; readonly us: number } | undefined;

  constructor(capacity = MAX_MESSAGES) {
    this.#capacity = capacity;
    this.#columns = makeColumns(Math.min(capacity, 4_096));
  }

  get count(): number {
    return this.#count;
  }

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  /** Rows at and beyond `count` are rubbish. */
  get columns(): Columns {
    return this.#columns;
  }

  /** Rows without serial numbers (an older host) cannot be told apart: they are not taken. */
  merge(batch: TraceBatch): Merged {
    const rows = this.#readBatch(batch);
    if (rows.count === 0) return { added: 0, changed: 0, dropped: undefined };
    const first = rows.columns.serial[0] ?? 0;
    const tail = this.firstSerial(first);
    const before = this.#count;
    const changed = tail === before ? this.#append(rows) : this.#interleave(rows, tail);
    const added = this.#count - before;
    const middle = rows.columns.sentAt[rows.count >> 1] ?? 0;
    const dropped = this.#makeRoom(middle);
    if (added > 0 || changed > 0) this.#version += 1;
    return { added, changed, dropped };
  }

  clear(): void {
    this.#count = 0;
    this.#version += 1;
  }

  /** The first row sent at or after `at`; `count` where there is none. */
  firstSince(at: number): number {
    return lowerBound(this.#columns.sentAt, this.#count, at);
  }

  /** The first row with this serial number or a later one. */
  firstSerial(serial: number): number {
    return lowerBound(this.#columns.serial, this.#count, serial);
  }

  /** -1: it is not held. */
  rowOf(serial: number): number {
    const row = this.firstSerial(serial);
    return row < this.#count && this.#columns.serial[row] === serial ? row : -1;
  }

  /** Where a message's line ends: its arrival, or where it would have arrived typically. */
  endOf(row: number): number {
    const arrived = this.#columns.arrivedAt[row] ?? -1;
    return arrived >= 0 ? arrived : (this.#columns.sentAt[row] ?? 0) + this.typicalLatency;
  }

  /** The median latency of messages that were delivered, microseconds. */
  get typicalLatency(): number {
    if (this.#latency === undefined || isStale(this.#latency.version, this.#version)) {
      this.#latency = { version: this.#version, us: this.#medianLatency() };
      this.#ends = undefined;
    }
    return this.#latency.us;
  }

  /**
   * Rows whose line touches `from … to`, written into `out`; returns how many. Blocks that ended
   * before are skipped whole, so a few slow messages do not make every query slow.
   */
  collect(window: { readonly from: number; readonly to: number }, out: Uint32Array): number {
    const { from, to } = window;
    const end = this.firstSince(to + 1);
    const ends = this.#blockEnds();
    const latency = this.typicalLatency;
    const { sentAt, arrivedAt } = this.#columns;
    let found = 0;
    for (let begin = 0; begin < end; begin += BLOCK_ROWS) {
      if ((ends[begin / BLOCK_ROWS] ?? 0) < from) continue;
      const stop = Math.min(end, begin + BLOCK_ROWS);
      for (let row = begin; row < stop; row += 1) {
        const arrived = arrivedAt[row] ?? -1;
        if ((arrived >= 0 ? arrived : (sentAt[row] ?? 0) + latency) >= from) out[found++] = row;
      }
    }
    return found;
  }

  #blockEnds(): Float64Array {
    const latency = this.typicalLatency;
    if (this.#ends?.version === this.#version) return this.#ends.blocks;
    const { sentAt, arrivedAt } = this.#columns;
    const blocks = new Float64Array(Math.ceil(this.#count / BLOCK_ROWS));
    for (let row = 0; row < this.#count; row += 1) {
      const arrived = arrivedAt[row] ?? -1;
      const end = arrived >= 0 ? arrived : (sentAt[row] ?? 0) + latency;
      const block = Math.floor(row / BLOCK_ROWS);
      if (end > (blocks[block] ?? 0)) blocks[block] = end;
    }
    this.#ends = { version: this.#version, blocks };
    return blocks;
  }

  #medianLatency(): number {
    const { sentAt, arrivedAt } = this.#columns;
    const stride = Math.max(1, Math.floor(this.#count / LATENCY_SAMPLES));
    const taken: number[] = [];
    for (let row = 0; row < this.#count; row += stride) {
      const arrived = arrivedAt[row] ?? -1;
      if (arrived >= 0) taken.push(arrived - (sentAt[row] ?? 0));
    }
    taken.sort((a, b) => a - b);
    return Math.max(1, taken[taken.length >> 1] ?? GUESSED_LATENCY_US);
  }

  /** Checked, in order of serial numbers, and with our own numbers for nodes and kinds. */
  #readBatch(batch: TraceBatch): Rows {
    const { serial = [] } = batch;
    const nodes = batch.nodes.map((name) => this.nodes.indexOf(name));
    const kinds = batch.kinds.map((name) => this.kinds.indexOf(name));
    const columns = makeColumns(serial.length);
    const order = inOrder(serial) ? undefined : sortedBySerial(serial);
    let count = 0;
    for (let index = 0; index < serial.length; index += 1) {
      const at = order?.[index] ?? index;
      const from = nodes[batch.from[at] ?? -1];
      const to = nodes[batch.to[at] ?? -1];
      const kind = kinds[batch.kind[at] ?? -1];
      const sentAt = batch.sentAt[at] ?? Number.NaN;
      const again = count > 0 && columns.serial[count - 1] === serial[at];
      if (from === undefined || to === undefined || kind === undefined) continue;
      if (!Number.isFinite(sentAt) || again) continue;
      columns.serial[count] = serial[at] ?? 0;
      columns.sentAt[count] = sentAt;
      columns.arrivedAt[count] = batch.arrivedAt[at] ?? -1;
      columns.from[count] = from;
      columns.to[count] = to;
      columns.kind[count] = kind;
      columns.bytes[count] = batch.bytes[at] ?? 0;
      columns.outcome[count] = batch.outcome[at] ?? IN_FLIGHT;
      count += 1;
    }
    return { columns, count };
  }

  #append(rows: Rows): number {
    this.#reserve(this.#count + rows.count);
    copyRows(this.#columns, this.#count, rows.columns, { begin: 0, end: rows.count });
    this.#count += rows.count;
    return 0;
  }

  /** Merges two sorted runs: ours from `tail` on, and the batch. Returns how many rows changed. */
  #interleave(rows: Rows, tail: number): number {
    const ours = makeColumns(this.#count - tail);
    const oursCount = this.#count - tail;
    copyRows(ours, 0, this.#columns, { begin: tail, end: this.#count });
    this.#reserve(this.#count + rows.count);
    const target = this.#columns;
    let [changed, mine, theirs, at] = [0, 0, 0, tail];
    while (mine < oursCount || theirs < rows.count) {
      const left = mine < oursCount ? (ours.serial[mine] ?? 0) : Number.POSITIVE_INFINITY;
      const right =
        theirs < rows.count ? (rows.columns.serial[theirs] ?? 0) : Number.POSITIVE_INFINITY;
      if (right < left) {
        copyRows(target, at, rows.columns, one(theirs));
        theirs += 1;
        at += 1;
        continue;
      }
      const range = left === right ? one(mine) : runOf(ours, mine, oursCount, right);
      copyRows(target, at, ours, range);
      at += range.end - range.begin;
      mine = range.end;
      if (left === right) {
        changed += update(target, at - 1, rows.columns, theirs) ? 1 : 0;
        theirs += 1;
      }
    }
    this.#count = at;
    return changed;
  }

  /** Drops what is over the capacity, from the end of time that is further from `middle`. */
  #makeRoom(middle: number): Merged["dropped"] {
    const excess = this.#count - this.#capacity;
    if (excess <= 0) return undefined;
    const { sentAt } = this.#columns;
    const toOldest = middle - (sentAt[0] ?? 0);
    const toNewest = (sentAt[this.#count - 1] ?? 0) - middle;
    this.#count = this.#capacity;
    if (toOldest < toNewest) return "newest";
    moveRows(this.#columns, 0, { begin: excess, end: this.#count + excess });
    return "oldest";
  }

  #reserve(rows: number): void {
    if (rows <= this.#columns.serial.length) return;
    const grown = makeColumns(Math.max(rows, this.#columns.serial.length * 2));
    copyRows(grown, 0, this.#columns, { begin: 0, end: this.#count });
    this.#columns = grown;
  }
}

interface Rows {
  readonly columns: Columns;
  readonly count: number;
}

/** Our rows from `begin` on before serial `limit`: copied in one go. */
function runOf(ours: Columns, begin: number, count: number, limit: number): RowRange {
  let end = begin + 1;
  while (end < count && (ours.serial[end] ?? 0) < limit) end += 1;
  return { begin, end };
}

function one(row: number): RowRange {
  return { begin: row, end: row + 1 };
}

/** An outcome is never taken back: news that a message is under way may be older than its end. */
function update(target: Columns, row: number, source: Columns, at: number): boolean {
  const outcome = source.outcome[at] ?? IN_FLIGHT;
  const arrivedAt = source.arrivedAt[at] ?? -1;
  if (outcome === IN_FLIGHT) return false;
  if (target.outcome[row] === outcome && target.arrivedAt[row] === arrivedAt) return false;
  target.outcome[row] = outcome;
  target.arrivedAt[row] = arrivedAt;
  return true;
}

/** The typical latency moves slowly: it is looked at again after so many changes. */
const LATENCY_EVERY = 16;

function isStale(then: number, now: number): boolean {
  return now < then || now - then >= LATENCY_EVERY;
}

function lowerBound(sorted: Float64Array, count: number, value: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function inOrder(serial: readonly number[]): boolean {
  for (let at = 1; at < serial.length; at += 1) {
    if ((serial[at] ?? 0) <= (serial[at - 1] ?? 0)) return false;
  }
  return true;
}

function sortedBySerial(serial: readonly number[]): readonly number[] {
  return serial.map((_, at) => at).sort((a, b) => (serial[a] ?? 0) - (serial[b] ?? 0));
}
