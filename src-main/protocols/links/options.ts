export const TOPOLOGY_KINDS = [
  "grid",
  "ring",
  "star",
  "full",
  "random-regular",
  "hierarchical",
  "small-world",
  "custom",
] as const;

export type TopologyKind = (typeof TOPOLOGY_KINDS)[number];

export interface LinksOptions {
  /** The shape the overlay strives for; `setTopology` changes it live. */
  readonly kind: TopologyKind;
  /** Fewer links than this are repaired. Ring, star, full and custom have rules of their own. */
  readonly minNeighbours: number;
  /** More links than this are refused, or trimmed where that cuts nothing. */
  readonly maxNeighbours: number;
  /**
   * Time between announcements in a mesh of up to ten nodes; larger meshes wait in proportion
   * (`refreshIntervalMs`). Changes are announced at once. Lower notices loss sooner.
   */
  readonly announceIntervalMs: number;
  /** Changes learnt within this time travel in one message. Higher saves messages. */
  readonly floodDelayMs: number;
  /** Time between keepalive pings on a link. */
  readonly pingIntervalMs: number;
  /** A link is given up after this many pings in a row without an answer. */
  readonly missesAllowed: number;
  /** Wait for the answer to an offer; also the pause before a peer is asked again. */
  readonly offerTimeoutMs: number;
  /** Pause between losing a link and looking for another; up to as much again is drawn on top. */
  readonly repairDelayMs: number;
  /** Time between passes that look for better links. 0 turns them off. */
  readonly optimiseIntervalMs: number;
  /** Hops a trace may take. */
  readonly traceTtl: number;
  /** A trace without an answer ends after this. */
  readonly traceTimeoutMs: number;
}
