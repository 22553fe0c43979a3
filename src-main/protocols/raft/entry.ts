/** Entries of the log. */
import type { LogEntryNote } from "#main/kernel/consensus.ts";
import { hex, sha256Concat } from "#main/kernel/sha256.ts";
import type { Micros } from "#main/kernel/time.ts";
import { DecodeError, type WireReader, type WireWriter } from "#main/kernel/wire.ts";
import { RAFT_LIMITS } from "./options.ts";

export const ENTRY_KINDS = ["command", "no-op", "config", "session"] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export interface Entry {
  readonly index: number;
  readonly term: number;
  /** Log time: the leader's clock at the append, never before that of the entry in front. */
  readonly time: Micros;
  readonly kind: EntryKind;
  readonly data: Uint8Array;
  /** First 16 hex digits of the SHA-256 over kind, time and data. */
  readonly digest: string;
}

export type EntryDraft = Omit<Entry, "digest">;

const DIGEST_BYTES = 8;
/** What an entry costs besides its data, towards limits in bytes. */
export const ENTRY_OVERHEAD_BYTES = 16;

export function makeEntry(draft: EntryDraft): Entry {
  const { index, term, time, kind, data } = draft;
  return { index, term, time, kind, data, digest: digestOf(draft) };
}

export function entryBytes(entry: Entry): number {
  return entry.data.length + ENTRY_OVERHEAD_BYTES;
}

export function noteOf({ index, term, digest, kind, data }: Entry): LogEntryNote {
  return { index, term, digest, what: kind, bytes: data.length };
}

function digestOf({ kind, time, data }: EntryDraft): string {
  const head = new Uint8Array(8);
  head[0] = ENTRY_KINDS.indexOf(kind);
  let rest = time;
  for (let i = 1; i < 8; i++) {
    head[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return hex(sha256Concat(head, data).subarray(0, DIGEST_BYTES));
}

/** The index is not written: it follows from the entry's place. */
export function writeEntry(writer: WireWriter, entry: Entry): void {
  writer.varint(entry.term);
  writer.varint(entry.time);
  writer.u8(ENTRY_KINDS.indexOf(entry.kind));
  writer.bytes(entry.data);
}

export function readEntry(reader: WireReader, index: number): Entry {
  const term = reader.varint();
  const time = reader.varint();
  const kind = ENTRY_KINDS[reader.u8()];
  if (kind === undefined) {
    throw new DecodeError("unknown kind of entry");
  }
  const data = reader.bytes(RAFT_LIMITS.entryBytes);
  return makeEntry({ index, term, time, kind, data });
}

/** A run of entries that begins behind `before`. */
export function writeEntries(writer: WireWriter, entries: readonly Entry[]): void {
  writer.varint(entries.length);
  for (const entry of entries) {
    writeEntry(writer, entry);
  }
}

export function readEntries(reader: WireReader, before: number, max: number): Entry[] {
  const count = reader.varint(max);
  const entries: Entry[] = [];
  for (let i = 1; i <= count; i++) {
    entries.push(readEntry(reader, before + i));
  }
  return entries;
}

/** Terms and times of a run must not fall, from those of the entry in front of it on. */
export function isOrdered(entries: readonly Entry[], prevTerm: number, maxTerm: number): boolean {
  let term = prevTerm;
  for (const entry of entries) {
    if (entry.term < term || entry.term > maxTerm) {
      return false;
    }
    term = entry.term;
  }
  return true;
}
