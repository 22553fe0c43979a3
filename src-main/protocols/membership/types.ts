/** The words of the membership machine: its inputs, events, records and views. */
import type { BaseInput, Effect, NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { JoinRefusal, MemberMetadata, MemberState } from "./member.ts";
import type { MembershipMessage } from "./messages.ts";

export type { JoinRefusal, MemberMetadata, MemberState } from "./member.ts";

/** A member as one observer sees it. */
export interface MemberView {
  readonly id: NodeId;
  readonly state: MemberState;
  readonly incarnation: number;
  readonly metadata: MemberMetadata;
  /** When this observer's verdict last changed. */
  readonly since: Micros;
  /** Whether it counts in the agreed membership, the denominator of every quorum. */
  readonly agreed: boolean;
}

/** A member that is known, and agreed, before the machine starts (a mesh that starts formed). */
export interface InitialMember {
  readonly id: NodeId;
  readonly incarnation: number;
  readonly metadata: MemberMetadata;
}

/** What a node is born with. */
export interface MembershipBoot {
  readonly self: NodeId;
  readonly metadata: MemberMetadata;
  /** What the records on the node's disk add up to; `null` on an empty disk. */
  readonly record: DurableMembership | null;
  /** Everybody else in a mesh that starts formed; empty for all others, also for a restarted node. */
  readonly members: readonly InitialMember[];
}

/** One write: the claim as it is now, and what changed in the agreed membership since the last. */
export interface MembershipRecord {
  readonly incarnation: number;
  /** Lamport time of the newest leave intent this node issued. */
  readonly leaveTime: number;
  /** Members that count from here on, and members that count no longer. */
  readonly joined: readonly NodeId[];
  readonly gone: readonly NodeId[];
}

/** The whole durable state: what the records say, read in their order. */
export interface DurableMembership {
  readonly incarnation: number;
  readonly leaveTime: number;
  /** The last agreed membership, this node included when it belonged to it. */
  readonly agreed: ReadonlySet<NodeId>;
}

/** Why a detector reports a member. */
export type ReportReason = "no-ack" | "silent" | "phi";

export type MembershipInput =
  | BaseInput<MembershipMessage>
  /** Contact these nodes, again and again with backoff, until one lets this node in. */
  | { readonly kind: "join"; readonly now: Micros; readonly seeds: readonly NodeId[] }
  | { readonly kind: "leave"; readonly now: Micros }
  /** A detector's verdict: this node itself got no sign of life from the member. */
  | {
      readonly kind: "report";
      readonly now: Micros;
      readonly member: NodeId;
      readonly reason: ReportReason;
    }
  /** A detector's evidence: the member itself answered directly, claiming this incarnation. */
  | {
      readonly kind: "answered";
      readonly now: Micros;
      readonly member: NodeId;
      readonly incarnation: number;
    }
  /** Whether this node's side may change anything; joins and removals are refused when not. */
  | { readonly kind: "writable"; readonly now: Micros; readonly writable: boolean }
  | { readonly kind: "describe"; readonly now: Micros; readonly metadata: MemberMetadata }
  /** An operator takes a dead member out of the agreed membership. */
  | { readonly kind: "forget"; readonly now: Micros; readonly member: NodeId };

/** Why a verdict changed. */
export type StateReason =
  | ReportReason
  | "gossip"
  | "sync"
  | "joined"
  | "refuted"
  | "suspicion-timeout"
  | "quorum"
  | "leave"
  | "forgotten";

export type MembershipEvent =
  | {
      readonly kind: "state";
      readonly member: NodeId;
      readonly state: MemberState;
      /** `null` when the member was unknown. */
      readonly previous: MemberState | null;
      readonly incarnation: number;
      readonly reason: StateReason;
      /** The accuser, or who told; `null` when it is this node's own conclusion. */
      readonly by: NodeId | null;
    }
  /** This node may now claim the incarnation: it is on disk. Also emitted once after `start`. */
  | { readonly kind: "incarnation"; readonly incarnation: number }
  /** This node heard an accusation against itself and answered with the incarnation. */
  | { readonly kind: "refuted"; readonly incarnation: number; readonly accusedBy: NodeId | null }
  | { readonly kind: "metadata"; readonly member: NodeId; readonly metadata: MemberMetadata }
  /** The number of distinct observers of (member, incarnation) grew. */
  | {
      readonly kind: "observed";
      readonly member: NodeId;
      readonly incarnation: number;
      readonly observers: number;
      readonly needed: number;
      readonly of: number;
    }
  | {
      readonly kind: "confirmed";
      readonly member: NodeId;
      readonly incarnation: number;
      readonly observers: readonly NodeId[];
      readonly needed: number;
      readonly of: number;
    }
  /** A joiner now counts in the agreed membership, whose size is `of`. */
  | { readonly kind: "agreed"; readonly member: NodeId; readonly of: number }
  /** A seed let this node in; `members` counts everybody it knows, itself included. */
  | { readonly kind: "joined"; readonly via: NodeId; readonly members: number }
  | {
      readonly kind: "join-failed";
      readonly seeds: readonly NodeId[];
      readonly attempt: number;
      readonly reason: "no-answer" | "read-only" | "left" | "full";
      readonly retryAt: Micros;
    }
  /** This node, as a seed, turned a joiner away. */
  | { readonly kind: "join-refused"; readonly member: NodeId; readonly reason: JoinRefusal }
  | { readonly kind: "leaving" }
  /** The leave had time to spread; the driver may stop the node. */
  | { readonly kind: "left" }
  /** The member is no longer listed (forgotten, or left long ago). */
  | { readonly kind: "removed"; readonly member: NodeId }
  | { readonly kind: "forget-refused"; readonly member: NodeId; readonly reason: ForgetRefusal };

export type ForgetRefusal = "unknown" | "not-dead" | "read-only";

export type MembershipEffect = Effect<MembershipMessage, MembershipEvent, MembershipRecord>;
