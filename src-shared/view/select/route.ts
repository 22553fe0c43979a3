import type { Overlay } from "./overlay.ts";

/** A shortest route with both ends, or `undefined` when there is none. Breadth first. */
export function routeBetween(overlay: Overlay, from: string, to: string): string[] | undefined {
  if (!overlay.has(from) || !overlay.has(to)) return undefined;
  const cameFrom = new Map<string, string>([[from, from]]);
  const queue = [from];
  for (const id of queue) {
    if (id === to) return walkBack(cameFrom, to);
    for (const next of overlay.get(id) ?? []) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, id);
      queue.push(next);
    }
  }
  return undefined;
}

function walkBack(cameFrom: ReadonlyMap<string, string>, to: string): string[] {
  const route = [to];
  let id = to;
  for (let before = cameFrom.get(id); before !== undefined && before !== id; ) {
    route.push(before);
    id = before;
    before = cameFrom.get(id);
  }
  return route.toReversed();
}
