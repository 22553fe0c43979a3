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
    return this.#next++;
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
    const oldest = Math.max(0, this.#next - this.#sentAt.length);
    const begin = Math.max(oldest, query.fromSerial);
    const batch = emptyBatch(nodeNames, this.#kinds, begin - query.fromSerial);
    for (let serial = begin; serial < this.#next; serial++) {
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
    }
    return batch;
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

function emptyBatch(
  nodes: readonly string[],
  kinds: readonly string[],
  skipped: number,
): TraceBatch {
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
    skipped,
  };
}
