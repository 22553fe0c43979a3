import { BIN_PX, densityOf } from "../model/density.ts";
import { yOfRow } from "../model/rows.ts";
import type { Palette } from "./palette.ts";
import type { Frame, Scene } from "./scene.ts";
import type { Size } from "../../../ui/surface.ts";

/** Shades of fullness: one path each, however many bins. */
const SHADES = 5;
/** Share of a line's height that a full bin has. */
const FULLEST = 0.82;

/** Messages sent and received, as bars on each node's line; failures as a red foot. */
export function paintDensity(
  context: CanvasRenderingContext2D,
  scene: Scene,
  frame: Frame,
  look: { readonly palette: Palette; readonly plot: Size },
): void {
  const { palette, plot } = look;
  const { place } = frame;
  const { columns, counts, failed, most } = densityOf(
    scene.store,
    place,
    frame.visible,
    plot.width,
  );
  const { rowHeight, ids } = place.layout;
  const tallest = rowHeight * FULLEST;
  const scale = 1 / Math.log1p(most);
  const first = Math.max(0, Math.floor(place.scroll / rowHeight) - 1);
  const last = Math.min(ids.length, Math.ceil((place.scroll + plot.height) / rowHeight) + 1);
  context.fillStyle = palette.series[0] ?? palette.text;
  const faint = scene.cone === undefined ? 1 : 0.35;
  for (let shade = 1; shade <= SHADES; shade += 1) {
    context.globalAlpha = (0.25 + (0.65 * shade) / SHADES) * faint;
    context.beginPath();
    for (let row = first; row < last; row += 1) {
      const y = yOfRow(place.layout, row, place.scroll);
      for (let column = 0; column < columns; column += 1) {
        const count = counts[row * columns + column] ?? 0;
        if (count === 0) continue;
        const full = Math.log1p(count) * scale;
        if (Math.min(SHADES, Math.ceil(full * SHADES)) !== shade) continue;
        const height = Math.max(2, tallest * full);
        context.rect(column * BIN_PX, y - height / 2, BIN_PX - 0.5, height);
      }
    }
    context.fill();
  }
  context.globalAlpha = faint;
  context.fillStyle = palette.failed;
  context.beginPath();
  for (let row = first; row < last; row += 1) {
    const foot = yOfRow(place.layout, row, place.scroll) + tallest / 2;
    for (let column = 0; column < columns; column += 1) {
      if ((failed[row * columns + column] ?? 0) === 0) continue;
      context.rect(column * BIN_PX, foot - 1, BIN_PX - 0.5, 3);
    }
  }
  context.fill();
  context.globalAlpha = 1;
}
