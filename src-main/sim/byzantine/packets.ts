/** Opens the packets of agreement protocols and closes them again, as any node could. */
import { type Codec, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { PACKET_VERSION, type ProtocolName, protocolTag, readProtocol } from "#main/node/packet.ts";
import { aggregationCodec } from "#main/protocols/aggregation/codec.ts";
import type { AggregationMessage } from "#main/protocols/aggregation/types.ts";
import { pbftCodec } from "#main/protocols/pbft/codec.ts";
import type { PbftMessage } from "#main/protocols/pbft/types.ts";
import { raftCodec } from "#main/protocols/raft/codec.ts";
import type { RaftMessage } from "#main/protocols/raft/types.ts";

export type Opened =
  | { readonly protocol: "pbft"; readonly message: PbftMessage }
  | { readonly protocol: "raft"; readonly message: RaftMessage }
  | { readonly protocol: "aggregation"; readonly message: AggregationMessage }
  /** Part of an agreement too, but nothing that a traitor knows how to alter. */
  | { readonly protocol: "other" };

/** Null: no business of a traitor; it stays a good member otherwise, or it would just be dead. */
export function openPacket(bytes: Uint8Array): Opened | null {
  const reader = new WireReader(bytes);
  const protocol = readProtocol(reader);
  switch (protocol) {
    case "pbft":
      return { protocol, message: pbftCodec.decode(reader) };
    case "raft":
      return { protocol, message: raftCodec.decode(reader) };
    case "aggregation":
      return { protocol, message: aggregationCodec.decode(reader) };
    case "epidemic":
    case "proposals":
    case "memory":
      return { protocol: "other" };
    default:
      return null;
  }
}

export function pbftPacket(message: PbftMessage): Uint8Array {
  return packet("pbft", pbftCodec, message);
}

export function raftPacket(message: RaftMessage): Uint8Array {
  return packet("raft", raftCodec, message);
}

export function aggregationPacket(message: AggregationMessage): Uint8Array {
  return packet("aggregation", aggregationCodec, message);
}

function packet<Message>(
  protocol: ProtocolName,
  codec: Codec<Message>,
  message: Message,
): Uint8Array {
  const writer = new WireWriter();
  writer.u8(PACKET_VERSION);
  writer.u8(protocolTag(protocol));
  codec.encode(writer, message);
  return writer.finish();
}
