import { unreachable } from "#main/kernel/assert.ts";
import { MAX_COMMAND_BYTES } from "#main/kernel/sessions.ts";
import type { Codec, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { decodeList, decodeNode, encodeList, nameOfTag } from "#main/kernel/wire-lists.ts";
import * as parts from "./codec-parts.ts";
import * as limits from "./limits.ts";
import type {
  NewView,
  NewViewOrder,
  PbftMessage,
  PbftMessageType,
  Signed,
  SlotStatus,
  Status,
  UnsignedMessage,
  Verdict,
  ViewChange,
} from "./types.ts";

/** Tags are part of the wire contract: append only. */
const TYPES = [
  "request",
  "pre-prepare",
  "prepare",
  "commit",
  "reply",
  "checkpoint",
  "view-change",
  "new-view",
  "status",
  "decided",
  "batch",
  "stable",
  "fetch",
  "page",
] as const satisfies PbftMessageType[];
const VERDICTS = ["result", "expired", "too-many", "too-large"] as const satisfies Verdict[];

export const pbftCodec: Codec<PbftMessage> = {
  encode(writer, message) {
    writer.u8(TYPES.indexOf(message.type));
    parts.encodeHeader(writer, message);
    encodeSignedBody(writer, message);
    if (message.type === "pre-prepare") {
      parts.encodeBatch(writer, message.batch);
    }
  },

  decode(reader) {
    const type = nameOfTag(TYPES, reader.u8());
    if (type === "request") {
      return parts.decodeRequest(reader);
    }
    return decodeBody(type, parts.decodeHeader(reader), reader);
  },
};

/** What of a message's body is signed: all but a pre-prepare's batch, which its digest names. */
export function encodeSignedBody(writer: WireWriter, message: UnsignedMessage): void {
  switch (message.type) {
    case "request":
      parts.encodeRequestBody(writer, message);
      break;
    case "pre-prepare":
    case "prepare":
    case "commit":
    case "checkpoint":
      parts.encodeDigest(writer, message.digest);
      break;
    case "reply":
      writer.string(message.client);
      writer.varint(message.life);
      writer.varint(message.request);
      writer.u8(VERDICTS.indexOf(message.verdict));
      writer.bytes(message.result);
      break;
    case "view-change":
      encodeViewChangeBody(writer, message);
      break;
    case "new-view":
      encodeNewViewBody(writer, message);
      break;
    case "status":
      encodeStatusBody(writer, message);
      break;
    case "decided":
      parts.encodeCommitCertificate(writer, message.certificate);
      parts.encodeBatch(writer, message.batch);
      break;
    case "batch":
      parts.encodeBatch(writer, message.batch);
      break;
    case "stable":
      parts.encodeCheckpointCertificate(writer, message.certificate);
      break;
    case "fetch":
      writer.varint(message.page);
      break;
    case "page":
      writer.varint(message.page);
      writer.bytes(message.bytes);
      break;
    default:
      unreachable(message);
  }
}

function decodeBody(
  type: Exclude<PbftMessageType, "request">,
  header: Signed,
  reader: WireReader,
): PbftMessage {
  switch (type) {
    case "pre-prepare": {
      const digest = parts.decodeDigest(reader);
      return { type, ...header, digest, batch: parts.decodeBatch(reader) };
    }
    case "prepare":
    case "commit":
    case "checkpoint":
      return { type, ...header, digest: parts.decodeDigest(reader) };
    case "reply": {
      const client = decodeNode(reader);
      const life = reader.varint();
      const request = reader.varint();
      const verdict = nameOfTag(VERDICTS, reader.u8());
      const result = reader.bytes(MAX_COMMAND_BYTES);
      return { type, ...header, client, life, request, verdict, result };
    }
    case "view-change":
      return decodeViewChangeBody(header, reader);
    case "new-view":
      return decodeNewViewBody(header, reader);
    case "status":
      return decodeStatusBody(header, reader);
    case "decided": {
      const certificate = parts.decodeCommitCertificate(reader);
      return { type, ...header, certificate, batch: parts.decodeBatch(reader) };
    }
    case "batch":
      return { type, ...header, batch: parts.decodeBatch(reader) };
    case "stable":
      return { type, ...header, certificate: parts.decodeCheckpointCertificate(reader) };
    case "fetch":
      return { type, ...header, page: reader.varint(limits.MAX_PAGES) };
    case "page": {
      const page = reader.varint(limits.MAX_PAGES);
      return { type, ...header, page, bytes: reader.bytes(limits.MAX_PAGE_BYTES) };
    }
    default:
      return unreachable(type);
  }
}

function encodeViewChangeBody(writer: WireWriter, message: Omit<ViewChange, "signature">): void {
  parts.encodeOptional(writer, message.stable, parts.encodeCheckpointCertificate);
  encodeList(writer, message.prepared, parts.encodePrepared);
}

function decodeViewChangeBody(header: Signed, reader: WireReader): ViewChange {
  const stable = parts.decodeOptional(reader, parts.decodeCheckpointCertificate);
  const prepared = decodeList(reader, limits.MAX_WINDOW, parts.decodePrepared);
  return { type: "view-change", ...header, stable, prepared };
}

export function encodeViewChange(writer: WireWriter, message: ViewChange): void {
  parts.encodeHeader(writer, message);
  encodeViewChangeBody(writer, message);
}

export function decodeViewChange(reader: WireReader): ViewChange {
  return decodeViewChangeBody(parts.decodeHeader(reader), reader);
}

function encodeOrder(writer: WireWriter, order: NewViewOrder): void {
  writer.varint(order.sequence);
  parts.encodeDigest(writer, order.digest);
  writer.bytes(order.signature);
}

function decodeOrder(reader: WireReader): NewViewOrder {
  const sequence = reader.varint();
  const digest = parts.decodeDigest(reader);
  return { sequence, digest, signature: parts.decodeSignature(reader) };
}

function encodeNewViewBody(writer: WireWriter, message: Omit<NewView, "signature">): void {
  encodeList(writer, message.viewChanges, encodeViewChange);
  encodeList(writer, message.orders, encodeOrder);
}

function decodeNewViewBody(header: Signed, reader: WireReader): NewView {
  const viewChanges = decodeList(reader, limits.MAX_REPLICAS, decodeViewChange);
  const orders = decodeList(reader, limits.MAX_WINDOW, decodeOrder);
  return { type: "new-view", ...header, viewChanges, orders };
}

export function encodeNewView(writer: WireWriter, message: NewView): void {
  parts.encodeHeader(writer, message);
  encodeNewViewBody(writer, message);
}

export function decodeNewView(reader: WireReader): NewView {
  return decodeNewViewBody(parts.decodeHeader(reader), reader);
}

function encodeStatusBody(writer: WireWriter, status: Omit<Status, "signature">): void {
  parts.encodeFlag(writer, status.active);
  writer.varint(status.stable);
  writer.varint(status.round);
  encodeList(writer, status.slots, encodeSlotStatus);
  encodeList(writer, status.wanted, parts.encodeDigest);
}

function decodeStatusBody(header: Signed, reader: WireReader): Status {
  const active = parts.decodeFlag(reader);
  const stable = reader.varint();
  const round = reader.varint();
  const slots = decodeList(reader, limits.MAX_STATUS_SLOTS, decodeSlotStatus);
  const wanted = decodeList(reader, limits.MAX_WANTED, parts.decodeDigest);
  return { type: "status", ...header, active, stable, round, slots, wanted };
}

function encodeSlotStatus(writer: WireWriter, slot: SlotStatus): void {
  writer.varint(slot.sequence);
  parts.encodeFlag(writer, slot.prePrepared);
  encodeList(writer, slot.prepares, (to, place) => to.u8(place));
  encodeList(writer, slot.commits, (to, place) => to.u8(place));
}

function decodeSlotStatus(reader: WireReader): SlotStatus {
  const sequence = reader.varint();
  const prePrepared = parts.decodeFlag(reader);
  const prepares = decodeList(reader, limits.MAX_REPLICAS, (from) => from.u8());
  const commits = decodeList(reader, limits.MAX_REPLICAS, (from) => from.u8());
  return { sequence, prePrepared, prepares, commits };
}
