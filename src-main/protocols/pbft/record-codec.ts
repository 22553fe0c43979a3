import { unreachable } from "#main/kernel/assert.ts";
import type { Codec, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { decodeList, encodeList, nameOfTag } from "#main/kernel/wire-lists.ts";
import {
  decodeNewView,
  decodeViewChange,
  encodeNewView,
  encodeViewChange,
  pbftCodec,
} from "./codec.ts";
import * as parts from "./codec-parts.ts";
import { MAX_BATCHES_PER_SLOT, MAX_PAGE_BYTES, MAX_PAGES, MAX_WINDOW } from "./limits.ts";
import { DecodeError } from "#main/kernel/wire.ts";
import type { PbftRecord, PrePrepare, SlotImage } from "./types.ts";

/** Tags are part of the format on disk: append only. */
const KINDS = [
  "checkpoint",
  "pre-prepare",
  "prepared",
  "view-change",
  "new-view",
  "silent",
  "born",
] as const satisfies PbftRecord["kind"][];

/** What a member's disk holds. */
export const pbftRecordCodec: Codec<PbftRecord> = {
  encode(writer, record) {
    writer.u8(KINDS.indexOf(record.kind));
    switch (record.kind) {
      case "checkpoint":
        encodeCheckpoint(writer, record);
        break;
      case "pre-prepare":
        pbftCodec.encode(writer, record.message);
        break;
      case "prepared":
        parts.encodePrepared(writer, record.certificate);
        break;
      case "view-change":
        encodeViewChange(writer, record.message);
        break;
      case "new-view":
        encodeNewView(writer, record.message);
        break;
      case "silent":
        parts.encodeOptional(writer, record.upTo, (to, upTo) => to.varint(upTo));
        break;
      case "born":
        break;
      default:
        unreachable(record);
    }
  },

  decode(reader) {
    const kind = nameOfTag(KINDS, reader.u8());
    switch (kind) {
      case "checkpoint":
        return decodeCheckpoint(reader);
      case "pre-prepare":
        return { kind, message: decodePrePrepare(reader) };
      case "prepared":
        return { kind, certificate: parts.decodePrepared(reader) };
      case "view-change":
        return { kind, message: decodeViewChange(reader) };
      case "new-view":
        return { kind, message: decodeNewView(reader) };
      case "silent":
        return { kind, upTo: parts.decodeOptional(reader, (from) => from.varint()) };
      case "born":
        return { kind };
      default:
        return unreachable(kind);
    }
  },
};

function decodePrePrepare(reader: WireReader): PrePrepare {
  const message = pbftCodec.decode(reader);
  if (message.type !== "pre-prepare") {
    throw new DecodeError(`a ${message.type} where a pre-prepare belongs`);
  }
  return message;
}

type CheckpointRecord = Extract<PbftRecord, { kind: "checkpoint" }>;

function encodeCheckpoint(writer: WireWriter, record: CheckpointRecord): void {
  writer.varint(record.view);
  parts.encodeOptional(writer, record.viewChange, encodeViewChange);
  parts.encodeOptional(writer, record.newView, encodeNewView);
  parts.encodeOptional(writer, record.stable, parts.encodeCheckpointCertificate);
  writer.bytes(record.snapshot);
  encodeList(writer, record.slots, encodeSlot);
  parts.encodeOptional(writer, record.silentUpTo, (to, upTo) => to.varint(upTo));
}

function decodeCheckpoint(reader: WireReader): CheckpointRecord {
  return {
    kind: "checkpoint",
    view: reader.varint(),
    viewChange: parts.decodeOptional(reader, decodeViewChange),
    newView: parts.decodeOptional(reader, decodeNewView),
    stable: parts.decodeOptional(reader, parts.decodeCheckpointCertificate),
    snapshot: reader.bytes(MAX_PAGES * MAX_PAGE_BYTES),
    slots: decodeList(reader, MAX_WINDOW, decodeSlot),
    silentUpTo: parts.decodeOptional(reader, (from) => from.varint()),
  };
}

function encodeSlot(writer: WireWriter, slot: SlotImage): void {
  writer.varint(slot.sequence);
  parts.encodeOptional(writer, slot.accepted, (to, accepted) => {
    to.varint(accepted.view);
    parts.encodeDigest(to, accepted.digest);
    to.bytes(accepted.signature);
  });
  parts.encodeOptional(writer, slot.certificate, parts.encodePrepared);
  encodeList(writer, slot.batches, parts.encodeBatch);
}

function decodeSlot(reader: WireReader): SlotImage {
  return {
    sequence: reader.varint(),
    accepted: parts.decodeOptional(reader, (from) => ({
      view: from.varint(),
      digest: parts.decodeDigest(from),
      signature: parts.decodeSignature(from),
    })),
    certificate: parts.decodeOptional(reader, parts.decodePrepared),
    batches: decodeList(reader, MAX_BATCHES_PER_SLOT, parts.decodeBatch),
  };
}
