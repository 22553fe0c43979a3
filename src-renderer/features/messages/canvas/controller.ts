/** The diagram without React: pointer, wheel and keys move the camera; one paint per frame. */
import type { TimeRange } from "../model/coverage.ts";
import type { Level } from "../model/level.ts";
import { layoutRows } from "../model/rows.ts";
import { Camera } from "./camera.ts";
import type { Palette } from "./palette.ts";
import { type Hit, Picture } from "./picture.ts";
import type { Scene } from "./scene.ts";

export interface DiagramPorts {
  /** Time across the screen at first, microseconds. */
  readonly firstSpanUs: number;
  /** Newest mesh time there is, and the oldest that is kept, microseconds. */
  now(): number;
  begin(): number;
  onHover(hit: Hit | undefined): void;
  /** Another stretch of time is on the screen. */
  onWindow(window: TimeRange): void;
  onFollow(following: boolean): void;
  onPainted(picture: Painted): void;
}

export interface Painted {
  readonly level: Level;
  /** Messages in the picture that pass the filter. */
  readonly shown: number;
}

/** Layout is the controller's: it depends on the height. */
export type DiagramScene = Omit<Scene, "layout"> & {
  readonly ids: readonly string[];
  readonly palette: Palette;
};

/** Further than this a press is a drag, not a click. */
const CLICK_SLACK_PX = 4;
const KEY_PAN = 0.1;
const KEY_ZOOM = 1.5;

export class DiagramController {
  readonly #ports: DiagramPorts;
  readonly #camera: Camera;
  #canvas: HTMLCanvasElement | undefined;
  #picture: Picture | undefined;
  #given: DiagramScene | undefined;
  #scene: Scene | undefined;
  #request = 0;
  #dirty = true;
  #following = true;
  #hit: Hit | undefined;
  #shownWindow: TimeRange | undefined;
  #onPick: (hit: Hit | undefined) => void = () => {};

  constructor(ports: DiagramPorts) {
    this.#ports = ports;
    this.#camera = new Camera(ports.firstSpanUs);
  }

  get window(): TimeRange {
    return this.#camera.window;
  }

