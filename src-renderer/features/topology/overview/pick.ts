/** Which node lies under the pointer, and which lie in a box: a grid of buckets over the plane. */
import type { Box, Point, Positions } from "../graph/geometry.ts";

const CELL = 256;

export interface PickIndex {
  /** The nearest node within `reach` graph units; exactly at that distance still counts. */
  nearest(point: Point, reach: number): string | undefined;
  inside(box: Box): readonly string[];
}

export function pickIndex(places: Positions): PickIndex {
  const cells = new Map<string, string[]>();
  for (const [id, point] of places) {
    const key = cellKey(Math.floor(point.x / CELL), Math.floor(point.y / CELL));
    const cell = cells.get(key);
    if (cell === undefined) cells.set(key, [id]);
    else cell.push(id);
  }
  return {
    nearest: (point, reach) => nearest(places, cells, point, reach),
    inside: (box) => inside(places, box),
  };
}

function cellKey(column: number, row: number): string {
  return `${column},${row}`;
}

function nearest(
  places: Positions,
  cells: ReadonlyMap<string, readonly string[]>,
  { x, y }: Point,
  reach: number,
): string | undefined {
  let best: string | undefined;
  let bestDistance = reach;
  for (let column = Math.floor((x - reach) / CELL); column * CELL <= x + reach; column += 1) {
    for (let row = Math.floor((y - reach) / CELL); row * CELL <= y + reach; row += 1) {
      for (const id of cells.get(cellKey(column, row)) ?? []) {
        const place = places.get(id);
        const distance = place === undefined ? Infinity : Math.hypot(place.x - x, place.y - y);
        if (distance <= bestDistance) [best, bestDistance] = [id, distance];
      }
    }
  }
  return best;
}

function inside(places: Positions, box: Box): readonly string[] {
  const hits: string[] = [];
  for (const [id, { x, y }] of places) {
    if (x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height)
      hits.push(id);
  }
  return hits;
}

/** The box between two corners, whichever way it was drawn. */
export function boxBetween(a: Point, b: Point): Box {
  return {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  };
}
