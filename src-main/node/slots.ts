/** The places of the machines that every node has; the detector's place depends on its kind. */
import { type Codec, DecodeError } from "#main/kernel/wire.ts";
import { aggregationCodec } from "#main/protocols/aggregation/codec.ts";
import type { AggregationMessage } from "#main/protocols/aggregation/types.ts";
import { gossipCodec, gossipRecordCodec } from "#main/protocols/gossip/codec.ts";
import type { GossipMessage, GossipRecord } from "#main/protocols/gossip/types.ts";
import { linksCodec } from "#main/protocols/links/codec.ts";
import type { LinksMessage } from "#main/protocols/links/types.ts";
import { memoryCodec, memoryRecordCodec } from "#main/protocols/memory/codec.ts";
import type { MemoryMessage, MemoryRecord } from "#main/protocols/memory/types.ts";
import { membershipCodec, membershipRecordCodec } from "#main/protocols/membership/codec.ts";
import type { MembershipMessage } from "#main/protocols/membership/messages.ts";
import type { MembershipRecord } from "#main/protocols/membership/types.ts";
import { proposalsCodec, proposalsRecordCodec } from "#main/protocols/proposals/codec.ts";
import type { ProposalsMessage, ProposalsRecord } from "#main/protocols/proposals/types.ts";
import { reputationRecordCodec } from "#main/protocols/reputation/codec.ts";
import type { ReputationRecord } from "#main/protocols/reputation/types.ts";
import type { Slot } from "./outbox.ts";
import { MessageNames } from "./packet.ts";

export const MEMBERSHIP_RECORD = 1;
export const GOSSIP_RECORD = 2;
export const CONSENSUS_RECORD = 3;
export const MEMORY_RECORD = 4;
export const PROPOSALS_RECORD = 5;
export const REPUTATION_RECORD = 6;

export const MEMBERSHIP_SLOT: Slot<MembershipMessage, MembershipRecord> = {
  timers: "membership:",
  protocol: "membership",
  codec: membershipCodec,
  names: new MessageNames("membership"),
  record: { tag: MEMBERSHIP_RECORD, codec: membershipRecordCodec },
};

export const GOSSIP_SLOT: Slot<GossipMessage, GossipRecord> = {
  timers: "gossip:",
  protocol: "gossip",
  codec: gossipCodec,
  names: new MessageNames("gossip"),
  record: { tag: GOSSIP_RECORD, codec: gossipRecordCodec },
};

export const MEMORY_SLOT: Slot<MemoryMessage, MemoryRecord> = {
  timers: "memory:",
  protocol: "memory",
  codec: memoryCodec,
  names: new MessageNames("memory"),
  record: { tag: MEMORY_RECORD, codec: memoryRecordCodec },
};

export const LINKS_SLOT: Slot<LinksMessage, never> = {
  timers: "links:",
  protocol: "links",
  codec: linksCodec,
  names: new MessageNames("links"),
  record: null,
};

export const AGGREGATION_SLOT: Slot<AggregationMessage, never> = {
  timers: "aggregation:",
  protocol: "aggregation",
  codec: aggregationCodec,
  names: new MessageNames("aggregation"),
  record: null,
};

export const PROPOSALS_SLOT: Slot<ProposalsMessage, ProposalsRecord> = {
  timers: "proposals:",
  protocol: "proposals",
  codec: proposalsCodec,
  names: new MessageNames("proposals"),
  record: { tag: PROPOSALS_RECORD, codec: proposalsRecordCodec },
};

/** For what has no messages of its own. */
const noCodec: Codec<never> = {
  encode: (_writer, message: never) => message,
  decode: () => {
    throw new DecodeError("there are no such messages");
  },
};

/** Books about others are kept on the disk; they do not travel. */
export const REPUTATION_SLOT: Slot<never, ReputationRecord> = {
  timers: "reputation:",
  protocol: "membership",
  codec: noCodec,
  names: new MessageNames("membership"),
  record: { tag: REPUTATION_RECORD, codec: reputationRecordCodec },
};

export const PARTITION_SLOT: Slot<never, never> = {
  timers: "partition:",
  protocol: "membership",
  codec: noCodec,
  names: new MessageNames("membership"),
  record: null,
};
