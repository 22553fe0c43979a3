/** The overlay as a graph: links that are up at both ends, between nodes whose processes run. */
import type { LinkView, MeshView, NodeView } from "../model.ts";

export type Overlay = ReadonlyMap<string, readonly string[]>;

/** Paused processes keep their sockets; of an attached engine the process is unknown. */
function carries(node: NodeView | undefined): boolean {
  return node !== undefined && node.process !== "stopped" && node.process !== "paused";
}

export function isLinkUsable(view: MeshView, link: LinkView): boolean {
  const ends = carries(view.nodes.get(link.a)) && carries(view.nodes.get(link.b));
  return ends && link.aUp && link.bUp;
}

/** Neighbours of every node that can carry messages, without those in `without`. O(nodes + links). */
export function overlayOf(view: MeshView, without: ReadonlySet<string> = new Set()): Overlay {
  const overlay = new Map<string, string[]>();
  for (const node of view.nodes.values()) {
    if (carries(node) && !without.has(node.id)) overlay.set(node.id, []);
  }
  for (const link of view.links.values()) {
    if (!isLinkUsable(view, link)) continue;
    const a = overlay.get(link.a);
    const b = overlay.get(link.b);
    if (a === undefined || b === undefined) continue;
    a.push(link.b);
    b.push(link.a);
  }
  return overlay;
}

/** Groups of nodes that can reach each other, largest first. */
export function componentsOf(overlay: Overlay): readonly (readonly string[])[] {
  const seen = new Set<string>();
  const components: string[][] = [];
  for (const start of overlay.keys()) {
    if (seen.has(start)) continue;
    seen.add(start);
    const component = [start];
    for (const id of component) {
      for (const next of overlay.get(id) ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        component.push(next);
      }
    }
    components.push(component);
  }
  return components.sort((a, b) => b.length - a.length);
}
