/** Picks a layout and keeps what is placed where it is. */
import { boundsOf, GAP_X, GAP_Y, type Point, type Positions } from "./geometry.ts";
import type { DrawnGraph, DrawnNode } from "./group.ts";
import type { ForceInput } from "./force.ts";
import { neighboursOf } from "./model.ts";
import { gridLayout, ringLayout, starLayout, zonesLayout } from "./shapes.ts";

export const LAYOUTS = ["auto", "grid", "ring", "star", "zones", "force"] as const;
export type LayoutChoice = (typeof LAYOUTS)[number];
export type LayoutName = Exclude<LayoutChoice, "auto">;

/** Beyond this a force layout takes longer than anybody waits. */
const FORCE_MAX = 5_000;

/** What "auto" means for a topology of this kind (`undefined`: an engine that has none). */
export function autoLayout(topology: string | undefined, graph: DrawnGraph): LayoutName {
  if (topology === "grid") return "grid";
  if (topology === "star") return "star";
  if (topology === "ring" || topology === "small-world") return "ring";
  const zones = new Set(graph.nodes.map((node) => node.zone ?? ""));
  if (topology === "hierarchical" || zones.size > 1) return "zones";
  if (topology === "full") return "ring";
  if (graph.edges.length === 0 && graph.nodes.length > 2) {
    return graph.nodes.length <= 24 ? "ring" : "grid";
  }
  return graph.nodes.length > FORCE_MAX ? "grid" : "force";
}

/** Every layout but `force`, which a worker does. */
export function layoutNow(name: Exclude<LayoutName, "force">, graph: DrawnGraph): Positions {
  const ids = graph.nodes.map((node) => node.id);
  switch (name) {
    case "grid":
      return gridLayout(ids);
    case "ring":
      return ringLayout(ids);
    case "star":
      return ids.length === 0 ? new Map() : starLayout(ids, hubOf(graph));
    case "zones":
      return zonesLayout(graph.nodes);
    default:
      return name satisfies never;
  }
}

/** The node with the most edges; the first of several. */
export function hubOf(graph: DrawnGraph): string {
  const degrees = new Map<string, number>();
  for (const edge of graph.edges) {
    degrees.set(edge.a, (degrees.get(edge.a) ?? 0) + 1);
    degrees.set(edge.b, (degrees.get(edge.b) ?? 0) + 1);
  }
  let hub = graph.nodes[0]?.id ?? "";
  for (const { id } of graph.nodes) {
    if ((degrees.get(id) ?? 0) > (degrees.get(hub) ?? 0)) hub = id;
  }
  return hub;
}

export function forceInput(graph: DrawnGraph, seed: number): ForceInput {
  const ids = graph.nodes.map((node) => node.id);
  const index = new Map(ids.map((id, i) => [id, i]));
  const links = graph.edges.flatMap((edge): (readonly [number, number])[] => {
    const a = index.get(edge.a);
    const b = index.get(edge.b);
    return a === undefined || b === undefined ? [] : [[a, b]];
  });
  return { ids, links, seed };
}

/**
 * Positions for every drawn node: those that have one keep it to the pixel, others are put near
 * the neighbours they have. A node that is gone loses its place.
 */
export function keepPlaces(graph: DrawnGraph, before: Positions): Positions {
  const fresh = graph.nodes.filter((node) => !before.has(node.id));
  if (fresh.length === 0 && before.size === graph.nodes.length) return before;
  const kept = new Map<string, Point>();
  for (const node of graph.nodes) {
    const point = before.get(node.id);
    if (point !== undefined) kept.set(node.id, point);
  }
  const neighbours = neighboursOf(graph.nodes, graph.edges);
  for (const node of fresh) kept.set(node.id, placeNear(node, neighbours, kept, before));
  return kept;
}

function placeNear(
  node: DrawnNode,
  neighbours: ReadonlyMap<string, readonly string[]>,
  kept: Positions,
  before: Positions,
): Point {
  // A collapsed or opened zone takes the place of what it stood for.
  const own = node.members.flatMap((member) => before.get(member) ?? []);
  if (own.length > 0) return freeSpot(meanOf(own), kept);
  const peers = (neighbours.get(node.id) ?? []).flatMap((peer) => kept.get(peer) ?? []);
  if (peers.length > 0) return freeSpot(meanOf(peers), kept);
  const box = boundsOf(kept.values());
  if (box === undefined) return { x: 0, y: 0 };
  return freeSpot({ x: box.x + box.width + GAP_X, y: box.y + box.height / 2 }, kept);
}

function meanOf(points: readonly Point[]): Point {
  const sum = points.reduce((a, p) => ({ x: a.x + p.x, y: a.y + p.y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

const MAX_RINGS = 24;

/** The nearest place around `wanted`, on rings of growing size, where no card lies yet. */
function freeSpot(wanted: Point, taken: Positions): Point {
  for (let ring = 0; ring < MAX_RINGS; ring += 1) {
    const spots = Math.max(1, ring * 6);
    for (let i = 0; i < spots; i += 1) {
      const angle = (i / spots) * 2 * Math.PI;
      const spot = {
        x: wanted.x + Math.cos(angle) * ring * GAP_X * 0.5,
        y: wanted.y + Math.sin(angle) * ring * GAP_Y * 0.75,
      };
      if (isFree(spot, taken)) return spot;
    }
  }
  return wanted;
}

function isFree(spot: Point, taken: Positions): boolean {
  for (const point of taken.values()) {
    if (Math.abs(point.x - spot.x) < GAP_X * 0.75 && Math.abs(point.y - spot.y) < GAP_Y * 0.65) {
      return false;
    }
  }
  return true;
}
