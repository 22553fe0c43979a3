/** From a node's disk to what its machines are born with. */
import { DecodeError, WireReader } from "#main/kernel/wire.ts";
import { gossipRecordCodec } from "#main/protocols/gossip/codec.ts";
import type { GossipRecord } from "#main/protocols/gossip/types.ts";
import { membershipRecordCodec } from "#main/protocols/membership/codec.ts";
import type { MembershipRecord } from "#main/protocols/membership/types.ts";
import { restoreDisk } from "./records.ts";
import { GOSSIP_RECORD, MEMBERSHIP_RECORD } from "./slots.ts";

export interface RestoredNode {
  /** The newest one: it holds the whole durable state of membership. */
  readonly membership: MembershipRecord | null;
  readonly gossip: readonly GossipRecord[];
  /** Records that were damaged, or came after a damaged one. */
  readonly discarded: number;
}

export function restoreNode(disk: readonly Uint8Array[]): RestoredNode {
  const { records, discarded } = restoreDisk(disk);
  let membership: MembershipRecord | null = null;
  const gossip: GossipRecord[] = [];
  for (const { tag, body } of records) {
    const reader = new WireReader(body);
    switch (tag) {
      case MEMBERSHIP_RECORD:
        membership = membershipRecordCodec.decode(reader);
        break;
      case GOSSIP_RECORD:
        gossip.push(gossipRecordCodec.decode(reader));
        break;
      default:
        throw new DecodeError(`a record of an unknown kind: ${tag}`);
    }
  }
  return { membership, gossip, discarded };
}
