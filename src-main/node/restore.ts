/** From a node's disk to what its machines are born with. */
import type { NodeId } from "#main/kernel/machine.ts";
import { DecodeError, WireReader } from "#main/kernel/wire.ts";
import { gossipRecordCodec } from "#main/protocols/gossip/codec.ts";
import type { GossipRecord } from "#main/protocols/gossip/types.ts";
import { memoryRecordCodec } from "#main/protocols/memory/codec.ts";
import type { MemoryRecord } from "#main/protocols/memory/types.ts";
import { membershipRecordCodec } from "#main/protocols/membership/codec.ts";
import { afterRecord } from "#main/protocols/membership/durable.ts";
import type { DurableMembership } from "#main/protocols/membership/types.ts";
import { proposalsRecordCodec } from "#main/protocols/proposals/codec.ts";
import type { ProposalsRecord } from "#main/protocols/proposals/types.ts";
import { reputationRecordCodec } from "#main/protocols/reputation/codec.ts";
import type { ReputationRecord } from "#main/protocols/reputation/types.ts";
import type { NodeBoot } from "./mesh-node.ts";
import { LOSS_RECORD, restoreDisk } from "./records.ts";
import {
  CONSENSUS_RECORD,
  GOSSIP_RECORD,
  MEMBERSHIP_RECORD,
  MEMORY_RECORD,
  PROPOSALS_RECORD,
  REPUTATION_RECORD,
} from "./slots.ts";

export interface RestoredNode {
  /** What all records of membership add up to; `null` when there are none. */
  readonly membership: DurableMembership | null;
  readonly gossip: readonly GossipRecord[];
  /** Bodies of the agreement protocol's records: only the protocol can read them. */
  readonly consensus: readonly Uint8Array[];
  readonly memory: readonly MemoryRecord[];
  readonly proposals: readonly ProposalsRecord[];
  readonly reputation: readonly ReputationRecord[];
  /** Records that were damaged, or came after a damaged one. */
  readonly discarded: number;
  /**
   * Records that were whole once are lost, and agreement has not written down since that it knows:
   * the node may have said what it no longer remembers.
   */
  readonly amnesia: boolean;
}

export function restoreNode(disk: readonly Uint8Array[]): RestoredNode {
  const { records, discarded, amnesia: lost } = restoreDisk(disk);
  /** Whether agreement lost something that it has not written down since. */
  let amnesia = false;
  let membership: DurableMembership | null = null;
  const gossip: GossipRecord[] = [];
  const consensus: Uint8Array[] = [];
  const memory: MemoryRecord[] = [];
  const proposals: ProposalsRecord[] = [];
  const reputation: ReputationRecord[] = [];
  for (const { tag, body } of records) {
    const reader = new WireReader(body);
    switch (tag) {
      case MEMBERSHIP_RECORD:
        membership = afterRecord(membership, membershipRecordCodec.decode(reader));
        break;
      case GOSSIP_RECORD:
        gossip.push(gossipRecordCodec.decode(reader));
        break;
      case CONSENSUS_RECORD:
        consensus.push(body);
        amnesia = false;
        break;
      case LOSS_RECORD:
        amnesia = true;
        break;
      case MEMORY_RECORD:
        memory.push(memoryRecordCodec.decode(reader));
        break;
      case PROPOSALS_RECORD:
        proposals.push(proposalsRecordCodec.decode(reader));
        break;
      case REPUTATION_RECORD:
        reputation.push(reputationRecordCodec.decode(reader));
        break;
      default:
        throw new DecodeError(`a record of an unknown kind: ${tag}`);
    }
  }
  return {
    membership,
    gossip,
    consensus,
    memory,
    proposals,
    reputation,
    discarded,
    amnesia: amnesia || lost,
  };
}

/**
 * Whom the partition machine of a node takes as reachable from its start, when the mesh does not
 * start formed: a founder itself. A joiner counts nobody until it is let in, and whoever remembers
 * others has not heard of any of them yet.
 */
export function agreedAtBoot(
  boot: Pick<NodeBoot, "id" | "seeds">,
  restored: RestoredNode,
): ReadonlySet<NodeId> {
  const remembered = restored.membership?.agreed ?? new Set();
  const alone = remembered.size === 0 || (remembered.size === 1 && remembered.has(boot.id));
  return new Set(boot.seeds.length === 0 && alone ? [boot.id] : []);
}
