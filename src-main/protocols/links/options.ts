import { type Micros, ms } from "#main/kernel/time.ts";
import { MAX_HOPS } from "./limits.ts";

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
  /** The shape the overlay strives for; `set-topology` changes it live. */
  readonly kind: TopologyKind;
  /** Fewer links than this are repaired. Ring, star, full and custom have rules of their own. */
  readonly minNeighbours: number;
  /** More links than this are refused, or trimmed where that cuts nothing. */
  readonly maxNeighbours: number;
  /**
   * Time between comparisons of graphs with a neighbour, and between announcements in a mesh of
   * up to ten nodes; larger meshes announce in proportion more rarely (`refreshInterval`).
   * Changes are announced at once. Lower notices loss sooner, at the cost of messages.
   */
  readonly announceIntervalMs: number;
  /** Changes learnt within this time travel in one message. Higher saves messages. */
  readonly floodDelayMs: number;
  /** Time between keepalive pings on a link. Lower gives up silent links sooner. */
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

export const LINKS_DEFAULTS: LinksOptions = {
  kind: "grid",
  minNeighbours: 3,
  maxNeighbours: 5,
  announceIntervalMs: 5_000,
  floodDelayMs: 20,
  pingIntervalMs: 2_000,
  missesAllowed: 5,
  offerTimeoutMs: 1_000,
  repairDelayMs: 500,
  optimiseIntervalMs: 60_000,
  traceTtl: 64,
  traceTimeoutMs: 5_000,
};

interface Range {
  readonly name: Exclude<keyof LinksOptions, "kind">;
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
}

const DAY_MS = 86_400_000;

const RANGES: readonly Range[] = [
  { name: "minNeighbours", low: 1, high: 64, whole: true },
  { name: "maxNeighbours", low: 1, high: 64, whole: true },
  { name: "announceIntervalMs", low: 1, high: DAY_MS, whole: false },
  { name: "floodDelayMs", low: 0, high: 60_000, whole: false },
  { name: "pingIntervalMs", low: 1, high: DAY_MS, whole: false },
  { name: "missesAllowed", low: 1, high: 100, whole: true },
  { name: "offerTimeoutMs", low: 1, high: DAY_MS, whole: false },
  { name: "repairDelayMs", low: 1, high: DAY_MS, whole: false },
  { name: "optimiseIntervalMs", low: 0, high: DAY_MS, whole: false },
  { name: "traceTtl", low: 1, high: MAX_HOPS, whole: true },
  { name: "traceTimeoutMs", low: 1, high: DAY_MS, whole: false },
];

/** All problems at once; empty when the options are usable. */
export function validateLinksOptions(options: LinksOptions): string[] {
  const problems: string[] = [];
  for (const { name, low, high, whole } of RANGES) {
    const value = options[name];
    if (!(value >= low && value <= high) || (whole && !Number.isInteger(value))) {
      problems.push(`${name} must be ${whole ? "a whole number from " : ""}${low} to ${high}`);
    }
  }
  if (options.minNeighbours > options.maxNeighbours) {
    problems.push("minNeighbours must not be over maxNeighbours");
  }
  if (!TOPOLOGY_KINDS.includes(options.kind)) {
    problems.push(`kind must be one of ${TOPOLOGY_KINDS.join(", ")}`);
  }
  return problems;
}

/**
 * Time between two announcements of one node that did not change. In proportion to the mesh, so
 * that what a node forwards per second stays constant.
 */
export function refreshInterval(options: LinksOptions, n: number): Micros {
  return ms(options.announceIntervalMs * Math.max(1, n / 10));
}

/** An advert not heard of again for this long says nothing any more. */
export function advertLifetime(options: LinksOptions, n: number): Micros {
  return 3 * refreshInterval(options, n) + ms(options.announceIntervalMs);
}

/** Pause before the graph is judged after a change: it costs O(n), a large mesh waits longer. */
export function checkDelay(n: number): Micros {
  return ms(Math.max(1_000, 10 * n));
}
