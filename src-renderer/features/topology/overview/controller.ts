/** The canvas overview without React: camera, picking, pointer and keys, one paint per frame. */
import type { MeshView } from "#shared/view/model.ts";
import type { SelectionStore } from "../../../state/selection.ts";
import { type PaintedEdge, paintEdges } from "../canvas/edges.ts";
import type { Palette } from "../canvas/palette.ts";
import { beginPaint } from "../../../ui/surface.ts";
import { boundsOf, GAP_X, type Point, type Positions } from "../graph/geometry.ts";
import type { DrawnNode } from "../graph/group.ts";
import type { FaultIndex } from "../graph/link-faults.ts";
import { labelsFit } from "../graph/lod.ts";
import { type Direction, nextNode } from "../graph/walk.ts";
import type { TopologyGraph } from "../use-graph.ts";
import { type Camera, fitBox, panBy, reveal, type Size, toGraph, zoomAt } from "./camera.ts";
import { NODE_RADIUS, paintNodes } from "./nodes.ts";
import { boxBetween, type PickIndex, pickIndex } from "./pick.ts";
import { edgesToPaint, nodesToPaint } from "./scene.ts";

export interface OverviewPorts {
  readonly selection: SelectionStore;
  onHover(id: string | undefined): void;
  onOpenGroup(zone: string): void;
  onInspect(): void;
}

export interface OverviewScene {
  readonly graph: TopologyGraph;
  readonly places: Positions;
  readonly faults: FaultIndex;
  readonly palette: Palette;
  readonly view: () => MeshView | undefined;
}

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};
const FIT_MARGIN = 120;
const REVEAL_MARGIN = 60;
/** Further than this a press is a drag, not a click. */
const CLICK_SLACK_PX = 4;

export class OverviewController {
  readonly #ports: OverviewPorts;
  #canvas: HTMLCanvasElement | undefined;
  #scene: OverviewScene | undefined;
  #byId: ReadonlyMap<string, DrawnNode> = new Map();
  #edges: readonly PaintedEdge[] = [];
  #index: PickIndex = pickIndex(new Map());
  #camera: Camera = { x: 0, y: 0, zoom: 0.2 };
  #size: Size = { width: 1, height: 1 };
  #frame = 0;
  #cursor: string | undefined;
  #box: { readonly from: Point; to: Point } | undefined;

  constructor(ports: OverviewPorts) {
    this.#ports = ports;
  }

