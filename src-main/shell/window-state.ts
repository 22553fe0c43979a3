/** Where the window was, and whether that place still exists. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Rectangle } from "electron";
import { z } from "zod";

export const MIN_WIDTH = 960;
export const MIN_HEIGHT = 600;
const DEFAULT_WIDTH = 1440;
const DEFAULT_HEIGHT = 900;
/** This much of the window, in pixels each way, must lie on one display. */
const MIN_VISIBLE = 120;

const windowStateSchema = z.strictObject({
  x: z.int(),
  y: z.int(),
  width: z.int().min(MIN_WIDTH).max(20_000),
  height: z.int().min(MIN_HEIGHT).max(20_000),
  maximised: z.boolean(),
});
export type WindowState = z.infer<typeof windowStateSchema>;

function overlap(a: Rectangle, b: Rectangle): { readonly width: number; readonly height: number } {
  return {
    width: Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x),
    height: Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y),
  };
}

/** The kept place when a display still shows it; otherwise the default size, centred by Electron. */
export function placeWindow(
  kept: WindowState | undefined,
  displays: readonly Rectangle[],
): Partial<Rectangle> & { readonly width: number; readonly height: number } {
  const visible = displays.some((display) => {
    if (kept === undefined) return false;
    const { width, height } = overlap(kept, display);
    return width >= MIN_VISIBLE && height >= MIN_VISIBLE;
  });
  if (kept === undefined || !visible) return { width: DEFAULT_WIDTH, height: DEFAULT_HEIGHT };
  return { x: kept.x, y: kept.y, width: kept.width, height: kept.height };
}

/** Undefined for a file that is missing, unreadable or not ours: the place is a convenience. */
export function loadWindowState(file: string): WindowState | undefined {
  try {
    return windowStateSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

export function saveWindowState(file: string, state: WindowState): void {
  const draft = `${file}.new`;
  writeFileSync(draft, JSON.stringify(state));
  renameSync(draft, file);
}
