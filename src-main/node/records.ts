/**
 * Records on a node's disk: a tag, the body, and a checksum over both, so that a torn or flipped
 * record is noticed at the next start and nothing after it is trusted.
 */
import { hashBytes } from "#main/kernel/hash.ts";
import { DecodeError, WireReader, WireWriter } from "#main/kernel/wire.ts";

export interface RawRecord {
  readonly tag: number;
  readonly body: Uint8Array;
}

export interface RestoredDisk {
  readonly records: readonly RawRecord[];
  /** Records that were damaged, or came after a damaged one. */
  readonly discarded: number;
}

/** FNV-1a, 32 bits: finds torn writes and flipped bits, is no protection against intent. */
const CHECKSUM_BYTES = 4;
export function encodeRecord(tag: number, body: (writer: WireWriter) => void): Uint8Array {
  const writer = new WireWriter();
  writer.u8(tag);
  body(writer);
  const content = writer.finish();
  const sum = hashBytes(content);
  const record = new Uint8Array(content.length + CHECKSUM_BYTES);
  record.set(content);
  new DataView(record.buffer).setUint32(content.length, sum, true);
  return record;
}

/** Throws `DecodeError` when the record is not whole. */
export function decodeRecord(record: Uint8Array): RawRecord {
  const end = record.length - CHECKSUM_BYTES;
  if (end < 1) {
    throw new DecodeError("record is torn");
  }
  const content = record.subarray(0, end);
  const stored = new DataView(record.buffer, record.byteOffset + end, CHECKSUM_BYTES);
  if (stored.getUint32(0, true) !== hashBytes(content)) {
    throw new DecodeError("record does not match its checksum");
  }
  const reader = new WireReader(content);
  return { tag: reader.u8(), body: content.subarray(1) };
}

/** Reads records up to the first damaged one: what follows it may depend on it. */
export function restoreDisk(disk: readonly Uint8Array[]): RestoredDisk {
  const records: RawRecord[] = [];
  for (const record of disk) {
    try {
      records.push(decodeRecord(record));
    } catch (error) {
      if (!(error instanceof DecodeError)) {
        throw error;
      }
      return { records, discarded: disk.length - records.length };
    }
  }
  return { records, discarded: 0 };
}
