import { MESSAGE_OUTCOMES, type MessageOutcome, type TraceBatch } from "#shared/contract/trace.ts";
import type { Micros } from "#main/kernel/time.ts";

const OUTCOME_INDEX = Object.fromEntries(
  MESSAGE_OUTCOMES.map((outcome, index) => [outcome, index]),
) as Readonly<Record<MessageOutcome, number>>;

export interface TraceQuery {
  /** Messages with this serial number or a later one. */
  readonly fromSerial: number;
  /** Only messages from or to one of these; absent: all. */
  readonly nodes?: ReadonlySet<number>;
  readonly limit: number;
}

export interface TraceWindow {
  /** Sent at or after `from`, at or before `to`. */
  readonly from: Micros;
  readonly to: Micros;
  readonly nodes?: ReadonlySet<number>;
  readonly limit: number;
}

export interface TraceRow {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly bytes: number;
  readonly sentAt: Micros;
}

/** So many marks are kept of when messages were sent; then every second one goes. */
const MAX_MARKS = 16_384;

/** The last messages that were sent, in columns. Older ones are overwritten. */
export class TraceRing {
  readonly #mask: number;
  readonly #sentAt: Float64Array;
  readonly #arrivedAt: Float64Array;
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  readonly #kind: Uint16Array;
  readonly #bytes: Uint32Array;
  readonly #outcome: Uint8Array;
  readonly #kindIndex = new Map<string, number>();
  readonly #kinds: string[] = [];
  /** When the messages with serial numbers 0, `#markEvery`, 2 × `#markEvery`, … were sent. */
  #marks: Micros[] = [];
  #markEvery = 64;
  #next = 0;

  /** `bits`: the ring keeps 2^bits messages. */
  constructor(bits: number) {
    const size = 2 ** bits;
    this.#mask = size - 1;
    this.#sentAt = new Float64Array(size);
    this.#arrivedAt = new Float64Array(size);
    this.#from = new Int32Array(size);
    this.#to = new Int32Array(size);
    this.#kind = new Uint16Array(size);
    this.#bytes = new Uint32Array(size);
    this.#outcome = new Uint8Array(size);
  }

  /** The serial number that the next message gets. */
  get nextSerial(): number {
    return this.#next;
  }

