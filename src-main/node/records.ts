/**
 * Records on a node's disk: a tag, the body's length, the body, and a checksum over all three. A
 * torn or flipped record is noticed at the next start, and nothing after it is trusted.
 */
import { hashBytes } from "#main/kernel/hash.ts";
import { DecodeError, WireWriter } from "#main/kernel/wire.ts";

export interface RawRecord {
  readonly tag: number;
  readonly body: Uint8Array;
}

export interface RestoredDisk {
  readonly records: readonly RawRecord[];
  /** Records that were damaged, or came after a damaged one. */
  readonly discarded: number;
  /**
   * Whether a record that once was complete is lost. A last one that is shorter than it says was
   * never complete: the crash came first, and nothing that depends on it ever left the node.
   */
  readonly amnesia: boolean;
}

/** FNV-1a, 32 bits: finds torn writes and flipped bits, is no protection against intent. */
const CHECKSUM_BYTES = 4;
const HEAD_BYTES = 5;

export function encodeRecord(tag: number, body: (writer: WireWriter) => void): Uint8Array {
  const writer = new WireWriter();
  body(writer);
  const content = writer.finish();
  const end = HEAD_BYTES + content.length;
  const record = new Uint8Array(end + CHECKSUM_BYTES);
  const view = new DataView(record.buffer);
  record[0] = tag;
  view.setUint32(1, content.length, true);
  record.set(content, HEAD_BYTES);
  view.setUint32(end, hashBytes(record.subarray(0, end)), true);
  return record;
}

/** The machine that a record belongs to: its checkpoints replace its earlier records. */
export function recordTag(record: Uint8Array): number {
  return record[0] ?? 0;
}

/** Throws `DecodeError` when the record is not whole. */
export function decodeRecord(record: Uint8Array): RawRecord {
  const end = record.length - CHECKSUM_BYTES;
  if (isShort(record)) {
    throw new DecodeError("record is torn");
  }
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  const content = record.subarray(0, end);
  if (view.getUint32(end, true) !== hashBytes(content)) {
    throw new DecodeError("record does not match its checksum");
  }
  if (view.getUint32(1, true) !== end - HEAD_BYTES) {
    throw new DecodeError("record is longer than it says");
  }
  return { tag: recordTag(record), body: content.subarray(HEAD_BYTES) };
}

/** Shorter than it says it is, or too short to say. */
function isShort(record: Uint8Array): boolean {
  if (record.length < HEAD_BYTES + CHECKSUM_BYTES) {
    return true;
  }
  const length = new DataView(record.buffer, record.byteOffset).getUint32(1, true);
  return record.length < HEAD_BYTES + length + CHECKSUM_BYTES;
}

/** Reads records up to the first damaged one: what follows it may depend on it. */
export function restoreDisk(disk: readonly Uint8Array[]): RestoredDisk {
  const records: RawRecord[] = [];
  for (const [index, record] of disk.entries()) {
    try {
      records.push(decodeRecord(record));
    } catch (error) {
      if (!(error instanceof DecodeError)) {
        throw error;
      }
      const unfinished = index === disk.length - 1 && isShort(record);
      return { records, discarded: disk.length - records.length, amnesia: !unfinished };
    }
  }
  return { records, discarded: 0, amnesia: false };
}
