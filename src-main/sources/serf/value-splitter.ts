/**
 * Finds where MessagePack values end in a stream without framing: each byte is looked at once,
 * however the stream was cut into pieces. Refuses what Serf never sends (extension types, deep
 * nesting, very large values) before memory is spent on it.
 */
import { MeshError } from "#shared/contract/errors.ts";

export interface SplitterLimits {
  /** Of one value; 10,000 members with full tags are about 8 MB. */
  readonly valueBytes: number;
  readonly depth: number;
}

export const SPLITTER_LIMITS: SplitterLimits = { valueBytes: 16 * 1024 * 1024, depth: 16 };

const FIRST_CAPACITY = 4_096;

/** What the first byte of a value, and its length field, say. */
interface Item {
  /** Bytes up to the end of the item itself, without its children. */
  readonly bytes: number;
  /** Values that belong to it and come next. */
  readonly children: number;
}

export class ValueSplitter {
  readonly #limits: SplitterLimits;
  #buffer = Buffer.alloc(FIRST_CAPACITY);
  /** The value that is being read begins here, the next item of it at `#next`. */
  #start = 0;
  #next = 0;
  #end = 0;
  /** For each open map or array: how many values are still missing. */
  #missing: number[] = [];

  constructor(limits: SplitterLimits = SPLITTER_LIMITS) {
    this.#limits = limits;
  }

  /** Bytes that wait for the rest of their value. */
  get pending(): number {
    return this.#end - this.#start;
  }

  /** The values that are complete now, each the caller's own. Throws "peer-protocol". */
  push(chunk: Uint8Array): readonly Uint8Array[] {
    this.#append(chunk);
    const values: Uint8Array[] = [];
    while (this.#next < this.#end) {
      const item = this.#item();
      if (item === undefined || this.#next + item.bytes > this.#end) break;
      this.#next += item.bytes;
      if (!this.#completes(item.children)) continue;
      values.push(new Uint8Array(this.#buffer.subarray(this.#start, this.#next)));
      this.#start = this.#next;
    }
    if (this.pending > this.#limits.valueBytes) throw this.#tooLarge();
    return values;
  }

  /** Whether the item that was just read ends the whole value. */
  #completes(children: number): boolean {
    if (children > 0) {
      if (this.#missing.length >= this.#limits.depth) throw nonsense("its values are too deep");
      this.#missing.push(children);
      return false;
    }
    for (let missing = this.#missing.pop(); missing !== undefined; missing = this.#missing.pop()) {
      if (missing > 1) {
        this.#missing.push(missing - 1);
        return false;
      }
    }
    return true;
  }

  /** `undefined`: not even its length is here yet. */
  #item(): Item | undefined {
    const first = this.#buffer[this.#next] ?? 0;
    if (first <= 0x7f || first >= 0xe0) return { bytes: 1, children: 0 };
    if (first <= 0x8f) return { bytes: 1, children: (first & 0x0f) * 2 };
    if (first <= 0x9f) return { bytes: 1, children: first & 0x0f };
    if (first <= 0xbf) return { bytes: 1 + (first & 0x1f), children: 0 };
    const fixed = FIXED_BYTES.get(first);
    if (fixed !== undefined) return { bytes: fixed, children: 0 };
    return this.#sized(first);
  }

  #sized(first: number): Item | undefined {
    const layout = SIZED.get(first);
    if (layout === undefined) throw nonsense(`the byte 0x${first.toString(16)} has no place in it`);
    const { sizeBytes, kind } = layout;
    if (this.#next + 1 + sizeBytes > this.#end) return undefined;
    const size = this.#buffer.readUIntBE(this.#next + 1, sizeBytes);
    if (size > this.#limits.valueBytes) throw this.#tooLarge();
    if (kind === "bytes") return { bytes: 1 + sizeBytes + size, children: 0 };
    return { bytes: 1 + sizeBytes, children: kind === "map" ? size * 2 : size };
  }

  #append(chunk: Uint8Array): void {
    const needed = this.pending + chunk.length;
    if (this.#end + chunk.length > this.#buffer.length) {
      const capacity = Math.max(this.#buffer.length, FIRST_CAPACITY);
      const target = needed <= capacity / 2 ? this.#buffer : Buffer.alloc(needed * 2);
      this.#buffer.copy(target, 0, this.#start, this.#end);
      this.#buffer = target;
      this.#next -= this.#start;
      this.#end -= this.#start;
      this.#start = 0;
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  #tooLarge(): MeshError {
    return nonsense(`one of its values has more than ${this.#limits.valueBytes} bytes`);
  }
}

/** What follows from bytes that are no Serf RPC. */
export function nonsense(detail: string): MeshError {
  const message = `What answers there does not speak Serf's RPC: ${detail}. Is it an agent's -rpc-addr?`;
  return new MeshError("peer-protocol", message, { retryable: true });
}

/** nil, booleans and numbers. */
const FIXED_BYTES: ReadonlyMap<number, number> = new Map([
  [0xc0, 1],
  [0xc2, 1],
  [0xc3, 1],
  [0xca, 5],
  [0xcb, 9],
  [0xcc, 2],
  [0xcd, 3],
  [0xce, 5],
  [0xcf, 9],
  [0xd0, 2],
  [0xd1, 3],
  [0xd2, 5],
  [0xd3, 9],
]);

interface SizedLayout {
  readonly sizeBytes: 1 | 2 | 4;
  readonly kind: "bytes" | "array" | "map";
}

/** bin, str, array and map with a length field. */
const SIZED: ReadonlyMap<number, SizedLayout> = new Map([
  [0xc4, { sizeBytes: 1, kind: "bytes" }],
  [0xc5, { sizeBytes: 2, kind: "bytes" }],
  [0xc6, { sizeBytes: 4, kind: "bytes" }],
  [0xd9, { sizeBytes: 1, kind: "bytes" }],
  [0xda, { sizeBytes: 2, kind: "bytes" }],
  [0xdb, { sizeBytes: 4, kind: "bytes" }],
  [0xdc, { sizeBytes: 2, kind: "array" }],
  [0xdd, { sizeBytes: 4, kind: "array" }],
  [0xde, { sizeBytes: 2, kind: "map" }],
  [0xdf, { sizeBytes: 4, kind: "map" }],
]);
