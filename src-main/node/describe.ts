/** A packet as a person reads it: which protocol, what it says, and what membership added to it. */
import { heartbeatCodec } from "#main/kernel/heartbeat-codec.ts";
import { type Codec, DecodeError, WireReader } from "#main/kernel/wire.ts";
import { gossipCodec } from "#main/protocols/gossip/codec.ts";
import { linksCodec } from "#main/protocols/links/codec.ts";
import { membershipCodec, readUpdates } from "#main/protocols/membership/codec.ts";
import { swimCodec } from "#main/protocols/swim/codec.ts";
import { carriesUpdates, PACKET_VERSION, type ProtocolName, readProtocol } from "./packet.ts";

/** Protocols whose messages are read; of others the bytes are shown. */
const READERS: Partial<Record<ProtocolName, Codec<unknown>["decode"]>> = {
  membership: (reader) => membershipCodec.decode(reader),
  swim: (reader) => swimCodec.decode(reader),
  heartbeat: (reader) => heartbeatCodec.decode(reader),
  phi: (reader) => heartbeatCodec.decode(reader),
  gossip: (reader) => gossipCodec.decode(reader),
  links: (reader) => linksCodec.decode(reader),
};

/** Never throws: of bytes that are no packet it says why. */
export function describePacket(bytes: Uint8Array): unknown {
  try {
    return read(bytes);
  } catch (error) {
    if (!(error instanceof DecodeError)) {
      throw error;
    }
    return { unreadable: error.message, bytes };
  }
}

function read(bytes: Uint8Array): unknown {
  const reader = new WireReader(bytes);
  const protocol = readProtocol(reader);
  const decode = READERS[protocol];
  if (decode === undefined) {
    return { protocol, version: PACKET_VERSION, bytes };
  }
  const message = decode(reader);
  const packet = { protocol, version: PACKET_VERSION, message };
  if (!carriesUpdates(protocol)) {
    reader.expectEnd();
    return packet;
  }
  const updates = readUpdates(reader);
  reader.expectEnd();
  return updates.length === 0 ? packet : { ...packet, updates };
}
