/** Weak points of the overlay. Hopcroft and Tarjan 1973, without recursion. */
import { componentsOf, type Overlay } from "./overlay.ts";

interface Visit {
  readonly id: string;
  readonly parent: string | undefined;
  readonly depth: number;
  low: number;
  children: number;
  /** Index of the next neighbour to look at. */
  next: number;
}

/** Nodes whose loss cuts a part of the overlay off from the rest. O(nodes + links). */
export function articulationPoints(overlay: Overlay): ReadonlySet<string> {
  const points = new Set<string>();
  const visits = new Map<string, Visit>();
  for (const root of overlay.keys()) {
    if (!visits.has(root)) explore(overlay, root, visits, points);
  }
  return points;
}

function explore(
  overlay: Overlay,
  root: string,
  visits: Map<string, Visit>,
  points: Set<string>,
): void {
  const stack = [visit(visits, root, undefined)];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const neighbour = overlay.get(top.id)?.[top.next];
    top.next += 1;
    if (neighbour === undefined) {
      stack.pop();
      close(top, stack.at(-1), points);
      continue;
    }
    const seen = visits.get(neighbour);
    if (seen === undefined) stack.push(visit(visits, neighbour, top));
    else if (neighbour !== top.parent) top.low = Math.min(top.low, seen.depth);
  }
}

function visit(visits: Map<string, Visit>, id: string, parent: Visit | undefined): Visit {
  const depth = parent === undefined ? 0 : parent.depth + 1;
  const next = { id, parent: parent?.id, depth, low: depth, children: 0, next: 0 };
  visits.set(id, next);
  return next;
}

/** The root is a weak point with two children, any other node when a child cannot climb past it. */
function close(child: Visit, parent: Visit | undefined, points: Set<string>): void {
  if (parent === undefined) {
    if (child.children > 1) points.add(child.id);
    return;
  }
  parent.children += 1;
  parent.low = Math.min(parent.low, child.low);
  if (parent.parent !== undefined && child.low >= parent.depth) points.add(parent.id);
}

/** Whether any two nodes have two routes that share no node between them. */
export function hasTwoDisjointRoutes(overlay: Overlay): boolean {
  return componentsOf(overlay).length === 1 && articulationPoints(overlay).size === 0;
}
