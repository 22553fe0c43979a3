/** Where the canvas looks: screen = graph * zoom + offset. */
import type { Box, Point } from "../graph/geometry.ts";

export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const MIN_ZOOM = 0.02;
export const MAX_ZOOM = 2.5;

export function toScreen(camera: Camera, point: Point): Point {
  return { x: point.x * camera.zoom + camera.x, y: point.y * camera.zoom + camera.y };
}

export function toGraph(camera: Camera, point: Point): Point {
  return { x: (point.x - camera.x) / camera.zoom, y: (point.y - camera.y) / camera.zoom };
}

/** Zooms by `factor`; what lies under `anchor` (screen) stays there. */
export function zoomAt(camera: Camera, anchor: Point, factor: number): Camera {
  const zoom = clamp(camera.zoom * factor, MIN_ZOOM, MAX_ZOOM);
  const fixed = toGraph(camera, anchor);
  return { zoom, x: anchor.x - fixed.x * zoom, y: anchor.y - fixed.y * zoom };
}

export function panBy(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x + dx, y: camera.y + dy };
}

/** Shows all of `box` in the middle of the screen, never larger than life. */
export function fitBox(box: Box, screen: Size): Camera {
  const zoom = clamp(
    Math.min(screen.width / Math.max(1, box.width), screen.height / Math.max(1, box.height), 1),
    MIN_ZOOM,
    MAX_ZOOM,
  );
  return {
    zoom,
    x: screen.width / 2 - (box.x + box.width / 2) * zoom,
    y: screen.height / 2 - (box.y + box.height / 2) * zoom,
  };
}

/** Shifts the view no more than needed to bring `point` (graph) inside, `margin` px off the rim. */
export function reveal(camera: Camera, point: Point, screen: Size, margin: number): Camera {
  const { x, y } = toScreen(camera, point);
  const dx = clamp(x, margin, Math.max(margin, screen.width - margin)) - x;
  const dy = clamp(y, margin, Math.max(margin, screen.height - margin)) - y;
  return dx === 0 && dy === 0 ? camera : panBy(camera, dx, dy);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
