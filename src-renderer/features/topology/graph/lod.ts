/** How much is drawn at which size: measured in docs of the drawing budget, one table here. */

/**
 * `cards`: a DOM card a node, SVG edges. `lean`: cards with detail by zoom, all edges on one canvas.
 * `overview`: everything on one canvas. `aggregate`: the same canvas, groups only.
 */
export type Tier = "cards" | "lean" | "overview" | "aggregate";

export const CARDS_MAX = 150;
export const LEAN_MAX = 600;
export const OVERVIEW_MAX = 5_000;

/** `count`: things to draw, after filtering and grouping. */
export function tierFor(count: number): Tier {
  if (count <= CARDS_MAX) return "cards";
  if (count <= LEAN_MAX) return "lean";
  if (count <= OVERVIEW_MAX) return "overview";
  return "aggregate";
}

/** `full` card, `compact` (name and health), `dot`. */
export type Detail = "full" | "compact" | "dot";

const FULL_FROM_ZOOM = 0.55;
const COMPACT_FROM_ZOOM = 0.28;

export function detailFor(zoom: number): Detail {
  if (zoom >= FULL_FROM_ZOOM) return "full";
  if (zoom >= COMPACT_FROM_ZOOM) return "compact";
  return "dot";
}

/** Room on screen that a name needs before it is drawn on the canvas overview. */
const LABEL_ROOM_PX = 56;

/** Whether names fit at this zoom between nodes `spacing` graph units apart. */
export function labelsFit(zoom: number, spacing: number): boolean {
  return zoom * spacing >= LABEL_ROOM_PX;
}
