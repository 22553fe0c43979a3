/** What membership machines say to each other. */
import type { NodeId } from "#main/kernel/machine.ts";
import type { JoinRefusal, MemberMetadata, MemberState } from "./member.ts";

/** One observer of (member, incarnation), and how long ago it last found the member unreachable. */
export interface Observation {
  readonly observer: NodeId;
  /** Milliseconds, rounded up to a multiple of 100 at every hop: an age never shrinks on its way. */
  readonly ageMs: number;
}

/**
 * Many observers at once, as bits over a roster that both sides know: bit i of a group is the i-th of
 * the agreed members in the order of their names. Of use only to who has the same roster.
 */
export interface Ballots {
  /** Hash of the sender's agreed membership. */
  readonly roster: string;
  readonly groups: readonly BallotGroup[];
}

export interface BallotGroup {
  /** Milliseconds, as in an observation; that of the group's oldest. */
  readonly ageMs: number;
  /** Lowest bit first; missing bytes are zero. */
  readonly bits: Uint8Array;
}

/** One piece of news about one member; the unit of dissemination. */
export type Update =
  | {
      readonly kind: "alive";
      readonly member: NodeId;
      readonly incarnation: number;
      readonly metadata: MemberMetadata;
    }
  | {
      readonly kind: "suspect";
      readonly member: NodeId;
      readonly incarnation: number;
      readonly accuser: NodeId;
    }
  /** Some of the observers the sender counts; a whole certificate may take several updates. */
  | {
      readonly kind: "observed";
      readonly member: NodeId;
      readonly incarnation: number;
      readonly observations: readonly Observation[];
      readonly ballots?: Ballots;
    }
  | {
      readonly kind: "left";
      readonly member: NodeId;
      readonly incarnation: number;
      /** Lamport time of the leave intent. */
      readonly leaveTime: number;
    }
  | { readonly kind: "forgotten"; readonly member: NodeId; readonly incarnation: number };

/** One row of a full state exchange. */
export interface MemberSnapshot {
  readonly id: NodeId;
  readonly state: MemberState;
  readonly incarnation: number;
  readonly metadata: MemberMetadata;
  readonly agreed: boolean;
  readonly leaveTime: number;
  readonly observations: readonly Observation[];
  readonly ballots?: Ballots;
}

export type MembershipMessage =
  | { readonly kind: "gossip"; readonly updates: readonly Update[] }
  /** "Let me in." Answered with `state`, or with `join-refused`. */
  | { readonly kind: "join"; readonly member: MemberSnapshot }
  | { readonly kind: "join-refused"; readonly reason: JoinRefusal }
  /** "I hold this unreachable and know too few votes." Answered with what the receiver counts. */
  | { readonly kind: "votes"; readonly member: NodeId; readonly incarnation: number }
  /** "This is the digest of my state." Answered with `state` when the receiver's differs. */
  | { readonly kind: "sync"; readonly digest: string }
  /** `wanted`: the receiver answers with its own state, `wanted: false`. */
  | {
      readonly kind: "state";
      readonly members: readonly MemberSnapshot[];
      readonly wanted: boolean;
    };
