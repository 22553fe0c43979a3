/** The SWIM messages on the wire: a tag, a sequence number, and what the kind needs. */
import type { Codec } from "#main/kernel/wire.ts";
import { DecodeError } from "#main/kernel/wire.ts";
import type { SwimMessage } from "./types.ts";

const TAG = { ping: 1, ack: 2, "ping-req": 3, nack: 4 } as const;
const MAX_ID_BYTES = 64;

export const swimCodec: Codec<SwimMessage> = {
  encode(writer, message) {
    writer.u8(TAG[message.kind]);
    writer.varint(message.sequence);
    if (message.kind === "ping" || message.kind === "ping-req") {
      writer.string(message.target);
    } else if (message.kind === "ack") {
      writer.varint(message.incarnation);
    }
  },
  decode(reader) {
    const tag = reader.u8();
    const sequence = reader.varint();
    switch (tag) {
      case TAG.ping:
        return { kind: "ping", sequence, target: reader.string(MAX_ID_BYTES) };
      case TAG.ack:
        return { kind: "ack", sequence, incarnation: reader.varint() };
      case TAG["ping-req"]:
        return { kind: "ping-req", sequence, target: reader.string(MAX_ID_BYTES) };
      case TAG.nack:
        return { kind: "nack", sequence };
      default:
        throw new DecodeError(`unknown SWIM message ${tag}`);
    }
  },
};
