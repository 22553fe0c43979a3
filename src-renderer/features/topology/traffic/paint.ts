import type { Palette } from "../canvas/palette.ts";
import { trafficFamily } from "../canvas/palette.ts";
import { type Curve, pointOn } from "../graph/bend.ts";
import { dotAt, type Flight } from "./flights.ts";

const DOT_RADIUS = 3.2;
/** Messages between nodes that hold no link are real, and quieter. */
const UNLINKED_ALPHA = 0.4;
const CROSS_ARM = 3.5;

/** The way of a message on screen, and whether it goes over a link. */
export interface Way extends Curve {
  readonly linked: boolean;
}

/** `curveFor`: the way from one node to another on screen; `undefined` where it is not drawn. */
export function paintFlights(
  context: CanvasRenderingContext2D,
  flights: readonly Flight[],
  options: {
    readonly nowMs: number;
    readonly palette: Palette;
    readonly curveFor: (from: string, to: string) => Way | undefined;
  },
): void {
  const { nowMs, palette, curveFor } = options;
  for (const flight of flights) {
    const dot = dotAt(flight, nowMs);
    const curve = dot === undefined ? undefined : curveFor(flight.from, flight.to);
    if (dot === undefined || curve === undefined) continue;
    const { x, y } = pointOn(curve, dot.progress);
    const stopped = flight.outcome === "lost" || flight.outcome === "cut";
    context.globalAlpha = Math.max(0, dot.alpha) * (curve.linked ? 1 : UNLINKED_ALPHA);
    if (stopped && dot.progress >= 0.5) {
      paintCross(context, x, y, palette.health.failed);
      continue;
    }
    context.fillStyle = palette.traffic[trafficFamily(flight.family)];
    context.beginPath();
    context.arc(x, y, DOT_RADIUS, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}

function paintCross(context: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x - CROSS_ARM, y - CROSS_ARM);
  context.lineTo(x + CROSS_ARM, y + CROSS_ARM);
  context.moveTo(x - CROSS_ARM, y + CROSS_ARM);
  context.lineTo(x + CROSS_ARM, y - CROSS_ARM);
  context.stroke();
}
