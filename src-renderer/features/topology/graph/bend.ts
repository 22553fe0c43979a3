/** Links are straight, except where a card lies in their way: then they go around it in a bow. */
import { CARD_HEIGHT, CARD_WIDTH, type Point, type Positions } from "./geometry.ts";

/** How far a bow swings out, tried in this order; to the left of the way from a to b is positive. */
const SWINGS = [0, 56, -56, 72, -72, 90, -90, 140, -140, 230, -230];
const SAMPLES = 20;
const CLEARANCE = 2;

export interface Curve {
  readonly from: Point;
  /** Control point of the quadratic curve; in the middle for a straight line. */
  readonly control: Point;
  readonly to: Point;
}

export function curveOf(from: Point, to: Point, bend: number): Curve {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  // The curve passes half way between the chord and its control point.
  const shift = (2 * bend) / length;
  const control = {
    x: (from.x + to.x) / 2 + (to.y - from.y) * shift,
    y: (from.y + to.y) / 2 - (to.x - from.x) * shift,
  };
  return { from, control, to };
}

/** The point at `t` of the way, 0 to 1. */
export function pointOn({ from, control, to }: Curve, t: number): Point {
  const u = 1 - t;
  return {
    x: u * u * from.x + 2 * u * t * control.x + t * t * to.x,
    y: u * u * from.y + 2 * u * t * control.y + t * t * to.y,
  };
}

/** Bends that keep each edge clear of the cards it does not belong to. O(edges × nodes). */
export function bendEdges(
  edges: readonly { readonly id: string; readonly a: string; readonly b: string }[],
  places: Positions,
): ReadonlyMap<string, number> {
  const bends = new Map<string, number>();
  for (const { id, a, b } of edges) {
    const from = places.get(a);
    const to = places.get(b);
    if (from === undefined || to === undefined) continue;
    const others = [...places].filter(([other]) => other !== a && other !== b);
    const inReach = others.map(([, place]) => place).filter((place) => isNear(place, from, to));
    bends.set(id, SWINGS.find((swing) => isClear(curveOf(from, to, swing), inReach)) ?? 0);
  }
  return bends;
}

function isNear(place: Point, from: Point, to: Point): boolean {
  const reach = 230 + CARD_WIDTH;
  return (
    place.x > Math.min(from.x, to.x) - reach &&
    place.x < Math.max(from.x, to.x) + reach &&
    place.y > Math.min(from.y, to.y) - reach &&
    place.y < Math.max(from.y, to.y) + reach
  );
}

function isClear(curve: Curve, cards: readonly Point[]): boolean {
  const halfWidth = CARD_WIDTH / 2 + CLEARANCE;
  const halfHeight = CARD_HEIGHT / 2 + CLEARANCE;
  for (let step = 1; step < SAMPLES; step += 1) {
    const { x, y } = pointOn(curve, step / SAMPLES);
    const hit = cards.some(
      (card) => Math.abs(card.x - x) < halfWidth && Math.abs(card.y - y) < halfHeight,
    );
    if (hit) return false;
  }
  return true;
}
