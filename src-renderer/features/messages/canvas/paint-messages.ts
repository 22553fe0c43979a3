/** Messages on a canvas: lines batched by look, one path and one stroke for each. */
import { FUTURE, PAST } from "../model/causality.ts";
import { protocolOf } from "../model/filter.ts";
import { HUES, hueOf } from "../model/hues.ts";
import { OUTCOME, type Segments } from "../model/segments.ts";
import type { Palette } from "./palette.ts";
import type { Frame, Scene } from "./scene.ts";

type Context = CanvasRenderingContext2D;

/** How a message stands to the chosen one. */
const PLAIN = 0;
const DIM = 1;
const LIT_PAST = 2;
const LIT_FUTURE = 3;
const SIDES = 4;
/** Solid for what arrived, dashed for what is under way, dotted for what never does. */
const DASHES: readonly (readonly number[])[] = [[], [6, 4], [2, 3]];
const LOOKS = HUES * SIDES * DASHES.length;
const HEAD_PX = 7;
const CROSS_PX = 4;

export function paintMessages(
  context: Context,
  scene: Scene,
  frame: Frame,
  palette: Palette,
): void {
  const { segments, level } = frame;
  const looks = looksOf(scene, segments);
  const members = byLook(looks, segments.count);
  for (let look = 0; look < LOOKS; look += 1) {
    const list = members[look];
    if (list === undefined) continue;
    applyLook(context, look, palette, level === "lines");
    strokeLines(context, segments, list);
    if (level === "labels" || level === "arrows") fillHeads(context, scene, segments, list);
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
  paintFates(context, scene, segments, palette);
  if (level === "labels") paintKinds(context, scene, segments, palette);
}

function looksOf(scene: Scene, segments: Segments): Uint8Array {
  const { kind, outcome } = scene.store.columns;
  const hues = Uint8Array.from(scene.store.kinds.words, (word) => hueOf(protocolOf(word)));
  const looks = new Uint8Array(segments.count);
  for (let index = 0; index < segments.count; index += 1) {
    const row = segments.rows[index] ?? 0;
    const fate = outcome[row] ?? 0;
    const dash = fate === OUTCOME.delivered ? 0 : fate === OUTCOME.inFlight ? 1 : 2;
    const hue = hues[kind[row] ?? 0] ?? 0;
    looks[index] = (sideOf(scene, row) * DASHES.length + dash) * HUES + hue;
  }
  return looks;
}

function sideOf({ cone, store, selected }: Scene, row: number): number {
  if (cone === undefined) return PLAIN;
  const side = cone.sides[row] ?? 0;
  if (side === PAST) return LIT_PAST;
  if (side === FUTURE) return LIT_FUTURE;
  return store.columns.serial[row] === selected ? PLAIN : DIM;
}

function byLook(looks: Uint8Array, count: number): readonly (number[] | undefined)[] {
  const members: (number[] | undefined)[] = Array.from({ length: LOOKS });
  for (let index = 0; index < count; index += 1) {
    const look = looks[index] ?? 0;
    (members[look] ??= []).push(index);
  }
  return members;
}

function applyLook(context: Context, look: number, palette: Palette, thin: boolean): void {
  const side = Math.floor(look / (HUES * DASHES.length));
  const colour = palette.series[look % HUES] ?? palette.text;
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.globalAlpha = side === DIM ? 0.14 : thin && side === PLAIN ? 0.55 : 1;
  context.lineWidth = side === LIT_PAST || side === LIT_FUTURE ? 2 : thin ? 1 : 1.25;
  context.setLineDash([...(DASHES[Math.floor(look / HUES) % DASHES.length] ?? [])]);
}

function strokeLines(context: Context, { points }: Segments, members: readonly number[]): void {
  context.beginPath();
  for (const index of members) {
    context.moveTo(points[index * 4] ?? 0, points[index * 4 + 1] ?? 0);
    context.lineTo(points[index * 4 + 2] ?? 0, points[index * 4 + 3] ?? 0);
  }
  context.stroke();
}

/** Filled heads for what arrived, an open ring for what is under way. */
function fillHeads(
  context: Context,
  scene: Scene,
  { points, rows }: Segments,
  members: readonly number[],
): void {
  const { outcome } = scene.store.columns;
  context.setLineDash([]);
  context.beginPath();
  let ring = false;
  for (const index of members) {
    const x = points[index * 4 + 2] ?? 0;
    const y = points[index * 4 + 3] ?? 0;
    const fate = outcome[rows[index] ?? 0];
    if (fate === OUTCOME.delivered) {
      headPath(context, points[index * 4] ?? 0, points[index * 4 + 1] ?? 0, { x, y });
    } else if (fate === OUTCOME.inFlight) {
      ring = true;
      context.moveTo(x + 3, y);
      context.arc(x, y, 3, 0, 2 * Math.PI);
    }
  }
  if (ring) context.stroke();
  else context.fill();
}

function headPath(
  context: Context,
  fromX: number,
  fromY: number,
  tip: { readonly x: number; readonly y: number },
): void {
  const angle = Math.atan2(tip.y - fromY, tip.x - fromX);
  const spread = 0.42;
  context.moveTo(tip.x, tip.y);
  context.lineTo(
    tip.x - HEAD_PX * Math.cos(angle - spread),
    tip.y - HEAD_PX * Math.sin(angle - spread),
  );
  context.lineTo(
    tip.x - HEAD_PX * Math.cos(angle + spread),
    tip.y - HEAD_PX * Math.sin(angle + spread),
  );
  context.closePath();
}

/** Lost: a cross. Cut off: a bar across. Nobody there: a cross in a ring. Never by colour alone. */
function paintFates(context: Context, scene: Scene, segments: Segments, palette: Palette): void {
  const { outcome } = scene.store.columns;
  const { points, rows, count } = segments;
  context.strokeStyle = palette.failed;
  context.lineWidth = 1.75;
  context.beginPath();
  for (let index = 0; index < count; index += 1) {
    const row = rows[index] ?? 0;
    const fate = outcome[row] ?? 0;
    if (fate < OUTCOME.lost || sideOf(scene, row) === DIM) continue;
    const x = points[index * 4 + 2] ?? 0;
    const y = points[index * 4 + 3] ?? 0;
    if (fate === OUTCOME.cut) {
      const angle = Math.atan2(y - (points[index * 4 + 1] ?? 0), x - (points[index * 4] ?? 0));
      const [dx, dy] = [-Math.sin(angle) * 6, Math.cos(angle) * 6];
      context.moveTo(x - dx, y - dy);
      context.lineTo(x + dx, y + dy);
      continue;
    }
    context.moveTo(x - CROSS_PX, y - CROSS_PX);
    context.lineTo(x + CROSS_PX, y + CROSS_PX);
    context.moveTo(x - CROSS_PX, y + CROSS_PX);
    context.lineTo(x + CROSS_PX, y - CROSS_PX);
    if (fate === OUTCOME.deadReceiver) {
      context.moveTo(x + 6.5, y);
      context.arc(x, y, 6.5, 0, 2 * Math.PI);
    }
  }
  context.stroke();
}

/** A line has room for its name when it is this long. */
const NAMED_FROM_PX = 70;
/** One name for each square of this size: names over each other name nothing. */
const NAME_SPOT_PX = 36;

function paintKinds(context: Context, scene: Scene, segments: Segments, palette: Palette): void {
  const { kind } = scene.store.columns;
  context.font = `10px ${palette.mono}`;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.fillStyle = palette.text2;
  context.strokeStyle = palette.surface;
  context.lineWidth = 3;
  const taken = new Set<string>();
  for (let index = 0; index < segments.count; index += 1) {
    const row = segments.rows[index] ?? 0;
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = segments.points.subarray(index * 4, index * 4 + 4);
    const length = Math.hypot(x1 - x0, y1 - y0);
    const word = scene.store.kinds.words[kind[row] ?? 0] ?? "";
    if (length < NAMED_FROM_PX + word.length * 5 || sideOf(scene, row) === DIM) continue;
    // A third of the way: lines cross in the middle.
    const [x, y] = [x0 + (x1 - x0) * 0.36, y0 + (y1 - y0) * 0.36];
    const spot = `${Math.floor(x / NAME_SPOT_PX)} ${Math.floor(y / NAME_SPOT_PX)}`;
    if (taken.has(spot)) continue;
    taken.add(spot);
    context.save();
    context.translate(x, y);
    context.rotate(Math.atan2(y1 - y0, x1 - x0));
    context.strokeText(word, 0, -2);
    context.fillText(word, 0, -2);
    context.restore();
  }
}
