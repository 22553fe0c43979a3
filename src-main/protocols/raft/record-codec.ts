/** Raft's records on the disk. */
import { type Codec, DecodeError, type WireReader, type WireWriter } from "#main/kernel/wire.ts";
import { readConfig, writeConfig } from "./config.ts";
import { type Entry, readEntries, writeEntries } from "./entry.ts";
import { RAFT_LIMITS } from "./options.ts";
import type { HardState, RaftRecord, Snapshot, SnapshotMeta } from "./types.ts";

const RECORD_VERSION = 1;
const TAG = { hard: 0, entries: 1, checkpoint: 2 } as const;
const NO_ENTRIES = 0;
const CHAIN_BYTES = 16;
const MAX_NODE_BYTES = 64;

export const raftRecordCodec: Codec<RaftRecord> = {
  encode(writer, record) {
    writer.u8(RECORD_VERSION);
    writer.u8(TAG[record.kind]);
    switch (record.kind) {
      case "hard":
        writeHard(writer, record);
        break;
      case "entries":
        writeRun(writer, record.entries);
        break;
      case "checkpoint":
        writeHard(writer, record.hard);
        writeSnapshot(writer, record.snapshot);
        writeRun(writer, record.entries);
        break;
    }
  },
  decode(reader) {
    const version = reader.u8();
    if (version !== RECORD_VERSION) {
      throw new DecodeError(`unknown record version ${version}`);
    }
    const tag = reader.u8();
    switch (tag) {
      case TAG.hard:
        return { kind: "hard", ...readHard(reader) };
      case TAG.entries:
        return { kind: "entries", entries: readRun(reader) };
      case TAG.checkpoint: {
        const hard = readHard(reader);
        const snapshot = readSnapshot(reader);
        return { kind: "checkpoint", hard, snapshot, entries: readRun(reader) };
      }
      default:
        throw new DecodeError(`unknown record ${tag}`);
    }
  },
};

export function writeMeta(writer: WireWriter, meta: SnapshotMeta): void {
  writer.varint(meta.index);
  writer.varint(meta.term);
  writer.varint(meta.time);
  writeConfig(writer, meta.config);
  writer.string(meta.chain);
}

export function readMeta(reader: WireReader): SnapshotMeta {
  const [index, term, time] = [reader.varint(), reader.varint(), reader.varint()];
  const config = readConfig(reader);
  const chain = reader.string(CHAIN_BYTES);
  if (!/^[0-9a-f]{16}$/.test(chain)) {
    throw new DecodeError("a snapshot without a hash of its state");
  }
  return { index, term, time, config, chain };
}

function writeHard(writer: WireWriter, { term, votedFor, amnesia }: HardState): void {
  writer.varint(term);
  writer.string(votedFor ?? "");
  writer.u8(amnesia ? 1 : 0);
}

function readHard(reader: WireReader): HardState {
  const term = reader.varint();
  const votedFor = reader.string(MAX_NODE_BYTES);
  const flag = reader.u8();
  if (flag > 1) {
    throw new DecodeError(`${flag} is neither yes nor no`);
  }
  return { term, votedFor: votedFor === "" ? null : votedFor, amnesia: flag === 1 };
}

/** The first index in front; 0 for none. */
function writeRun(writer: WireWriter, entries: readonly Entry[]): void {
  writer.varint(entries[0]?.index ?? NO_ENTRIES);
  writeEntries(writer, entries);
}

function readRun(reader: WireReader): Entry[] {
  const first = reader.varint();
  const entries = readEntries(reader, first - 1, RAFT_LIMITS.entriesPerRecord);
  if ((first === NO_ENTRIES) !== (entries.length === 0)) {
    throw new DecodeError("a run of entries without a beginning");
  }
  return entries;
}

function writeSnapshot(writer: WireWriter, snapshot: Snapshot | null): void {
  writer.u8(snapshot === null ? 0 : 1);
  if (snapshot !== null) {
    writeMeta(writer, snapshot);
    writer.bytes(snapshot.data);
  }
}

function readSnapshot(reader: WireReader): Snapshot | null {
  const flag = reader.u8();
  if (flag > 1) {
    throw new DecodeError(`${flag} is neither yes nor no`);
  }
  return flag === 0 ? null : { ...readMeta(reader), data: reader.bytes(RAFT_LIMITS.snapshotBytes) };
}
