/** Force-directed layout for meshes without a shape of their own. Deterministic: seeded, fixed ticks. */
import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationNodeDatum,
} from "d3-force";
import type { Point } from "./geometry.ts";

export interface ForceInput {
  readonly ids: readonly string[];
  /** Pairs of indexes into `ids`. */
  readonly links: readonly (readonly [number, number])[];
  readonly seed: number;
}

interface Body extends SimulationNodeDatum {
  readonly index: number;
}

const LINK_LENGTH = 210;
const REPULSION = -1_400;
const CARD_RADIUS = 104;
const CENTRING = 0.045;

/** Fewer rounds for bigger graphs: a thousand nodes stay within about two seconds of a worker. */
export function ticksFor(nodes: number): number {
  if (nodes <= 300) return 300;
  return nodes <= 1_000 ? 160 : 70;
}

export function forceLayout({
  ids,
  links,
  seed,
}: ForceInput): readonly (readonly [string, Point])[] {
  const bodies: Body[] = ids.map((_, index) => ({ index }));
  const springs = links.map(([source, target]) => ({ source, target }));
  const simulation = forceSimulation(bodies)
    .randomSource(seededRandom(seed))
    .force("link", forceLink(springs).distance(LINK_LENGTH).strength(0.35))
    .force("charge", forceManyBody().strength(REPULSION).distanceMax(2_400))
    .force("collide", forceCollide(CARD_RADIUS))
    .force("x", forceX(0).strength(CENTRING))
    // Screens are wide: a stronger pull in height uses their shape.
    .force("y", forceY(0).strength(CENTRING * 1.7))
    .stop();
  simulation.tick(ticksFor(ids.length));
  return ids.map((id, index) => [
    id,
    { x: Math.round(bodies[index]?.x ?? 0), y: Math.round(bodies[index]?.y ?? 0) },
  ]);
}

/** The mulberry32 generator: 32 bits of state are plenty to shake overlapping nodes apart. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
