import { type Codec, DecodeError, type WireReader, type WireWriter } from "#main/kernel/wire.ts";
import {
  decodeList,
  decodeNode,
  encodeList,
  MAX_NODE_ID_BYTES,
  nameOfTag,
} from "#main/kernel/wire-lists.ts";
import * as limits from "./limits.ts";
import type {
  Advert,
  AdvertStamp,
  CloseReason,
  LinksMessage,
  OfferReason,
  RejectReason,
  TraceEnd,
} from "./types.ts";

/** Tags are part of the wire contract: append only. */
const TYPES = [
  "offer",
  "accept",
  "reject",
  "close",
  "ping",
  "pong",
  "adverts",
  "compare",
  "summary",
  "want",
  "trace",
  "traced",
] as const satisfies LinksMessage["type"][];
const OFFER_REASONS = ["join", "repair", "optimise", "topology"] as const satisfies OfferReason[];
const REJECT_REASONS = ["full", "not-running", "unknown"] as const satisfies RejectReason[];
const CLOSE_REASONS = [
  "topology",
  "trimmed",
  "optimise",
  "peer-silent",
  "no-link",
  "leaving",
] as const satisfies CloseReason[];
const TRACE_ENDS = [
  "arrived",
  "no-route",
  "ttl",
  "unknown",
  "timeout",
] as const satisfies TraceEnd[];
const DIGEST_LENGTH = 16;

export const linksCodec: Codec<LinksMessage> = {
  encode(writer, message) {
    writer.u8(TYPES.indexOf(message.type));
    switch (message.type) {
      case "offer":
      case "accept":
        return writer.u8(OFFER_REASONS.indexOf(message.reason));
      case "reject":
        return writer.u8(REJECT_REASONS.indexOf(message.reason));
      case "close":
        return writer.u8(CLOSE_REASONS.indexOf(message.reason));
      case "ping":
      case "pong":
        return writer.varint(message.sequence);
      case "adverts":
        return encodeList(writer, message.adverts, encodeAdvert);
      case "compare":
        return writer.string(message.digest);
      case "summary":
        writer.string(message.after);
        // No node has an empty name, so it is free to stand for "to the end".
        writer.string(message.until ?? "");
        return encodeList(writer, message.stamps, encodeStamp);
      case "want":
        return encodeList(writer, message.nodes, encodeNode);
      case "trace":
        writer.varint(message.trace);
        writer.string(message.to);
        writer.varint(message.ttl);
        return encodeList(writer, message.path, encodeNode);
      case "traced":
        writer.varint(message.trace);
        writer.string(message.to);
        encodeList(writer, message.path, encodeNode);
        return writer.u8(TRACE_ENDS.indexOf(message.end));
    }
  },

  decode(reader): LinksMessage {
    const type = nameOfTag(TYPES, reader.u8());
    switch (type) {
      case "offer":
      case "accept":
        return { type, reason: nameOfTag(OFFER_REASONS, reader.u8()) };
      case "reject":
        return { type, reason: nameOfTag(REJECT_REASONS, reader.u8()) };
      case "close":
        return { type, reason: nameOfTag(CLOSE_REASONS, reader.u8()) };
      case "ping":
      case "pong":
        return { type, sequence: reader.varint() };
      case "adverts":
        return { type, adverts: decodeList(reader, limits.MAX_ADVERTS, decodeAdvert) };
      case "compare":
        return { type, digest: reader.string(DIGEST_LENGTH) };
      case "summary":
        return decodeSummary(reader);
      case "want":
        return { type, nodes: decodeList(reader, limits.MAX_STAMPS, decodeNode) };
      case "trace":
        return decodeTrace(reader);
      case "traced": {
        const [trace, to] = [reader.varint(), decodeNode(reader)];
        const path = decodePath(reader);
        return { type, trace, to, path, end: nameOfTag(TRACE_ENDS, reader.u8()) };
      }
    }
  },
};

function decodeSummary(reader: WireReader): LinksMessage {
  const after = reader.string(MAX_NODE_ID_BYTES);
  const until = reader.string(MAX_NODE_ID_BYTES);
  const stamps = decodeList(reader, limits.MAX_STAMPS, decodeStamp);
  return { type: "summary", after, until: until === "" ? null : until, stamps };
}

function decodeTrace(reader: WireReader): LinksMessage {
  const trace = reader.varint();
  const to = decodeNode(reader);
  const ttl = reader.varint(limits.MAX_HOPS);
  return { type: "trace", trace, to, ttl, path: decodePath(reader) };
}

/** A path names at least its origin. */
function decodePath(reader: WireReader): string[] {
  const path = decodeList(reader, limits.MAX_HOPS + 1, decodeNode);
  if (path.length === 0) {
    throw new DecodeError("a path without nodes");
  }
  return path;
}

function encodeAdvert(writer: WireWriter, advert: Advert): void {
  encodeStamp(writer, advert);
  writer.string(advert.zone);
  writer.varint(advert.neighbours.length);
  for (let i = 0; i < advert.neighbours.length; i++) {
    writer.string(advert.neighbours[i] ?? "");
    writer.varint(advert.roundTripsUs[i] ?? 0);
  }
}

function decodeAdvert(reader: WireReader): Advert {
  const { node, incarnation, version } = decodeStamp(reader);
  const zone = reader.string(limits.MAX_ZONE_BYTES);
  const count = reader.varint(limits.MAX_NEIGHBOURS);
  const neighbours: string[] = [];
  const roundTripsUs: number[] = [];
  for (let i = 0; i < count; i++) {
    neighbours.push(decodeNode(reader));
    roundTripsUs.push(reader.varint());
  }
  return { node, incarnation, version, zone, neighbours, roundTripsUs };
}

function encodeStamp(writer: WireWriter, stamp: AdvertStamp): void {
  writer.string(stamp.node);
  writer.varint(stamp.incarnation);
  writer.varint(stamp.version);
}

function decodeStamp(reader: WireReader): AdvertStamp {
  return { node: decodeNode(reader), incarnation: reader.varint(), version: reader.varint() };
}

function encodeNode(writer: WireWriter, node: string): void {
  writer.string(node);
}
