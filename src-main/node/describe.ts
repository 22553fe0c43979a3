/** A packet as a person reads it: which protocol, what it says, and what membership added to it. */
import { heartbeatCodec } from "#main/kernel/heartbeat-codec.ts";
import { sessionCommandCodec } from "#main/kernel/sessions.ts";
import { type Codec, DecodeError, WireReader } from "#main/kernel/wire.ts";
import { aggregationCodec } from "#main/protocols/aggregation/codec.ts";
import { epidemicCodec } from "#main/protocols/epidemic/codec.ts";
import { gossipCodec } from "#main/protocols/gossip/codec.ts";
import { linksCodec } from "#main/protocols/links/codec.ts";
import { membershipCodec, readUpdates } from "#main/protocols/membership/codec.ts";
import { memoryCodec } from "#main/protocols/memory/codec.ts";
import { decodeWith, strongCommandCodec } from "#main/protocols/memory/strong-command.ts";
import { pbftCodec } from "#main/protocols/pbft/codec.ts";
import { proposalsCodec } from "#main/protocols/proposals/codec.ts";
import { raftCodec } from "#main/protocols/raft/codec.ts";
import { swimCodec } from "#main/protocols/swim/codec.ts";
import { carriesUpdates, PACKET_VERSION, type ProtocolName, readProtocol } from "./packet.ts";

const READERS: Readonly<Record<ProtocolName, Codec<unknown>["decode"]>> = {
  membership: (reader) => membershipCodec.decode(reader),
  swim: (reader) => swimCodec.decode(reader),
  heartbeat: (reader) => heartbeatCodec.decode(reader),
  phi: (reader) => heartbeatCodec.decode(reader),
  gossip: (reader) => gossipCodec.decode(reader),
  links: (reader) => linksCodec.decode(reader),
  raft: (reader) => raftCodec.decode(reader),
  pbft: (reader) => pbftCodec.decode(reader),
  epidemic: (reader) => epidemicCodec.decode(reader),
  memory: (reader) => memoryCodec.decode(reader),
  proposals: (reader) => proposalsCodec.decode(reader),
  aggregation: (reader) => aggregationCodec.decode(reader),
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
  const message = withCommands(READERS[protocol](reader), 0);
  const packet = { protocol, version: PACKET_VERSION, message };
  if (!carriesUpdates(protocol)) {
    reader.expectEnd();
    return packet;
  }
  const updates = readUpdates(reader);
  reader.expectEnd();
  return updates.length === 0 ? packet : { ...packet, updates };
}

/** Where agreement carries the bytes of a client's command. */
const COMMAND_FIELDS: ReadonlySet<string> = new Set(["command", "payload", "data"]);
const MAX_DEPTH = 8;

/** The same value, with commands of the strong memory read too, wherever some are inside. */
function withCommands(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH || typeof value !== "object" || value === null) {
    return value;
  }
  if (value instanceof Uint8Array || value instanceof Map || value instanceof Set) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item) => withCommands(item, depth + 1));
  }
  const entries = Object.entries(value).map(([name, item]: [string, unknown]) => [
    name,
    item instanceof Uint8Array && COMMAND_FIELDS.has(name)
      ? readCommand(item)
      : withCommands(item, depth + 1),
  ]);
  return Object.fromEntries(entries) as unknown;
}

/** Alone, or inside of a client's session; the bytes where it is neither. */
function readCommand(bytes: Uint8Array): unknown {
  const alone = tryRead(strongCommandCodec, bytes);
  if (alone !== null) {
    return alone;
  }
  const session = tryRead(sessionCommandCodec, bytes);
  if (session === null) {
    return bytes;
  }
  const command = tryRead(strongCommandCodec, session.command) ?? session.command;
  return { ...session, command };
}

function tryRead<T>(codec: Codec<T>, bytes: Uint8Array): T | null {
  try {
    return decodeWith(codec, bytes);
  } catch (error) {
    if (error instanceof DecodeError) {
      return null;
    }
    throw error;
  }
}
