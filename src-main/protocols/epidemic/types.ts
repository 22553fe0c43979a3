import type { ConsensusEffect, ConsensusInput } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { StateMachine } from "#main/kernel/state-machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { EpidemicOptions } from "./options.ts";

/** What the set grows by. Ordered everywhere by (lamport, origin). */
export interface Proposal {
  readonly origin: NodeId;
  /** Counts up from 1 with its origin's proposals; a lost disk may leave a gap. */
  readonly sequence: number;
  /** The origin's proposal before this one; zeros for the first. */
  readonly previous: Stamp;
  /** Over that of everything its origin held when it proposed. */
  readonly lamport: number;
  /** The origin's clock. Log time is the largest along the log. */
  readonly time: Micros;
  readonly command: Uint8Array;
}

export interface Stamp {
  readonly sequence: number;
  readonly lamport: number;
}

/**
 * A place in the total order. With the empty string for an origin it is one between two Lamport
 * times, where no proposal can be.
 */
export interface Place {
  readonly lamport: number;
  readonly origin: NodeId;
}

/**
 * What is known of one member, written by that member alone and spread by all. Every part only
 * rises, so two copies are merged by taking the larger of each.
 */
export interface Row {
  /** It will never propose with this Lamport time or a smaller one again. */
  readonly clock: number;
  /** Per origin, in the order of the members: the highest sequence that it has on its disk. */
  readonly held: readonly number[];
  /** Its vote: what it held up to there, and nothing else, should stay. */
  readonly closed: Vote;
  /** Up to there it knows the log to be decided. */
  readonly decided: Place;
}

/** A log from its beginning up to a place. */
export interface Vote extends Place {
  readonly index: number;
  /** Digest of the log up to `index`. */
  readonly chain: string;
}

/** An end of the log that a majority closed alike. */
export interface Cut extends Vote {
  /** Per origin: the highest sequence up to here. */
  readonly counts: readonly number[];
}

/** A cut with the state behind it: what late members start from. Equal at all who have it. */
export interface Base extends Cut {
  /** Log time at the cut. */
  readonly time: Micros;
  readonly snapshot: Uint8Array;
}

/** `group`, in all of them, is the digest of the list of members. */
export type EpidemicMessage =
  /** Anti-entropy: "this is the hash of my table; answer when yours is another". */
  | { readonly type: "probe"; readonly group: string; readonly hash: string }
  | {
      readonly type: "gossip";
      readonly group: string;
      readonly answer: GossipAnswer;
      readonly rows: readonly Row[];
      readonly decided: Cut;
      /** What the receiver lacks as far as the sender knows; any origin's in order. */
      readonly proposals: readonly Proposal[];
    }
  /** "Your log and mine differ where yours is decided: send me your checkpoint." */
  | { readonly type: "fetch"; readonly group: string; readonly at: number; readonly offset: number }
  | {
      readonly type: "chunk";
      readonly group: string;
      /** Index and digest of the checkpoint that this is a piece of. */
      readonly at: number;
      readonly digest: string;
      readonly offset: number;
      readonly total: number;
      readonly bytes: Uint8Array;
    };

/** Whether the receiver answers with its own table: no, when it knows more, in any case. */
export type GossipAnswer = "none" | "news" | "always";

export type EpidemicRecord =
  /** New proposals, own and received, and the vote as it then stood. */
  | {
      readonly kind: "log";
      readonly proposals: readonly Proposal[];
      readonly closed: Place | null;
    }
  /** Stands for everything before. */
  | {
      readonly kind: "checkpoint";
      readonly base: Base;
      readonly proposals: readonly Proposal[];
      readonly closed: Place | null;
    };

export type EpidemicInput = ConsensusInput<EpidemicMessage>;
export type EpidemicEffect = ConsensusEffect<EpidemicMessage, EpidemicRecord>;

export interface EpidemicSetup {
  readonly self: NodeId;
  /** Everybody who takes part, fixed for the life of the mesh; `self` may be none of them. */
  readonly members: readonly NodeId[];
  /**
   * A hint who is alive, read when needed: nobody waits for the others' word about the order. Wrong
   * hints cost time or a reordering, never an acknowledged proposal. All members when unknown.
   */
  readonly live: () => readonly NodeId[];
  readonly options: EpidemicOptions;
  readonly app: StateMachine;
  readonly random: Random;
  /** Records of former lives, oldest first; empty with a new or wiped disk. */
  readonly restore: readonly EpidemicRecord[];
}
