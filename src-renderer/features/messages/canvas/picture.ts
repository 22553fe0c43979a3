/** Two canvases: one with everything that stays, above it one with what follows the pointer. */
import { SegmentIndex } from "../model/pick.ts";
import { maxScroll } from "../model/rows.ts";
import { xOf } from "../model/time-axis.ts";
import type { Camera } from "./camera.ts";
import {
  type DrawnMark,
  type Paint,
  paintAxis,
  paintGrid,
  paintMarks,
  placeMarks,
  rowsInSight,
} from "./paint-frame.ts";
import { paintDensity } from "./paint-density.ts";
import { paintMessages } from "./paint-messages.ts";
import type { Palette } from "./palette.ts";
import { AXIS_PX, type Frame, FrameMaker, type Scene } from "./scene.ts";
import { beginPaint, type Size } from "../../../ui/surface.ts";

/** How near the pointer must be to a line, pixels. */
const REACH_PX = 6;
const MARK_REACH_PX = 8;
const GUTTER_MIN_PX = 52;
const GUTTER_MAX_PX = 140;

/** Something under the pointer; x and y on the canvas. */
export type Hit =
  | { readonly kind: "message"; readonly serial: number; readonly x: number; readonly y: number }
  | { readonly kind: "event"; readonly seq: number; readonly x: number; readonly y: number };

export class Picture {
  readonly #still: HTMLCanvasElement;
  readonly #over: HTMLCanvasElement;
  readonly #frames = new FrameMaker();
  #frame: Frame | undefined;
  #marks: readonly DrawnMark[] = [];
  #index: SegmentIndex | undefined;
  #size: Size = { width: 1, height: 1 };
  #gutter = GUTTER_MIN_PX;

  constructor(still: HTMLCanvasElement, over: HTMLCanvasElement) {
    this.#still = still;
    this.#over = over;
  }

  get frame(): Frame | undefined {
    return this.#frame;
  }

  /** Width of the column of names, pixels. */
  get gutter(): number {
    return this.#gutter;
  }

