import type { BaseInput, Effect, NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { GossipOptions } from "./options.ts";

/**
 * Names a rumour for ever. `epoch` is the time of the origin's first start with an empty disk, so
 * an origin that lost its disk counts from 1 again without using an id twice.
 */
export interface RumourId {
  readonly origin: NodeId;
  readonly epoch: Micros;
  /** Counts from 1 within an epoch, without gaps. */
  readonly sequence: number;
}

export interface Rumour {
  readonly id: RumourId;
  /** 1 to `MAX_TOPIC_LENGTH` characters. */
  readonly topic: string;
  /** Up to `MAX_PAYLOAD_BYTES`. */
  readonly payload: Uint8Array;
  /** Urgent rumours are mongered at once instead of waiting for rounds. */
  readonly urgent: boolean;
  /** The origin's Lamport time at publication; rises with the sequence. */
  readonly lamport: number;
}

/** How a rumour came to a node. */
export type RumourVia = "push" | "pull" | "anti-entropy" | "mongering";

/** A rumour under way; `hops` is 1 on the first leg. */
export interface RumourCopy {
  readonly rumour: Rumour;
  readonly hops: number;
}

/** What one node holds of one (origin, epoch): all of (floor, highest] except `missing`. */
export interface StreamDigest {
  readonly origin: NodeId;
  readonly epoch: Micros;
  /** Sequences up to here are known or too old to be taken. */
  readonly floor: number;
  readonly highest: number;
  /** Ascending. */
  readonly missing: readonly number[];
}

/**
 * Known ids, for comparison. Speaks about the streams whose key is over `after` and, unless it is
 * null, not over `until`: a stream of that range that is not listed is not known at all.
 */
export interface RumourDigest {
  /** `Gossip.digest` of the sender: when equal to the receiver's there is nothing to do. */
  readonly hash: string;
  readonly after: string;
  readonly until: string | null;
  readonly streams: readonly StreamDigest[];
}

export type GossipMessage =
  | { readonly type: "rumours"; readonly via: RumourVia; readonly copies: readonly RumourCopy[] }
  /** "Of what you mongered I knew these already." */
  | { readonly type: "feedback"; readonly known: readonly RumourId[] }
  | { readonly type: "pull"; readonly digest: RumourDigest }
  | { readonly type: "compare"; readonly digest: RumourDigest }
  /** Anti-entropy's second half: "send me these". */
  | { readonly type: "want"; readonly ids: readonly RumourId[] };

export type GossipInput =
  | BaseInput<GossipMessage>
  | {
      readonly kind: "publish";
      readonly now: Micros;
      /** The composition's number for this request; comes back in `published` or `refused`. */
      readonly request: number;
      readonly topic: string;
      readonly payload: Uint8Array;
      readonly urgent: boolean;
    }
  /** The partition machine's word; a machine starts writable. */
  | { readonly kind: "writable"; readonly now: Micros; readonly writable: boolean }
  /** Changes options while running. The result must be valid (`validateGossipOptions`). */
  | {
      readonly kind: "configure";
      readonly now: Micros;
      readonly change: Partial<GossipOptions>;
    };

/** Why a publication was refused. */
export type PublishRefusal = "read-only" | "too-large" | "bad-topic" | "not-running";

export type GossipEvent =
  | { readonly kind: "published"; readonly request: number; readonly rumour: Rumour }
  | { readonly kind: "refused"; readonly request: number; readonly code: PublishRefusal }
  /** Delivered to the application: exactly once for each id, or never. */
  | {
      readonly kind: "received";
      readonly rumour: Rumour;
      readonly from: NodeId;
      readonly via: RumourVia;
      readonly hops: number;
      /** Rounds this node had begun when the rumour came. */
      readonly round: number;
    }
  /** This node stopped mongering the rumour; `sent` copies went out from here. */
  | { readonly kind: "cooled"; readonly id: RumourId; readonly sent: number }
  | { readonly kind: "round"; readonly counts: RoundCounts };

/** What one node did since its previous round; totals for metrics, never about one rumour. */
export interface RoundCounts {
  readonly round: number;
  readonly antiEntropy: boolean;
  readonly messages: number;
  readonly copies: number;
  readonly bytes: number;
  /** Copies held back because the round's byte budget was spent. */
  readonly deferred: number;
  readonly duplicates: number;
  readonly tooOld: number;
  /** Rumours still mongered when the round began. */
  readonly hot: number;
}

/** One rumour in the node's store. Replayed in order they rebuild store, window and sequence. */
export interface GossipRecord {
  readonly rumour: Rumour;
  readonly hops: number;
}

export type GossipEffect = Effect<GossipMessage, GossipEvent, GossipRecord>;

/** Copies and bytes this node sent of one rumour. */
export interface RumourTraffic {
  readonly messages: number;
  readonly bytes: number;
}