  attach(canvas: HTMLCanvasElement): () => void {
    this.#canvas = canvas;
    const leaving = new AbortController();
    const { signal } = leaving;
    canvas.addEventListener("wheel", (event) => this.#onWheel(event), { signal, passive: false });
    canvas.addEventListener("pointerdown", (event) => this.#onPress(event), { signal });
    canvas.addEventListener("pointermove", (event) => this.#onHover(event), { signal });
    canvas.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    canvas.addEventListener("contextmenu", (event) => this.#onContext(event), { signal });
    canvas.addEventListener("dblclick", (event) => this.#onDouble(event), { signal });
    const observer = new ResizeObserver(() => this.#resize());
    observer.observe(canvas);
    this.#resize();
    return () => {
      leaving.abort();
      observer.disconnect();
      cancelAnimationFrame(this.#frame);
      this.#frame = 0;
      this.#canvas = undefined;
    };
  }

  show(scene: OverviewScene): void {
    if (scene.places !== this.#scene?.places) this.#index = pickIndex(scene.places);
    this.#scene = scene;
    this.#byId = new Map(scene.graph.drawn.nodes.map((node) => [node.id, node]));
    this.ask();
  }

  /** Paints with the next frame, once however often it is asked. */
  ask(): void {
    if (this.#frame === 0 && this.#canvas !== undefined) {
      this.#frame = requestAnimationFrame(() => this.#paint());
    }
  }

  fit(): void {
    const box = boundsOf(this.#scene?.places.values() ?? [], FIT_MARGIN);
    if (box !== undefined) this.#look(fitBox(box, this.#size));
  }

  zoomBy(factor: number): void {
    this.#look(zoomAt(this.#camera, { x: this.#size.width / 2, y: this.#size.height / 2 }, factor));
  }

  #look(camera: Camera): void {
    this.#camera = camera;
    this.ask();
  }

  #resize(): void {
    const canvas = this.#canvas;
    if (canvas === undefined) return;
    this.#size = { width: canvas.clientWidth, height: canvas.clientHeight };
    this.ask();
  }

  #paint(): void {
    this.#frame = 0;
    const scene = this.#scene;
    const context = this.#canvas && beginPaint(this.#canvas, this.#size);
    const view = scene?.view();
    if (scene === undefined || context === undefined || view === undefined) return;
    const { zoom } = this.#camera;
    const selection = this.#ports.selection.getState();
    this.#edges = edgesToPaint(scene, view, selection);
    context.translate(this.#camera.x, this.#camera.y);
    context.scale(zoom, zoom);
    paintEdges(context, this.#edges, scene.palette, zoom);
    const nodes = nodesToPaint(scene, view, selection.nodes);
    paintNodes(context, nodes, scene.palette, { zoom, labels: labelsFit(zoom, GAP_X / 2) });
    this.#paintOverlay(context, scene.palette);
  }

  #paintOverlay(context: CanvasRenderingContext2D, palette: Palette): void {
    const { zoom } = this.#camera;
    context.lineWidth = 2 / zoom;
    context.strokeStyle = palette.accent;
    const cursor = this.#scene?.places.get(this.#cursor ?? "");
    if (cursor !== undefined && document.activeElement === this.#canvas) {
      const reach = NODE_RADIUS + 6 / zoom;
      context.strokeRect(cursor.x - reach, cursor.y - reach, reach * 2, reach * 2);
    }
    if (this.#box === undefined) return;
    const { x, y, width, height } = boxBetween(this.#box.from, this.#box.to);
    context.globalAlpha = 0.35;
    context.fillStyle = palette.accentSoft;
    context.fillRect(x, y, width, height);
    context.globalAlpha = 1;
    context.strokeRect(x, y, width, height);
  }

  #at(event: MouseEvent): Point {
    return toGraph(this.#camera, { x: event.offsetX, y: event.offsetY });
  }

  #hit(event: MouseEvent): DrawnNode | undefined {
    const reach = Math.max(NODE_RADIUS, 10 / this.#camera.zoom);
    const id = this.#index.nearest(this.#at(event), reach);
    return id === undefined ? undefined : this.#byId.get(id);
  }

  #onWheel(event: WheelEvent): void {
    event.preventDefault();
    const factor = Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016));
    this.#look(zoomAt(this.#camera, { x: event.offsetX, y: event.offsetY }, factor));
  }

  /** A drag pans; with Shift it draws a box; without moving it is a click. */
  #onPress(event: PointerEvent): void {
    const canvas = this.#canvas;
    if (canvas === undefined || event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    const boxed = event.shiftKey;
    const start = { x: event.offsetX, y: event.offsetY };
    const from = this.#at(event);
    let camera = this.#camera;
    let moved = false;
    const done = new AbortController();
    const { signal } = done;
    const onMove = (now: PointerEvent): void => {
      const dx = now.offsetX - start.x;
      const dy = now.offsetY - start.y;
      if (!moved && Math.hypot(dx, dy) < CLICK_SLACK_PX) return;
      if (!moved) camera = this.#camera;
      moved = true;
      if (boxed) this.#box = { from, to: this.#at(now) };
      this.#look(boxed ? this.#camera : panBy(camera, dx, dy));
    };
    const onEnd = (end: PointerEvent): void => {
      done.abort();
      if (!moved) this.#click(end);
      else if (this.#box !== undefined) this.#selectBox();
    };
    canvas.addEventListener("pointermove", onMove, { signal });
    canvas.addEventListener("pointerup", onEnd, { signal });
    canvas.addEventListener("pointercancel", () => done.abort(), { signal });
  }

  #click(event: PointerEvent): void {
    const node = this.#hit(event);
    const selection = this.#ports.selection.getState();
    if (node === undefined) {
      if (!event.shiftKey) selection.clear();
      return;
    }
    this.#cursor = node.id;
    const adds = event.shiftKey || event.ctrlKey || event.metaKey;
    selection.selectNodes(node.members, adds ? "toggle" : "replace");
  }

  #selectBox(): void {
    if (this.#box === undefined) return;
    const ids = this.#index.inside(boxBetween(this.#box.from, this.#box.to));
    this.#box = undefined;
    const members = ids.flatMap((id) => this.#byId.get(id)?.members ?? []);
    this.#ports.selection.getState().selectNodes(members, "add");
    this.ask();
  }

  #onHover(event: PointerEvent): void {
    if (event.buttons === 0) this.#ports.onHover(labelOf(this.#hit(event)));
  }

  #onContext(event: MouseEvent): void {
    const node = this.#hit(event);
    const { nodes, selectNodes, clear } = this.#ports.selection.getState();
    if (node === undefined) clear();
    else if (!node.members.every((member) => nodes.has(member))) selectNodes(node.members);
  }

  #onDouble(event: MouseEvent): void {
    this.#open(this.#hit(event));
  }

  #open(node: DrawnNode | undefined): void {
    if (node === undefined) return;
    if (node.kind === "group") {
      this.#ports.onOpenGroup(node.zone ?? "");
      return;
    }
    this.#ports.selection.getState().selectNodes(node.members);
    this.#ports.onInspect();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = ARROWS[event.key];
    if (direction !== undefined) this.#walk(direction);
    else if (event.key === "Enter") this.#open(this.#byId.get(this.#cursor ?? ""));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #walk(direction: Direction): void {
    const places = this.#scene?.places;
    const next = places && nextNode(places, this.#cursor, direction);
    const place = next === undefined ? undefined : places?.get(next);
    if (next === undefined || place === undefined) return;
    this.#cursor = next;
    this.#ports.onHover(labelOf(this.#byId.get(next)));
    this.#look(reveal(this.#camera, place, this.#size, REVEAL_MARGIN));
  }
}

function labelOf(node: DrawnNode | undefined): string | undefined {
  if (node === undefined) return undefined;
  return node.kind === "group" ? `${node.zone} (${node.members.length})` : node.id;
}
