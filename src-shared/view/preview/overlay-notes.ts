/** What a command does to the overlay, before the mesh repairs it. */
import type { MeshView } from "../model.ts";
import { componentsOf, isLinkUsable, type Overlay, overlayOf } from "../select/overlay.ts";
import { danger, info, nameList, type PreviewNote } from "./notes.ts";

export function overlayWithoutNodes(
  view: MeshView,
  nodes: readonly string[],
): readonly PreviewNote[] {
  const gone = new Set(nodes);
  const crosses = (a: string, b: string) => gone.has(a) || gone.has(b);
  return [...linksLost(view, crosses), ...cutNotes(overlayOf(view), overlayOf(view, gone))];
}

/** Links from one set to the other stop working. */
export function overlayWithoutLinks(
  view: MeshView,
  from: readonly string[],
  to: readonly string[],
): readonly PreviewNote[] {
  const [left, right] = [new Set(from), new Set(to)];
  const crosses = (a: string, b: string) =>
    (left.has(a) && right.has(b)) || (left.has(b) && right.has(a));
  const before = overlayOf(view);
  const after = new Map(
    [...before].map(([id, peers]) => [id, peers.filter((peer) => !crosses(id, peer))]),
  );
  return [...linksLost(view, crosses), ...cutNotes(before, after)];
}

export function linksAcross(
  view: MeshView,
  groups: readonly (readonly string[])[],
): readonly PreviewNote[] {
  const sideOf = new Map(groups.flatMap((group, side) => group.map((id) => [id, side] as const)));
  return linksLost(view, (a, b) => (sideOf.get(a) ?? 0) !== (sideOf.get(b) ?? 0));
}

function linksLost(
  view: MeshView,
  crosses: (a: string, b: string) => boolean,
): readonly PreviewNote[] {
  let count = 0;
  for (const link of view.links.values()) {
    if (crosses(link.a, link.b) && isLinkUsable(view, link)) count += 1;
  }
  return count === 0 ? [] : [info("links-lost", { count })];
}

function cutNotes(before: Overlay, after: Overlay): readonly PreviewNote[] {
  const parts = componentsOf(after);
  if (parts.length <= Math.max(1, componentsOf(before).length)) return [];
  const sizes = nameList(parts.map((part) => `${part.length}`));
  return [danger("overlay-cut", { parts: parts.length, sizes })];
}
