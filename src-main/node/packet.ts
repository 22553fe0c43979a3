/**
 * What travels between two nodes: a version, the protocol's tag, one message of that protocol,
 * and behind most of them membership's updates (SWIM's piggyback), as many as fit the budget.
 */
import { DecodeError, type WireReader } from "#main/kernel/wire.ts";

export const PACKET_VERSION = 1;
/** A packet of this size crosses common networks unfragmented; updates never make it larger. */
export const PACKET_BUDGET_BYTES = 1_400;

const PROTOCOLS = [
  "membership",
  "swim",
  "heartbeat",
  "phi",
  "gossip",
  "links",
  "raft",
  "pbft",
  "epidemic",
  "memory",
  "proposals",
  "aggregation",
] as const;
export type ProtocolName = (typeof PROTOCOLS)[number];

/** Membership speaks for itself; agreement and state travel often enough without its updates. */
const CARRIERS: ReadonlySet<ProtocolName> = new Set([
  "swim",
  "heartbeat",
  "phi",
  "gossip",
  "links",
]);

/** Whether membership's updates ride behind messages of this protocol. */
export function carriesUpdates(name: ProtocolName): boolean {
  return CARRIERS.has(name);
}

/** Messages are told apart by one of these fields. */
export type NamedMessage = { readonly kind: string } | { readonly type: string };

export function protocolTag(name: ProtocolName): number {
  return PROTOCOLS.indexOf(name);
}

/** Reads version and tag. Throws `DecodeError` for another version or an unknown protocol. */
export function readProtocol(reader: WireReader): ProtocolName {
  const version = reader.u8();
  if (version !== PACKET_VERSION) {
    throw new DecodeError(`packet version ${version} is not ${PACKET_VERSION}`);
  }
  const tag = reader.u8();
  const name = PROTOCOLS[tag];
  if (name === undefined) {
    throw new DecodeError(`unknown protocol ${tag}`);
  }
  return name;
}

/** "swim.ping" and the like, made once for each name so that traces share the strings. */
export class MessageNames {
  readonly #names = new Map<string, string>();
  readonly #prefix: string;

  constructor(protocol: ProtocolName) {
    this.#prefix = `${protocol}.`;
  }

  of(message: NamedMessage): string {
    const type = "kind" in message ? message.kind : message.type;
    let name = this.#names.get(type);
    if (name === undefined) {
      name = this.#prefix + type;
      this.#names.set(type, name);
    }
    return name;
  }
}
