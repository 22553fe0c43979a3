/** Arrow keys over the graph: from a node to the next one in that direction. */
import type { Positions } from "./geometry.ts";

export type Direction = "left" | "right" | "up" | "down";

const HEADINGS: Readonly<Record<Direction, readonly [number, number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};

/** Steps aside count double: the eye follows the arrow, not the nearest node. */
const SIDE_COST = 2;

/**
 * The nearest node within 60° of the direction, or `undefined` at the rim. From nowhere, the walk
 * starts at the node furthest up and to the left.
 */
export function nextNode(
  places: Positions,
  from: string | undefined,
  direction: Direction,
): string | undefined {
  const origin = from === undefined ? undefined : places.get(from);
  if (origin === undefined) return firstNode(places);
  const [dx, dy] = HEADINGS[direction];
  let best: string | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const [id, { x, y }] of places) {
    const ahead = (x - origin.x) * dx + (y - origin.y) * dy;
    const aside = Math.abs((x - origin.x) * dy - (y - origin.y) * dx);
    if (id === from || ahead <= 0 || aside > ahead * Math.sqrt(3)) continue;
    const cost = ahead + aside * SIDE_COST;
    if (cost < bestCost) [best, bestCost] = [id, cost];
  }
  return best;
}

function firstNode(places: Positions): string | undefined {
  let first: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [id, { x, y }] of places) {
    if (x + y < least) [first, least] = [id, x + y];
  }
  return first;
}