  attach(still: HTMLCanvasElement, over: HTMLCanvasElement): () => void {
    this.#canvas = over;
    this.#picture = new Picture(still, over);
    const leaving = new AbortController();
    const { signal } = leaving;
    over.addEventListener("wheel", (event) => this.#onWheel(event), { signal, passive: false });
    over.addEventListener("pointerdown", (event) => this.#onPress(event), { signal });
    over.addEventListener("pointermove", (event) => this.#onMove(event), { signal });
    over.addEventListener("pointerleave", () => this.#hover(undefined), { signal });
    over.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    over.addEventListener("focus", () => this.ask(), { signal });
    over.addEventListener("blur", () => this.ask(), { signal });
    const observer = new ResizeObserver(() => this.#resize());
    observer.observe(over);
    this.#resize();
    return () => {
      leaving.abort();
      observer.disconnect();
      cancelAnimationFrame(this.#request);
      this.#request = 0;
      this.#canvas = undefined;
      this.#picture = undefined;
    };
  }

  show(given: DiagramScene): void {
    const rowsChanged = given.ids !== this.#given?.ids || given.palette !== this.#given?.palette;
    this.#given = given;
    if (rowsChanged) this.#resize();
    else this.#compose();
    this.redraw();
  }

  follow(following: boolean): void {
    if (following === this.#following) return;
    this.#following = following;
    this.#ports.onFollow(following);
    this.tick();
  }

  /** The mesh's time went on. */
  tick(): void {
    if (this.#following && this.#given?.past === undefined) {
      this.#camera.showNow(this.#ports.now());
      this.redraw();
    }
    this.ask();
  }

  showMoment(at: number): void {
    this.follow(false);
    this.#camera.reveal(at);
    this.redraw();
  }

  fit(range: TimeRange): void {
    this.#leaveNow();
    this.#camera.fit(range);
    this.redraw();
  }

  span(us: number): void {
    this.#camera.span(us, this.#anchor());
    this.redraw();
  }

  zoomBy(factor: number): void {
    this.#camera.zoom(this.#anchor(), factor);
    this.redraw();
  }

  png(): Promise<Blob | null> {
    const palette = this.#given?.palette;
    if (this.#picture === undefined || palette === undefined) return Promise.resolve(null);
    return this.#picture.toPng(palette);
  }

  /** Who hears of clicks; undefined: on the empty space. */
  listen(onPick: (hit: Hit | undefined) => void): void {
    this.#onPick = onPick;
  }

  /** Both layers with the next frame. */
  redraw(): void {
    this.#dirty = true;
    this.ask();
  }

  /** The upper layer with the next frame, once however often it is asked. */
  ask(): void {
    if (this.#request === 0 && this.#canvas !== undefined) {
      this.#request = requestAnimationFrame(() => this.#paint());
    }
  }

  /** While following, the present is what stays in place. */
  #anchor(): number {
    return this.#following ? this.#camera.nowX : this.#camera.plot.width / 2;
  }

  #leaveNow(): void {
    if (!this.#following) return;
    this.#following = false;
    this.#ports.onFollow(false);
  }

  #resize(): void {
    const given = this.#given;
    if (this.#picture === undefined || given === undefined) return;
    this.#camera.resize(this.#picture.measure(given.ids, given.palette));
    this.#compose();
    this.redraw();
  }

  #compose(): void {
    if (this.#given === undefined) return;
    const layout = layoutRows(this.#given.ids, this.#camera.plot.height);
    this.#scene = { ...this.#given, layout };
    this.#camera.scrollBy(0, layout);
  }

  #paint(): void {
    this.#request = 0;
    const { palette } = this.#given ?? {};
    const [scene, picture] = [this.#scene, this.#picture];
    if (scene === undefined || picture === undefined || palette === undefined) return;
    if (this.#dirty) {
      this.#dirty = false;
      picture.paint(scene, this.#camera, palette);
      this.#hoverAgain(picture, scene);
      this.#told(picture);
    }
    const focused = this.#canvas?.matches(":focus-visible") === true;
    const now = this.#ports.now();
    picture.paintOver(scene, this.#camera, { palette, now, hit: this.#hit, focused });
  }

  #told(picture: Picture): void {
    const { frame } = picture;
    if (frame === undefined) return;
    this.#ports.onPainted({ level: frame.level, shown: frame.visible.count });
    const { from, to } = this.#camera.window;
    if (from === this.#shownWindow?.from && to === this.#shownWindow.to) return;
    this.#shownWindow = { from, to };
    this.#ports.onWindow({ from, to });
  }

  #hitAt(event: MouseEvent): Hit | undefined {
    if (this.#scene === undefined) return undefined;
    return this.#picture?.hit(event.offsetX, event.offsetY, this.#scene);
  }

  #onWheel(event: WheelEvent): void {
    event.preventDefault();
    const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (sideways) {
      this.#leaveNow();
      this.#camera.pan(-(event.deltaX === 0 ? event.deltaY : event.deltaX));
    } else {
      const factor = Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016));
      const x = event.offsetX - (this.#picture?.gutter ?? 0);
      this.#camera.zoom(this.#following ? this.#camera.nowX : x, factor);
    }
    this.#hover(undefined);
    this.redraw();
  }

  /** A drag pans; without moving it is a click. */
  #onPress(event: PointerEvent): void {
    const canvas = this.#canvas;
    if (canvas === undefined || event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    let last = { x: event.offsetX, y: event.offsetY };
    const start = last;
    let moved = false;
    const done = new AbortController();
    const { signal } = done;
    const onMove = (now: PointerEvent): void => {
      const far = Math.hypot(now.offsetX - start.x, now.offsetY - start.y);
      if (!moved && far < CLICK_SLACK_PX) return;
      moved = true;
      this.#drag(now.offsetX - last.x, now.offsetY - last.y);
      last = { x: now.offsetX, y: now.offsetY };
    };
    const onEnd = (end: PointerEvent): void => {
      done.abort();
      if (!moved) this.#onPick(this.#hitAt(end));
    };
    canvas.addEventListener("pointermove", onMove, { signal });
    canvas.addEventListener("pointerup", onEnd, { signal });
    canvas.addEventListener("pointercancel", () => done.abort(), { signal });
  }

  #drag(dx: number, dy: number): void {
    if (dx !== 0) this.#leaveNow();
    this.#camera.pan(dx);
    if (this.#scene !== undefined) this.#camera.scrollBy(-dy, this.#scene.layout);
    this.#hover(undefined);
    this.redraw();
  }

  #onMove(event: PointerEvent): void {
    if (event.buttons === 0) this.#hover(this.#hitAt(event));
  }

  #hover(hit: Hit | undefined): void {
    if (hit === undefined && this.#hit === undefined) return;
    this.#hit = hit;
    this.#ports.onHover(hit);
    this.ask();
  }

  /** The drawing moved under a pointer that stood still. */
  #hoverAgain(picture: Picture, scene: Scene): void {
    const before = this.#hit;
    if (before === undefined) return;
    const now = picture.hit(before.x, before.y, scene);
    if (!sameHit(before, now)) this.#hover(now);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.#move(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    this.redraw();
  }

  #move(key: string): boolean {
    const { width } = this.#camera.plot;
    switch (key) {
      case "ArrowLeft":
      case "ArrowRight":
        this.#leaveNow();
        this.#camera.pan(width * (key === "ArrowLeft" ? KEY_PAN : -KEY_PAN));
        return true;
      case "ArrowUp":
      case "ArrowDown":
        this.#drag(0, (this.#scene?.layout.rowHeight ?? 0) * (key === "ArrowUp" ? 1 : -1));
        return true;
      case "+":
      case "=":
        this.zoomBy(KEY_ZOOM);
        return true;
      case "-":
        this.zoomBy(1 / KEY_ZOOM);
        return true;
      case "0":
        this.fit({ from: this.#ports.begin(), to: this.#ports.now() });
        return true;
      case "Home":
        this.#leaveNow();
        this.#camera.showMoment(this.#ports.begin());
        return true;
      case "End":
        this.follow(true);
        return true;
      case "Escape":
        if (this.#scene?.selected === undefined && this.#scene?.selectedEvent === undefined) {
          return false;
        }
        this.#onPick(undefined);
        return true;
      case "PageUp":
      case "PageDown":
        this.#pickBeside(key === "PageUp" ? -1 : 1);
        return true;
      default:
        return false;
    }
  }

  /** The message before or after the chosen one; without one, the first on the screen. */
  #pickBeside(step: 1 | -1): void {
    const [scene, frame] = [this.#scene, this.#picture?.frame];
    if (scene === undefined || frame === undefined || frame.visible.count === 0) return;
    const { serial } = scene.store.columns;
    const rows = frame.visible.rows.subarray(0, frame.visible.count);
    const chosen = scene.selected === undefined ? -1 : scene.store.rowOf(scene.selected);
    const at = rows.indexOf(chosen);
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
    if (next === undefined) return;
    this.#onPick({ kind: "message", serial: serial[next] ?? 0, x: 0, y: 0 });
  }
}

function sameHit(a: Hit, b: Hit | undefined): boolean {
  if (a.kind === "message") return b?.kind === "message" && a.serial === b.serial;
  return b?.kind === "event" && a.seq === b.seq;
}