  /** Returns the message's serial number. */
  sent(message: { from: number; to: number; name: string; bytes: number }, at: Micros): number {
    const slot = this.#next & this.#mask;
    this.#sentAt[slot] = at;
    this.#arrivedAt[slot] = -1;
    this.#from[slot] = message.from;
    this.#to[slot] = message.to;
    this.#kind[slot] = this.#kindOf(message.name);
    this.#bytes[slot] = message.bytes;
    this.#outcome[slot] = OUTCOME_INDEX["in-flight"];
    if ((this.#next & (this.#markEvery - 1)) === 0) {
      this.#mark(at);
    }
    return this.#next++;
  }

  /** `undefined`: overwritten, or never sent. */
  row(serial: number): TraceRow | undefined {
    if (serial < this.#oldest || serial >= this.#next) {
      return undefined;
    }
    const slot = serial & this.#mask;
    return {
      from: this.#from[slot] ?? 0,
      to: this.#to[slot] ?? 0,
      name: this.#kinds[this.#kind[slot] ?? 0] ?? "",
      bytes: this.#bytes[slot] ?? 0,
      sentAt: this.#sentAt[slot] ?? 0,
    };
  }

  /** A first delivery stays the outcome, whatever happens to a duplicate. */
  ended(serial: number, outcome: MessageOutcome, at: Micros): void {
    const slot = serial & this.#mask;
    const known = serial > this.#next - 1 - this.#sentAt.length;
    if (!known || this.#outcome[slot] === OUTCOME_INDEX.delivered) {
      return;
    }
    this.#outcome[slot] = OUTCOME_INDEX[outcome];
    this.#arrivedAt[slot] = outcome === "delivered" ? at : -1;
  }

  /** Newest last. What is over the limit, or was overwritten before it was read, is `skipped`. */
  read(query: TraceQuery, nodeNames: readonly string[]): TraceBatch {
    const begin = Math.max(this.#oldest, query.fromSerial);
    const batch = emptyBatch(nodeNames, this.#kinds, begin - query.fromSerial);
    this.#collect(batch, query, { begin, end: this.#next });
    return batch;
  }

  /**
   * The messages of a stretch of time, oldest first. `skipped` counts those over the limit, and
   * those that were overwritten: of all nodes, since nobody knows any more who sent them, and to
   * within the distance of two marks.
   */
  between(window: TraceWindow, nodeNames: readonly string[]): TraceBatch {
    const begin = this.#firstSince(window.from);
    const end = this.#firstSince(window.to + 1);
    const batch = emptyBatch(nodeNames, this.#kinds, this.#overwrittenIn(window));
    this.#collect(batch, window, { begin, end });
    return batch;
  }

  get #oldest(): number {
    return Math.max(0, this.#next - this.#sentAt.length);
  }

  #collect(
    batch: Batch,
    query: Pick<TraceQuery, "nodes" | "limit">,
    { begin, end }: { readonly begin: number; readonly end: number },
  ): void {
    for (let serial = begin; serial < end; serial++) {
      const slot = serial & this.#mask;
      const from = this.#from[slot] ?? 0;
      const to = this.#to[slot] ?? 0;
      if (query.nodes !== undefined && !query.nodes.has(from) && !query.nodes.has(to)) {
        continue;
      }
      if (batch.sentAt.length >= query.limit) {
        batch.skipped++;
        continue;
      }
      batch.sentAt.push(this.#sentAt[slot] ?? 0);
      batch.arrivedAt.push(this.#arrivedAt[slot] ?? -1);
      batch.from.push(from);
      batch.to.push(to);
      batch.kind.push(this.#kind[slot] ?? 0);
      batch.bytes.push(this.#bytes[slot] ?? 0);
      batch.outcome.push(this.#outcome[slot] ?? 0);
      batch.serial.push(serial);
    }
  }

  /** The first message kept that was sent at or after `at`. */
  #firstSince(at: Micros): number {
    return firstIndex(this.#oldest, this.#next, (serial) => {
      return (this.#sentAt[serial & this.#mask] ?? 0) >= at;
    });
  }

  #overwrittenIn({ from, to }: TraceWindow): number {
    const first = this.#markSince(from);
    return Math.max(0, Math.min(this.#markSince(to + 1), this.#oldest) - first);
  }

  /** The serial number of the first mark at or after `at`. */
  #markSince(at: Micros): number {
    const mark = firstIndex(0, this.#marks.length, (index) => (this.#marks[index] ?? 0) >= at);
    return Math.min(mark * this.#markEvery, this.#next);
  }

  #mark(at: Micros): void {
    this.#marks.push(at);
    if (this.#marks.length >= MAX_MARKS) {
      this.#marks = this.#marks.filter((_, index) => index % 2 === 0);
      this.#markEvery *= 2;
    }
  }

  #kindOf(name: string): number {
    let index = this.#kindIndex.get(name);
    if (index === undefined) {
      index = this.#kinds.length;
      this.#kinds.push(name);
      this.#kindIndex.set(name, index);
    }
    return index;
  }
}

/** The first index from `begin` on that `fits`, where all behind it do too; `end` when none does. */
function firstIndex(begin: number, end: number, fits: (index: number) => boolean): number {
  let [low, high] = [begin, end];
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (fits(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

type Batch = TraceBatch & { serial: number[] };

function emptyBatch(nodes: readonly string[], kinds: readonly string[], skipped: number): Batch {
  return {
    nodes: [...nodes],
    kinds: [...kinds],
    sentAt: [],
    arrivedAt: [],
    from: [],
    to: [],
    kind: [],
    bytes: [],
    outcome: [],
    serial: [],
    skipped,
  };
}
