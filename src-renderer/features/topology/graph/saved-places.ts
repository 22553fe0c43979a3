/** Positions that a person dragged nodes to, kept per mesh as text. */
import type { LayoutChoice } from "./layout.ts";
import { LAYOUTS } from "./layout.ts";
import type { Point, Positions } from "./geometry.ts";

export interface SavedPlaces {
  readonly layout: LayoutChoice;
  /** Dragged nodes only: everything else follows from the layout. */
  readonly dragged: Positions;
}

export const NOTHING_SAVED: SavedPlaces = { layout: "auto", dragged: new Map() };

/** A store is shared by all meshes and small; more dragged nodes than this are not remembered. */
const MAX_SAVED = 2_000;
/** Nobody drags further; a damaged entry must not send a node to where nobody finds it. */
const FURTHEST = 1_000_000;

export function savedPlacesKey(mesh: string): string {
  return `meshdeck.places.${mesh}`;
}

export function writePlaces({ layout, dragged }: SavedPlaces): string {
  const rows = [...dragged]
    .slice(-MAX_SAVED)
    .map(([id, { x, y }]) => [id, Math.round(x), Math.round(y)]);
  return JSON.stringify({ version: 1, layout, dragged: rows });
}

/** Anything that is not what `writePlaces` wrote counts as nothing saved. */
export function readPlaces(text: string | null): SavedPlaces {
  if (text === null) return NOTHING_SAVED;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return NOTHING_SAVED;
  }
  if (!isRecord(value) || value["version"] !== 1 || !Array.isArray(value["dragged"])) {
    return NOTHING_SAVED;
  }
  const layout = LAYOUTS.find((name) => name === value["layout"]) ?? "auto";
  const dragged = new Map<string, Point>();
  for (const row of value["dragged"].slice(0, MAX_SAVED)) {
    if (!Array.isArray(row)) continue;
    const [id, x, y]: unknown[] = row;
    if (typeof id === "string" && isPlace(x) && isPlace(y)) dragged.set(id, { x, y });
  }
  return { layout, dragged };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isPlace(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= FURTHEST;
}
