/** What messages are drawn upon: lines of nodes, gaps in them, time, names, and marks. */
import { type Mark, type Sign, thinMarks } from "../model/marks.ts";
import { SIGN_SHAPES } from "../model/signs.ts";
import { yOfRow } from "../model/rows.ts";
import { ticksOf } from "../model/ticks.ts";
import { xOf } from "../model/time-axis.ts";
import type { Palette } from "./palette.ts";
import { AXIS_PX, type Frame, type Scene } from "./scene.ts";
import type { Size } from "../../../ui/surface.ts";

type Context = CanvasRenderingContext2D;

const TICK_GAP_PX = 110;
const MARK_GAP_PX = 9;

export interface Paint {
  readonly scene: Scene;
  readonly frame: Frame;
  readonly palette: Palette;
  /** The part of the canvas that shows time and nodes. */
  readonly plot: Size;
}

/** Lines that are on the screen, from top to bottom. */
export function* rowsInSight({ frame, plot }: Pick<Paint, "frame" | "plot">): Generator<{
  readonly id: string;
  readonly y: number;
}> {
  const { layout, scroll } = frame.place;
  const first = Math.max(0, Math.floor((scroll - layout.firstY) / layout.rowHeight));
  for (let row = first; row < layout.ids.length; row += 1) {
    const y = yOfRow(layout, row, scroll);
    if (y > plot.height + layout.rowHeight) return;
    yield { id: layout.ids[row] ?? "", y };
  }
}

export function paintGrid(context: Context, paint: Paint): void {
  const { frame, palette, plot, scene } = paint;
  context.strokeStyle = palette.grid;
  context.lineWidth = 1;
  context.beginPath();
  for (const { at } of ticks(paint)) {
    const x = Math.round(xOf(frame.place.view, at)) + 0.5;
    context.moveTo(x, 0);
    context.lineTo(x, plot.height);
  }
  context.stroke();
  for (const { id, y } of rowsInSight(paint)) paintLine(context, paint, { id, y });
  if (scene.cone !== undefined) paintCone(context, paint);
}

function ticks({ frame, plot, scene }: Paint): ReturnType<typeof ticksOf> {
  const { offsetUs } = scene;
  return ticksOf(frame.place.view, { width: plot.width, minGapPx: TICK_GAP_PX, offsetUs });
}

/** A node's line: whole while it runs, hatched while it is paused, dotted while it is gone. */
function paintLine(
  context: Context,
  { scene, frame, palette, plot }: Paint,
  { id, y }: { readonly id: string; readonly y: number },
): void {
  const { view } = frame.place;
  let x = 0;
  const line = (to: number): void => {
    if (to <= x) return;
    context.strokeStyle = palette.strong;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, Math.round(y) + 0.5);
    context.lineTo(to, Math.round(y) + 0.5);
    context.stroke();
  };
  for (const stretch of scene.stretches.get(id) ?? []) {
    const from = Math.max(0, xOf(view, stretch.from));
    const to = Math.min(plot.width, xOf(view, stretch.to));
    if (to <= 0 || from >= plot.width) continue;
    line(from);
    paintStretch(context, palette, { from, to, y, kind: stretch.kind });
    x = to;
  }
  line(plot.width);
}

interface DrawnStretch {
  readonly from: number;
  readonly to: number;
  readonly y: number;
  readonly kind: "stopped" | "paused";
}

