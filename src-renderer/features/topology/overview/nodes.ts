/** Nodes on the canvas overview: health by fill and glyph, groups as larger boxes, names by room. */
import type { Health } from "#shared/view/model.ts";
import type { Palette } from "../canvas/palette.ts";
import type { Point } from "../graph/geometry.ts";

export interface PaintedNode {
  readonly id: string;
  readonly label: string;
  readonly kind: "node" | "group";
  readonly at: Point;
  readonly health: Health;
  readonly readOnly: boolean;
  readonly selected: boolean;
  readonly faded: boolean;
}

export const NODE_RADIUS = 26;
const GROUP_SIZE = 84;
/** Smaller than this on screen, a glyph is dirt. */
const GLYPH_FROM_PX = 5;
const LEAST_RADIUS_PX = 3;

/** What stands in the disc, so that health does not depend on colour alone. */
const GLYPHS: Readonly<Record<Health, string>> = {
  failed: "!",
  suspect: "?",
  degraded: "▲",
  paused: "‖",
  left: "→",
  healthy: "",
  unknown: "·",
};

/** In graph units; the context's transform has the camera in it. */
export function paintNodes(
  context: CanvasRenderingContext2D,
  nodes: readonly PaintedNode[],
  palette: Palette,
  options: { readonly zoom: number; readonly labels: boolean },
): void {
  const { zoom } = options;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const node of nodes) {
    context.globalAlpha = node.faded ? 0.22 : 1;
    if (node.kind === "group") paintGroup(context, node, palette, zoom);
    else paintDisc(context, node, palette, zoom);
  }
  if (options.labels) paintLabels(context, nodes, palette, zoom);
  context.globalAlpha = 1;
}

function paintDisc(
  context: CanvasRenderingContext2D,
  node: PaintedNode,
  palette: Palette,
  zoom: number,
): void {
  const { x, y } = node.at;
  const radius = Math.max(NODE_RADIUS, LEAST_RADIUS_PX / zoom);
  context.beginPath();
  // Shape is the mode: read-only nodes are square.
  if (node.readOnly) context.rect(x - radius, y - radius, radius * 2, radius * 2);
  else context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = palette.health[node.health];
  context.fill();
  if (node.selected) outline(context, palette, zoom);
  if (radius * zoom < GLYPH_FROM_PX || GLYPHS[node.health] === "") return;
  context.fillStyle = palette.surface;
  context.font = `700 ${radius * 1.2}px ${palette.font}`;
  context.fillText(GLYPHS[node.health], x, y + radius * 0.06);
}

function paintGroup(
  context: CanvasRenderingContext2D,
  node: PaintedNode,
  palette: Palette,
  zoom: number,
): void {
  const { x, y } = node.at;
  context.beginPath();
  context.roundRect(x - GROUP_SIZE, y - GROUP_SIZE / 2, GROUP_SIZE * 2, GROUP_SIZE, 14);
  context.fillStyle = palette.healthSoft[node.health];
  context.fill();
  context.lineWidth = 2 / zoom;
  context.strokeStyle = palette.health[node.health];
  context.stroke();
  if (node.selected) outline(context, palette, zoom);
  context.fillStyle = palette.text;
  context.font = `600 20px ${palette.font}`;
  context.fillText(node.label, x, y, GROUP_SIZE * 1.9);
}

function outline(context: CanvasRenderingContext2D, palette: Palette, zoom: number): void {
  context.lineWidth = 3 / zoom;
  context.strokeStyle = palette.accent;
  context.stroke();
}

const LABEL_PX = 11;

function paintLabels(
  context: CanvasRenderingContext2D,
  nodes: readonly PaintedNode[],
  palette: Palette,
  zoom: number,
): void {
  context.font = `500 ${LABEL_PX / zoom}px ${palette.font}`;
  context.fillStyle = palette.text;
  for (const node of nodes) {
    if (node.kind === "group") continue;
    context.globalAlpha = node.faded ? 0.22 : 1;
    context.fillText(node.label, node.at.x, node.at.y + NODE_RADIUS + LABEL_PX / zoom);
  }
}
