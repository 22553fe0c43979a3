/** Layouts with a formula: every node of the list gets its place, around the origin. */
import { GAP_X, GAP_Y, type Point } from "./geometry.ts";
import { byZone, type DrawnNode } from "./group.ts";

type Placed = Map<string, Point>;

/** Row by row; `ceil(sqrt(n))` columns, so that nine nodes are three by three. */
export function gridLayout(ids: readonly string[]): Placed {
  const columns = Math.max(1, Math.ceil(Math.sqrt(ids.length)));
  const rows = Math.ceil(ids.length / columns);
  return new Map(
    ids.map((id, index) => [
      id,
      {
        x: ((index % columns) - (columns - 1) / 2) * GAP_X,
        y: (Math.floor(index / columns) - (rows - 1) / 2) * GAP_Y,
      },
    ]),
  );
}

/** Distance along the circle between two cards, and the least radius. */
const ARC_ROOM = 196;
const LEAST_RADIUS = 220;

/** Clockwise from the top. Two nodes face each other. */
export function ringLayout(ids: readonly string[]): Placed {
  if (ids.length === 1) return gridLayout(ids);
  const radius = Math.max(LEAST_RADIUS, (ids.length * ARC_ROOM) / (2 * Math.PI));
  return new Map(
    ids.map((id, index) => {
      const angle = (index / ids.length) * 2 * Math.PI - Math.PI / 2;
      return [id, { x: Math.cos(angle) * radius, y: Math.sin(angle) * radius }];
    }),
  );
}

/** The hub in the middle, all others around it. */
export function starLayout(ids: readonly string[], hub: string): Placed {
  const placed = ringLayout(ids.filter((id) => id !== hub));
  return placed.set(hub, { x: 0, y: 0 });
}

const ZONE_MARGIN = 96;

/** A grid per zone; the zones side by side, in rows of `ceil(sqrt(zones))`. */
export function zonesLayout(nodes: readonly DrawnNode[]): Placed {
  const zones = [...byZone(nodes).values()].map((members) => members.map((node) => node.id));
  const largest = zones.reduce((most, members) => Math.max(most, members.length), 1);
  const columnsEach = Math.ceil(Math.sqrt(largest));
  const cellWidth = columnsEach * GAP_X + ZONE_MARGIN;
  const cellHeight = Math.ceil(largest / columnsEach) * GAP_Y + ZONE_MARGIN;
  const columns = Math.max(1, Math.ceil(Math.sqrt(zones.length)));
  const rows = Math.ceil(zones.length / columns);
  const placed: Placed = new Map();
  zones.forEach((members, index) => {
    const x = ((index % columns) - (columns - 1) / 2) * cellWidth;
    const y = (Math.floor(index / columns) - (rows - 1) / 2) * cellHeight;
    for (const [id, point] of gridLayout(members)) {
      placed.set(id, { x: point.x + x, y: point.y + y });
    }
  });
  return placed;
}