  /** Measures the element, and says how much of it shows time and nodes. */
  measure(ids: readonly string[], palette: Palette): Size {
    this.#size = { width: this.#still.clientWidth, height: this.#still.clientHeight };
    const context = this.#over.getContext("2d");
    if (context !== null) {
      context.font = nameFont(palette);
      const widest = ids.reduce((most, id) => (id.length > most.length ? id : most), "");
      const wanted = context.measureText(widest).width + 24;
      this.#gutter = Math.round(Math.min(GUTTER_MAX_PX, Math.max(GUTTER_MIN_PX, wanted)));
    }
    return {
      width: Math.max(1, this.#size.width - this.#gutter),
      height: Math.max(1, this.#size.height - AXIS_PX),
    };
  }

  paint(scene: Scene, camera: Camera, palette: Palette): void {
    const frame = this.#frames.make(scene, camera.view, camera.plot, camera.scroll);
    this.#frame = frame;
    this.#index = undefined;
    const context = beginPaint(this.#still, this.#size);
    if (context === undefined) return;
    const paint: Paint = { scene, frame, palette, plot: camera.plot };
    context.save();
    context.translate(this.#gutter, 0);
    context.beginPath();
    context.rect(0, 0, camera.plot.width, this.#size.height);
    context.clip();
    paintGrid(context, paint);
    if (frame.level === "density") {
      paintDensity(context, scene, frame, { palette, plot: camera.plot });
    }
    paintMessages(context, scene, frame, palette);
    this.#marks = placeMarks(paint);
    paintMarks(context, this.#marks, palette);
    paintAxis(context, paint);
    context.restore();
    this.#paintNames(context, paint);
  }

  #paintNames(context: CanvasRenderingContext2D, paint: Paint): void {
    const { palette, plot } = paint;
    context.fillStyle = palette.surface;
    context.fillRect(0, 0, this.#gutter, this.#size.height);
    context.strokeStyle = palette.border;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(this.#gutter - 0.5, 0);
    context.lineTo(this.#gutter - 0.5, this.#size.height);
    context.stroke();
    context.font = nameFont(palette);
    context.fillStyle = palette.text;
    context.textAlign = "right";
    context.textBaseline = "middle";
    const room = this.#gutter - 16;
    for (const { id, y } of rowsInSight(paint)) {
      if (y < plot.height - 4) context.fillText(shorten(context, id, room), this.#gutter - 10, y);
    }
  }

  /** The layer above: the present, the moment looked at, and what is pointed at or chosen. */
  paintOver(scene: Scene, camera: Camera, look: OverLook): void {
    const context = beginPaint(this.#over, this.#size);
    if (context === undefined || this.#frame === undefined) return;
    const { palette, now, hit } = look;
    context.save();
    context.translate(this.#gutter, 0);
    context.beginPath();
    context.rect(0, 0, camera.plot.width, this.#size.height);
    context.clip();
    this.#paintNow(context, camera, { palette, now, past: scene.past });
    if (scene.selected !== undefined) this.#paintBeam(context, scene.selected, scene, palette, 3);
    if (hit?.kind === "message") this.#paintBeam(context, hit.serial, scene, palette, 2.5);
    const rung = [hit?.kind === "event" ? hit.seq : undefined, scene.selectedEvent];
    for (const drawn of this.#marks) {
      if (!rung.includes(drawn.mark.seq)) continue;
      context.strokeStyle = palette.accent;
      context.lineWidth = 2;
      context.beginPath();
      context.arc(drawn.x, drawn.y, 9, 0, 2 * Math.PI);
      context.stroke();
    }
    paintScrollBar(context, camera, scene, palette);
    context.restore();
    if (look.focused) {
      context.strokeStyle = palette.accent;
      context.lineWidth = 2;
      context.strokeRect(1, 1, this.#size.width - 2, this.#size.height - 2);
    }
  }

  #paintNow(
    context: CanvasRenderingContext2D,
    camera: Camera,
    { palette, now, past }: Pick<OverLook, "palette" | "now"> & { past: number | undefined },
  ): void {
    const { plot, view } = camera;
    const x = xOf(view, now);
    if (x < plot.width) {
      context.fillStyle = palette.surface2;
      context.globalAlpha = 0.6;
      context.fillRect(Math.max(0, x), 0, plot.width - Math.max(0, x), plot.height);
      context.globalAlpha = 1;
    }
    const line = (at: number, colour: string, dash: readonly number[]): void => {
      const lineX = xOf(view, at);
      context.strokeStyle = colour;
      context.lineWidth = 1.5;
      context.setLineDash([...dash]);
      context.beginPath();
      context.moveTo(lineX, 0);
      context.lineTo(lineX, plot.height + 6);
      context.stroke();
      context.setLineDash([]);
    };
    line(now, palette.text3, [4, 4]);
    if (past !== undefined) line(past, palette.accent, []);
  }

  // oxlint-disable-next-line max-params -- the width tells a hovered line from a chosen one.
  #paintBeam(
    context: CanvasRenderingContext2D,
    serial: number,
    scene: Scene,
    palette: Palette,
    width: number,
  ): void {
    const index = this.#segmentOf(scene, serial);
    if (index < 0 || this.#frame === undefined) return;
    const { points } = this.#frame.segments;
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = points.subarray(index * 4, index * 4 + 4);
    context.strokeStyle = palette.accent;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
    context.fillStyle = palette.surface;
    for (const [x, y] of [
      [x0, y0],
      [x1, y1],
    ] as const) {
      context.beginPath();
      context.arc(x, y, 4, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
  }

  #segmentOf({ store }: Scene, serial: number): number {
    const row = store.rowOf(serial);
    const segments = this.#frame?.segments;
    if (row < 0 || segments === undefined) return -1;
    return segments.rows.subarray(0, segments.count).indexOf(row);
  }

  /** What lies under a point of the canvas; marks are above lines. */
  hit(x: number, y: number, scene: Scene): Hit | undefined {
    const frame = this.#frame;
    const plotX = x - this.#gutter;
    if (frame === undefined || plotX < 0) return undefined;
    for (const { mark, x: markX, y: markY } of this.#marks) {
      if (Math.hypot(markX - plotX, markY - y) <= MARK_REACH_PX) {
        return { kind: "event", seq: mark.seq, x, y };
      }
    }
    this.#index ??= new SegmentIndex(frame.segments, this.#size.width - this.#gutter);
    const found = this.#index.nearest(plotX, y, REACH_PX);
    const row = frame.segments.rows[found];
    if (found < 0 || row === undefined) return undefined;
    return { kind: "message", serial: scene.store.columns.serial[row] ?? 0, x, y };
  }

  /** Both layers on the surface's colour. */
  toPng(palette: Palette): Promise<Blob | null> {
    const copy = document.createElement("canvas");
    copy.width = this.#still.width;
    copy.height = this.#still.height;
    const context = copy.getContext("2d");
    if (context === null) return Promise.resolve(null);
    context.fillStyle = palette.surface;
    context.fillRect(0, 0, copy.width, copy.height);
    context.drawImage(this.#still, 0, 0);
    context.drawImage(this.#over, 0, 0);
    return new Promise((resolve) => copy.toBlob(resolve, "image/png"));
  }
}

export interface OverLook {
  readonly palette: Palette;
  /** Newest mesh time there is, microseconds. */
  readonly now: number;
  readonly hit: Hit | undefined;
  readonly focused: boolean;
}

/** More nodes than fit: how far down the drawing is scrolled. */
function paintScrollBar(
  context: CanvasRenderingContext2D,
  { plot, scroll }: Camera,
  { layout }: Scene,
  palette: Palette,
): void {
  const most = maxScroll(layout, plot.height);
  if (most === 0) return;
  const length = (plot.height * plot.height) / (plot.height + most);
  const top = (scroll / most) * (plot.height - length);
  context.fillStyle = palette.strong;
  context.fillRect(plot.width - 6, top, 4, length);
}

function nameFont(palette: Palette): string {
  return `600 12px ${palette.font}`;
}

function shorten(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let shown = text;
  while (shown.length > 1 && context.measureText(`${shown}…`).width > room) {
    shown = shown.slice(0, -1);
  }
  return `${shown}…`;
}
