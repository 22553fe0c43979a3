import { DecodeError } from "#main/kernel/wire.ts";
import type { Codec, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { decodeList, decodeNode, encodeList, nameOfTag } from "#main/kernel/wire-lists.ts";
import * as limits from "./limits.ts";
import type {
  GossipMessage,
  GossipRecord,
  Rumour,
  RumourCopy,
  RumourDigest,
  RumourId,
  RumourVia,
  StreamDigest,
} from "./types.ts";

/** Tags are part of the wire contract: append only. */
const TYPES = ["rumours", "feedback", "pull", "compare", "want"] as const;
const VIAS = ["push", "pull", "anti-entropy", "mongering"] as const satisfies RumourVia[];
const HASH_LENGTH = 16;
const URGENT = 1;

export const gossipCodec: Codec<GossipMessage> = {
  encode(writer, message) {
    writer.u8(TYPES.indexOf(message.type));
    switch (message.type) {
      case "rumours":
        writer.u8(VIAS.indexOf(message.via));
        encodeList(writer, message.copies, encodeCopy);
        break;
      case "feedback":
        encodeList(writer, message.known, encodeId);
        break;
      case "want":
        encodeList(writer, message.ids, encodeId);
        break;
      case "pull":
      case "compare":
        encodeDigest(writer, message.digest);
        break;
    }
  },

  decode(reader) {
    const type = nameOfTag(TYPES, reader.u8());
    switch (type) {
      case "rumours": {
        const via = nameOfTag(VIAS, reader.u8());
        return { type, via, copies: decodeList(reader, limits.MAX_COPIES, decodeCopy) };
      }
      case "feedback":
        return { type, known: decodeList(reader, limits.MAX_IDS, decodeId) };
      case "want":
        return { type, ids: decodeList(reader, limits.MAX_IDS, decodeId) };
      case "pull":
      case "compare":
        return { type, digest: decodeDigest(reader) };
    }
  },
};

/** What a node's disk holds of gossip. */
export const gossipRecordCodec: Codec<GossipRecord> = { encode: encodeCopy, decode: decodeCopy };

function encodeCopy(writer: WireWriter, { rumour, hops }: RumourCopy): void {
  writer.varint(hops);
  encodeRumour(writer, rumour);
}

function decodeCopy(reader: WireReader): RumourCopy {
  return { hops: reader.varint(limits.MAX_HOPS), rumour: decodeRumour(reader) };
}

/** Exported for the size of a rumour, which budgets count in. */
export function encodeRumour(writer: WireWriter, rumour: Rumour): void {
  encodeId(writer, rumour.id);
  writer.u8(rumour.urgent ? URGENT : 0);
  writer.varint(rumour.lamport);
  writer.string(rumour.topic);
  writer.bytes(rumour.payload);
}

function decodeRumour(reader: WireReader): Rumour {
  const id = decodeId(reader);
  const flags = reader.u8();
  if (flags > URGENT) {
    throw new DecodeError(`unknown rumour flags ${flags}`);
  }
  const lamport = reader.varint();
  const topic = reader.string(limits.MAX_TOPIC_BYTES);
  if (topic.length === 0 || topic.length > limits.MAX_TOPIC_LENGTH) {
    throw new DecodeError(`a topic of ${topic.length} characters`);
  }
  const payload = reader.bytes(limits.MAX_PAYLOAD_BYTES);
  return { id, topic, payload, urgent: flags === URGENT, lamport };
}

function encodeId(writer: WireWriter, id: RumourId): void {
  writer.string(id.origin);
  writer.varint(id.epoch);
  writer.varint(id.sequence);
}

function decodeId(reader: WireReader): RumourId {
  const origin = decodeNode(reader);
  const epoch = reader.varint();
  const sequence = reader.varint();
  if (sequence === 0) {
    throw new DecodeError("rumours count from 1");
  }
  return { origin, epoch, sequence };
}

function encodeDigest(writer: WireWriter, digest: RumourDigest): void {
  writer.string(digest.hash);
  writer.string(digest.after);
  // A stream's key is never empty, so the empty string is free to stand for "to the end".
  writer.string(digest.until ?? "");
  encodeList(writer, digest.streams, encodeStream);
}

function decodeDigest(reader: WireReader): RumourDigest {
  const hash = reader.string(HASH_LENGTH);
  const after = reader.string();
  const until = reader.string();
  const streams = decodeList(reader, limits.MAX_DIGEST_STREAMS, decodeStream);
  return { hash, after, until: until === "" ? null : until, streams };
}

/** Gaps are written as distances, which mostly take one byte. */
function encodeStream(writer: WireWriter, stream: StreamDigest): void {
  writer.string(stream.origin);
  writer.varint(stream.epoch);
  writer.varint(stream.floor);
  writer.varint(stream.highest - stream.floor);
  writer.varint(stream.missing.length);
  let previous = stream.floor;
  for (const sequence of stream.missing) {
    writer.varint(sequence - previous);
    previous = sequence;
  }
}

function decodeStream(reader: WireReader): StreamDigest {
  const origin = decodeNode(reader);
  const epoch = reader.varint();
  const floor = reader.varint();
  const highest = floor + reader.varint(Number.MAX_SAFE_INTEGER - floor);
  const missing: number[] = [];
  const count = reader.varint(limits.MAX_MISSING);
  let previous = floor;
  for (let i = 0; i < count; i++) {
    const step = reader.varint(highest - previous);
    if (step === 0) {
      throw new DecodeError("gaps of a digest must rise");
    }
    previous += step;
    missing.push(previous);
  }
  return { origin, epoch, floor, highest, missing };
}
