import type { BaseInput, Effect, NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { Robustness } from "./disjoint.ts";
import type { TopologyKind } from "./options.ts";

/** What one node says about its own links; a higher (incarnation, version) replaces a lower. */
export interface Advert {
  readonly node: NodeId;
  readonly incarnation: number;
  readonly version: number;
  readonly zone: string;
  /** Sorted. */
  readonly neighbours: readonly NodeId[];
  /** Round trips in microseconds, in the order of `neighbours`; 0: not measured yet. */
  readonly roundTripsUs: readonly number[];
}

/** Names one advert without its content. */
export interface AdvertStamp {
  readonly node: NodeId;
  readonly incarnation: number;
  readonly version: number;
}

/** Why an end wants, took or gave up a link. */
export type LinkReason =
  | "bootstrap"
  | "join"
  | "repair"
  | "optimise"
  | "topology"
  | "peer-dead"
  | "peer-left"
  | "peer-silent"
  | "trimmed"
  | "closed";

export type OfferReason = "join" | "repair" | "optimise" | "topology";
export type CloseReason =
  | "topology"
  | "trimmed"
  | "optimise"
  | "peer-silent"
  | "no-link"
  | "leaving";
export type RejectReason = "full" | "not-running" | "unknown";
/** Why a trace ended where it did. */
export type TraceEnd = "arrived" | "no-route" | "ttl" | "unknown" | "timeout";

export type LinksMessage =
  | { readonly type: "offer"; readonly reason: OfferReason }
  | { readonly type: "accept"; readonly reason: OfferReason }
  | { readonly type: "reject"; readonly reason: RejectReason }
  | { readonly type: "close"; readonly reason: CloseReason }
  | { readonly type: "ping"; readonly sequence: number }
  | { readonly type: "pong"; readonly sequence: number }
  | { readonly type: "adverts"; readonly adverts: readonly Advert[] }
  /** "My graph has this digest": the opening of a comparison between two neighbours. */
  | { readonly type: "compare"; readonly digest: string }
  /**
   * The stamps of all adverts whose node is over `after` and, unless null, not over `until`;
   * the receiver answers with what is newer, and with a `want` for what it lacks.
   */
  | {
      readonly type: "summary";
      readonly after: NodeId;
      readonly until: NodeId | null;
      readonly stamps: readonly AdvertStamp[];
    }
  | { readonly type: "want"; readonly nodes: readonly NodeId[] }
  /** `path` begins at the origin and ends at the sender. */
  | {
      readonly type: "trace";
      readonly trace: number;
      readonly to: NodeId;
      readonly ttl: number;
      readonly path: readonly NodeId[];
    }
  /** Goes back along `path`; `end` says why the trace went no further than its last node. */
  | {
      readonly type: "traced";
      readonly trace: number;
      readonly to: NodeId;
      readonly path: readonly NodeId[];
      readonly end: TraceEnd;
    };

/** What links need to know about a member: usable as a neighbour or not, and why not. */
export type LinkMemberState = "alive" | "suspect" | "unreachable" | "dead" | "left";

export type LinksInput =
  | BaseInput<LinksMessage>
  | {
      readonly kind: "member";
      readonly now: Micros;
      readonly member: NodeId;
      readonly state: LinkMemberState;
      readonly zone: string;
    }
  /** This node's own incarnation; adverts carry it. */
  | { readonly kind: "incarnation"; readonly now: Micros; readonly incarnation: number }
  | {
      readonly kind: "set-topology";
      readonly now: Micros;
      readonly topology: TopologyKind;
      /** Only for `custom`: the wanted links of the whole mesh. */
      readonly links?: readonly (readonly [NodeId, NodeId])[];
    }
  | {
      readonly kind: "trace";
      readonly now: Micros;
      /** The composition's number for this request; comes back in `traced`. */
      readonly request: number;
      readonly to: NodeId;
    }
  /** Graceful leave: closes every link and opens no more. */
  | { readonly kind: "leave"; readonly now: Micros };

export type LinksEvent =
  | { readonly kind: "link-up"; readonly peer: NodeId; readonly reason: LinkReason }
  | { readonly kind: "link-down"; readonly peer: NodeId; readonly reason: LinkReason }
  /** First measurement on a link, and later ones that differ by a quarter or more. */
  | { readonly kind: "latency"; readonly peer: NodeId; readonly roundTripUs: Micros }
  /** `missesAllowed` pings went unanswered. Evidence for a detector, not a verdict. */
  | { readonly kind: "silent"; readonly peer: NodeId; readonly misses: number }
  /** Too few links and nobody left to ask; said once until the degree is reached again. */
  | { readonly kind: "degree-low"; readonly degree: number; readonly wanted: number }
  /** Whether no single node's loss cuts the overlay; `weak` are the nodes whose loss would. */
  | { readonly kind: "disjoint"; readonly held: boolean; readonly weak: readonly NodeId[] }
  | {
      readonly kind: "traced";
      readonly request: number;
      readonly to: NodeId;
      readonly path: readonly NodeId[];
      readonly ok: boolean;
      readonly reason: TraceEnd;
    };

export type LinksEffect = Effect<LinksMessage, LinksEvent>;

/** A member as the formed mesh or the topology generator knows it. */
export interface MeshMember {
  readonly id: NodeId;
  readonly zone: string;
}

/**
 * A mesh that is complete at the start. Built once (`formMesh`) and shared by all its nodes, so
 * that a thousand nodes do not each hold a thousand copies.
 */
export interface FormedMesh {
  readonly members: ReadonlyMap<NodeId, MeshMember>;
  readonly neighbours: ReadonlyMap<NodeId, readonly NodeId[]>;
  /** Over the stamps of its adverts: `graphDigest` of every node at the start. */
  readonly digest: string;
  readonly robustness: Robustness;
}
