/**
 * Records on a node's disk: a tag, the body's length, a check of these two, the body, and a checksum
 * over everything. Two kinds of damage are told apart. A record that is shorter than it says was
 * never complete: the crash came first, nothing that depends on it ever left the node, and it is
 * passed over. Any other damage means that something is lost which the node may have acted on:
 * from there on nothing is trusted.
 */
import { hashBytes } from "#main/kernel/hash.ts";
import { DecodeError, WireWriter } from "#main/kernel/wire.ts";

export interface RawRecord {
  readonly tag: number;
  readonly body: Uint8Array;
}

export interface RestoredDisk {
  readonly records: readonly RawRecord[];
  /** Records that were damaged or never complete, or came after a damaged one. */
  readonly discarded: number;
  /** Whether a record that once was complete is lost. */
  readonly amnesia: boolean;
}

/** Stands where records were lost; what comes behind it was written by a node that knew. */
export const LOSS_RECORD = 0;

/** FNV-1a: finds torn writes and flipped bits, is no protection against intent. */
const CHECKSUM_BYTES = 4;
const TAG_AND_LENGTH_BYTES = 5;
const HEAD_BYTES = 7;

export function encodeRecord(tag: number, body: (writer: WireWriter) => void): Uint8Array {
  const writer = new WireWriter();
  body(writer);
  const content = writer.finish();
  const end = HEAD_BYTES + content.length;
  const record = new Uint8Array(end + CHECKSUM_BYTES);
  const view = new DataView(record.buffer);
  record[0] = tag;
  view.setUint32(1, content.length, true);
  view.setUint16(TAG_AND_LENGTH_BYTES, headCheck(record), true);
  record.set(content, HEAD_BYTES);
  view.setUint32(end, hashBytes(record.subarray(0, end)), true);
  return record;
}

/** What a driver puts on a disk that was emptied, or in the place of what cannot be trusted. */
export function lossRecord(): Uint8Array {
  return encodeRecord(LOSS_RECORD, () => undefined);
}

/** The machine that a record belongs to: its checkpoints replace its earlier records. */
export function recordTag(record: Uint8Array): number {
  return record[0] ?? LOSS_RECORD;
}

/** Throws `DecodeError` when the record is not whole. */
export function decodeRecord(record: Uint8Array): RawRecord {
  if (isUnfinished(record)) {
    throw new DecodeError("record is torn");
  }
  const end = record.length - CHECKSUM_BYTES;
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

/** Shorter than it says, which it can be believed about, or too short to say. */
function isUnfinished(record: Uint8Array): boolean {
  if (record.length < HEAD_BYTES) {
    return true;
  }
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  const isWholeHead = view.getUint16(TAG_AND_LENGTH_BYTES, true) === headCheck(record);
  return isWholeHead && record.length < HEAD_BYTES + view.getUint32(1, true) + CHECKSUM_BYTES;
}

function headCheck(record: Uint8Array): number {
  return hashBytes(record.subarray(0, TAG_AND_LENGTH_BYTES)) & 0xffff;
}

/** Reads records up to the first damaged one: what follows it may depend on it. */
export function restoreDisk(disk: readonly Uint8Array[]): RestoredDisk {
  const records: RawRecord[] = [];
  for (const record of disk) {
    if (isUnfinished(record)) {
      continue;
    }
    try {
      records.push(decodeRecord(record));
    } catch (error) {
      if (!(error instanceof DecodeError)) {
        throw error;
      }
      return { records, discarded: disk.length - records.length, amnesia: true };
    }
  }
  return { records, discarded: disk.length - records.length, amnesia: false };
}

/**
 * What a driver leaves on the disk before it starts a node on it: the records that are trusted, and
 * a mark where others were lost. Without it the next life would not trust what this one writes.
 */
export function repairedDisk(disk: readonly Uint8Array[]): readonly Uint8Array[] {
  const whole: Uint8Array[] = [];
  for (const record of disk) {
    if (isUnfinished(record)) {
      continue;
    }
    if (restoreDisk([record]).amnesia) {
      return [...whole, lossRecord()];
    }
    whole.push(record);
  }
  return whole;
}
