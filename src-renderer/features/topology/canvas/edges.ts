/** Links on a canvas. Batched by look: one path and one stroke for each, however many links. */
import type { LinkCondition } from "../graph/link-faults.ts";
import type { Point } from "../graph/geometry.ts";
import type { Palette } from "./palette.ts";

export interface PaintedEdge {
  readonly from: Point;
  readonly to: Point;
  /** Up at one end only. */
  readonly half: boolean;
  readonly condition: LinkCondition;
  readonly emphasis: "none" | "selected" | "route" | "faded";
}

interface Look {
  readonly stroke: string;
  readonly width: number;
  readonly alpha: number;
  readonly dash: readonly number[];
}

/** From so many links on, plain ones step back, down to a quarter: the nodes are what is read. */
const CROWDED_FROM = 500;
const LEAST_DENSITY = 0.25;

/** Widths are screen pixels: `zoom` undoes the transform of the context. */
export function paintEdges(
  context: CanvasRenderingContext2D,
  edges: readonly PaintedEdge[],
  palette: Palette,
  zoom: number,
): void {
  const batches = new Map<string, PaintedEdge[]>();
  for (const edge of edges) {
    const key = `${edge.emphasis} ${edge.condition} ${edge.half}`;
    const batch = batches.get(key);
    if (batch === undefined) batches.set(key, [edge]);
    else batch.push(edge);
  }
  const density = Math.max(LEAST_DENSITY, Math.min(1, CROWDED_FROM / edges.length));
  for (const batch of batches.values()) {
    const [first] = batch;
    if (first !== undefined) strokeBatch(context, batch, lookOf(first, palette, density), zoom);
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function strokeBatch(
  context: CanvasRenderingContext2D,
  batch: readonly PaintedEdge[],
  look: Look,
  zoom: number,
): void {
  context.beginPath();
  for (const { from, to } of batch) {
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
  }
  context.strokeStyle = look.stroke;
  context.lineWidth = look.width / zoom;
  context.globalAlpha = look.alpha;
  context.setLineDash(look.dash.map((length) => length / zoom));
  context.stroke();
  for (const edge of batch) if (isBroken(edge)) paintCross(context, edge, look, zoom);
}

function isBroken(edge: PaintedEdge): boolean {
  return edge.condition === "cut" || edge.condition === "half-cut";
}

/** `density`: how much of a plain link is left to see in a crowd of them. */
function lookOf(edge: PaintedEdge, palette: Palette, density: number): Look {
  const dash = edge.half || edge.condition === "cut" ? [5, 4] : [];
  if (edge.emphasis === "route" || edge.emphasis === "selected") {
    return { stroke: palette.accent, width: 3, alpha: 1, dash };
  }
  const alpha = edge.emphasis === "faded" ? 0.15 : 0.75;
  if (isBroken(edge)) return { stroke: palette.health.failed, width: 1.5, alpha, dash };
  if (edge.condition === "degraded")
    return { stroke: palette.health.suspect, width: 2, alpha, dash };
  return { stroke: palette.link, width: 1, alpha: alpha * 0.65 * density, dash };
}

/** A small cross half way: a cut must not depend on colour. */
function paintCross(
  context: CanvasRenderingContext2D,
  { from, to }: PaintedEdge,
  look: Look,
  zoom: number,
): void {
  const x = (from.x + to.x) / 2;
  const y = (from.y + to.y) / 2;
  const arm = 5 / zoom;
  context.setLineDash([]);
  context.lineWidth = 2 / zoom;
  context.strokeStyle = look.stroke;
  context.beginPath();
  context.moveTo(x - arm, y - arm);
  context.lineTo(x + arm, y + arm);
  context.moveTo(x - arm, y + arm);
  context.lineTo(x + arm, y - arm);
  context.stroke();
}
