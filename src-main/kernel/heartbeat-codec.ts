/** The heartbeat on the wire: a tag, so that the format can grow, and two numbers. */
import type { Heartbeat } from "./detector.ts";
import { type Codec, DecodeError } from "./wire.ts";

const TAG_HEARTBEAT = 1;

export const heartbeatCodec: Codec<Heartbeat> = {
  encode(writer, message) {
    writer.u8(TAG_HEARTBEAT);
    writer.varint(message.sequence);
    writer.varint(message.incarnation);
  },
  decode(reader) {
    const tag = reader.u8();
    if (tag !== TAG_HEARTBEAT) {
      throw new DecodeError(`unknown heartbeat message ${tag}`);
    }
    return { kind: "heartbeat", sequence: reader.varint(), incarnation: reader.varint() };
  },
};
