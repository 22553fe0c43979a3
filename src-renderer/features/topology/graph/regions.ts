/** Areas drawn behind the cards: the sides of a partition and the zones of a grouped layout. */
import { cardCorners, convexHull, type Point, type Positions } from "./geometry.ts";
import type { FaultIndex } from "./link-faults.ts";
import type { DrawnNode } from "./group.ts";

export interface Region {
  readonly id: string;
  /** Side of the partition, or place of the zone: picks tint and hatching. */
  readonly index: number;
  readonly members: readonly string[];
  /** Corners of the area, in graph units. */
  readonly outline: readonly Point[];
}

/** Room for the name of the area above its cards. */
const REGION_MARGIN = 30;

/** One region a side; none without a partition. */
export function partitionRegions(
  nodes: readonly DrawnNode[],
  places: Positions,
  faults: Pick<FaultIndex, "sideOf" | "sides">,
): readonly Region[] {
  const sides = new Map<number, string[]>();
  for (const node of nodes) {
    const side = faults.sideOf(node.members[0] ?? node.id);
    if (side === undefined) continue;
    const members = sides.get(side);
    if (members === undefined) sides.set(side, [node.id]);
    else members.push(node.id);
  }
  return [...sides]
    .sort(([a], [b]) => a - b)
    .map(([side, members]) => regionOf(`side-${side}`, side, members, places));
}

/** One region a zone with more than one member on screen; none when all share one zone. */
export function zoneRegions(nodes: readonly DrawnNode[], places: Positions): readonly Region[] {
  const zones = new Map<string, string[]>();
  for (const { id, kind, zone } of nodes) {
    if (kind === "group" || zone === undefined) continue;
    const members = zones.get(zone);
    if (members === undefined) zones.set(zone, [id]);
    else members.push(id);
  }
  return [...zones].map(([zone, members], index) => regionOf(zone, index, members, places));
}

function regionOf(
  id: string,
  index: number,
  members: readonly string[],
  places: Positions,
): Region {
  const centres = members.flatMap((member) => places.get(member) ?? []);
  return { id, index, members, outline: convexHull(cardCorners(centres, REGION_MARGIN)) };
}

/** An SVG path; corners as they are, the stroke's round joins soften them. */
export function outlinePath(outline: readonly Point[]): string {
  if (outline.length === 0) return "";
  return `M${outline.map(({ x, y }) => `${Math.round(x)},${Math.round(y)}`).join("L")}Z`;
}