function paintStretch(context: Context, palette: Palette, stretch: DrawnStretch): void {
  const { from, to, y, kind } = stretch;
  const half = 5;
  const colour = kind === "stopped" ? palette.failed : palette.paused;
  context.fillStyle = colour;
  context.globalAlpha = 0.12;
  context.fillRect(from, y - half, to - from, half * 2);
  context.globalAlpha = 0.75;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  if (kind === "paused") {
    // Hatched from a fixed origin would flicker while panning: the stretch's own start is fixed.
    for (let x = from; x < to; x += 7) {
      context.moveTo(x, y + half);
      context.lineTo(Math.min(to, x + half), y - half);
    }
  } else {
    context.setLineDash([2, 5]);
    context.moveTo(from, y);
    context.lineTo(to, y);
  }
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** What is before the chosen moment and what is after it, along each line. */
function paintCone(context: Context, paint: Paint): void {
  const { scene, frame, palette, plot } = paint;
  const { cone, store } = scene;
  if (cone === undefined) return;
  const { view } = frame.place;
  context.lineWidth = 4;
  context.globalAlpha = 0.55;
  for (const { id, y } of rowsInSight(paint)) {
    const node = store.nodes.find(id);
    const until = cone.pastUntil[node] ?? Number.NEGATIVE_INFINITY;
    const since = cone.futureFrom[node] ?? Number.POSITIVE_INFINITY;
    if (Number.isFinite(until)) {
      strokeAlong(context, palette.paused, y, [xOf(view, cone.from), xOf(view, until)], plot);
    }
    if (Number.isFinite(since)) {
      context.setLineDash([9, 4]);
      strokeAlong(context, palette.suspect, y, [xOf(view, since), plot.width], plot);
      context.setLineDash([]);
    }
  }
  context.globalAlpha = 1;
}

// oxlint-disable-next-line max-params -- a line is a colour, a height and two ends.
function strokeAlong(
  context: Context,
  colour: string,
  y: number,
  [from, to]: readonly [number, number],
  plot: Size,
): void {
  const begin = Math.max(0, from);
  const end = Math.min(plot.width, to);
  if (end <= begin) return;
  context.strokeStyle = colour;
  context.beginPath();
  context.moveTo(begin, y);
  context.lineTo(end, y);
  context.stroke();
}

export function paintAxis(context: Context, paint: Paint): void {
  const { palette, plot, frame } = paint;
  context.fillStyle = palette.surface2;
  context.fillRect(0, plot.height, plot.width, AXIS_PX);
  context.strokeStyle = palette.border;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(0, Math.round(plot.height) + 0.5);
  context.lineTo(plot.width, Math.round(plot.height) + 0.5);
  context.font = `11px ${palette.mono}`;
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.fillStyle = palette.text2;
  for (const { at, label } of ticks(paint)) {
    const x = Math.round(xOf(frame.place.view, at)) + 0.5;
    context.moveTo(x, plot.height);
    context.lineTo(x, plot.height + 6);
    context.fillText(label, x + 4, plot.height + AXIS_PX / 2 + 2);
  }
  context.stroke();
}

/** A mark as it was drawn, to be found again under the pointer. */
export interface DrawnMark {
  readonly mark: Mark;
  readonly x: number;
  readonly y: number;
}

/** Where the marks of this picture belong, thinned so that none hides another. */
export function placeMarks({ scene, frame, plot }: Paint): readonly DrawnMark[] {
  const { view, layout, scroll } = frame.place;
  const rowOf = new Map(layout.ids.map((id, row) => [id, row]));
  const inSight = scene.marks.filter(({ at, node }) => {
    const x = xOf(view, at);
    return x >= -8 && x <= plot.width + 8 && (node === undefined || rowOf.has(node));
  });
  const thinned = thinMarks(inSight, ({ at }) => xOf(view, at), MARK_GAP_PX);
  return thinned.map((mark) => {
    const row = mark.node === undefined ? undefined : rowOf.get(mark.node);
    return { mark, x: xOf(view, mark.at), y: row === undefined ? 8 : yOfRow(layout, row, scroll) };
  });
}

export function paintMarks(context: Context, marks: readonly DrawnMark[], palette: Palette): void {
  for (const drawn of marks) paintMark(context, drawn, palette);
}

function paintMark(context: Context, { mark, x, y }: DrawnMark, palette: Palette): void {
  context.fillStyle = signColour(mark.sign, palette);
  context.strokeStyle = palette.surface;
  context.lineWidth = 1.5;
  context.beginPath();
  signPath(context, mark.sign, x, y);
  context.stroke();
  context.fill();
}

function signColour(sign: Sign, palette: Palette): string {
  switch (sign) {
    case "stop":
    case "alarm":
      return palette.failed;
    case "start":
    case "commit":
      return palette.healthy;
    case "pause":
      return palette.paused;
    case "candidate":
    case "fault":
    case "verdict":
      return palette.suspect;
    case "leader":
    case "vote":
      return palette.accent;
    case "note":
      return palette.text3;
  }
}

function signPath(context: Context, sign: Sign, x: number, y: number): void {
  const shape = SIGN_SHAPES[sign];
  if (shape === "disc") {
    context.arc(x, y, 3, 0, 2 * Math.PI);
    return;
  }
  for (const [index, [dx, dy]] of shape.entries()) {
    if (index === 0) context.moveTo(x + dx, y + dy);
    else context.lineTo(x + dx, y + dy);
  }
  context.closePath();
}
