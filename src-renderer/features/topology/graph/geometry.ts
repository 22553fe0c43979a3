/** Positions are centres, in graph units: one unit is one CSS pixel at zoom 1. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Positions = ReadonlyMap<string, Point>;

export const CARD_WIDTH = 164;
export const CARD_HEIGHT = 72;
/** Distance between neighbours of a grid: a card and room for a label on the link. */
export const GAP_X = 252;
export const GAP_Y = 156;

export function boundsOf(points: Iterable<Point>, padding = 0): Box | undefined {
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const { x, y } of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  if (left > right) return undefined;
  return {
    x: left - padding,
    y: top - padding,
    width: right - left + 2 * padding,
    height: bottom - top + 2 * padding,
  };
}

/** Convex hull (monotone chain), counter-clockwise in a y-up system; collinear points left out. */
export function convexHull(points: readonly Point[]): readonly Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  if (sorted.length < 3) return sorted;
  const lower = halfHull(sorted);
  const upper = halfHull(sorted.toReversed());
  return [...lower.slice(0, -1), ...upper.slice(0, -1)];
}

function halfHull(sorted: readonly Point[]): Point[] {
  const hull: Point[] = [];
  for (const point of sorted) {
    while (hull.length >= 2 && !turnsLeft(hull, point)) hull.pop();
    hull.push(point);
  }
  return hull;
}

function turnsLeft(hull: readonly Point[], next: Point): boolean {
  const a = hull.at(-2);
  const b = hull.at(-1);
  if (a === undefined || b === undefined) return true;
  return (b.x - a.x) * (next.y - a.y) - (b.y - a.y) * (next.x - a.x) > 0;
}

/** The corners of a card around each centre: what a region has to enclose. */
export function cardCorners(centres: Iterable<Point>, margin: number): readonly Point[] {
  const dx = CARD_WIDTH / 2 + margin;
  const dy = CARD_HEIGHT / 2 + margin;
  const corners: Point[] = [];
  for (const { x, y } of centres) {
    corners.push({ x: x - dx, y: y - dy }, { x: x + dx, y: y - dy });
    corners.push({ x: x + dx, y: y + dy }, { x: x - dx, y: y + dy });
  }
  return corners;
}
