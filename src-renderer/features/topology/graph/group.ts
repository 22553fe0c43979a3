/** Turns the model into what is drawn: hidden nodes taken out, collapsed zones drawn as one. */
import type { GraphModel, GraphNode } from "./model.ts";

export interface DrawnNode {
  /** The node's name, or `groupId(zone)`. */
  readonly id: string;
  readonly kind: "node" | "group";
  readonly zone: string | undefined;
  /** Names of the nodes behind this one: itself, or the members of the group. */
  readonly members: readonly string[];
}

export interface DrawnEdge {
  readonly id: string;
  readonly a: string;
  readonly b: string;
  /** Keys of the links behind this edge. */
  readonly links: readonly string[];
}

export interface DrawnGraph {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  /** Nodes of the mesh that are drawn, as themselves or within a group. */
  readonly shown: number;
  readonly total: number;
}

export interface GroupOptions {
  readonly hidden: ReadonlySet<string>;
  /** Zones drawn as one node; a node without a zone belongs to the zone "". */
  readonly collapsed: ReadonlySet<string>;
}

/** A slash cannot be part of a node's name, so a group never collides with a node. */
export function groupId(zone: string): string {
  return `zone/${zone}`;
}

export function drawGraph(model: GraphModel, options: GroupOptions): DrawnGraph {
  const shown = model.nodes.filter((node) => !options.hidden.has(node.id));
  const owner = new Map<string, string>();
  const nodes: DrawnNode[] = [];
  for (const [zone, members] of byZone(shown)) {
    if (options.collapsed.has(zone)) {
      const id = groupId(zone);
      nodes.push({ id, kind: "group", zone, members: members.map((node) => node.id) });
      for (const node of members) owner.set(node.id, id);
      continue;
    }
    for (const node of members) {
      owner.set(node.id, node.id);
      nodes.push({ id: node.id, kind: "node", zone: node.zone, members: [node.id] });
    }
  }
  const edges = mergeEdges(model, owner);
  return { nodes, edges, shown: shown.length, total: model.nodes.length };
}

/** Nodes by zone, in the order in which the zones first appear; no zone is "". */
export function byZone(nodes: readonly GraphNode[]): ReadonlyMap<string, readonly GraphNode[]> {
  const zones = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    const zone = node.zone ?? "";
    const members = zones.get(zone);
    if (members === undefined) zones.set(zone, [node]);
    else members.push(node);
  }
  return zones;
}

function mergeEdges(model: GraphModel, owner: ReadonlyMap<string, string>): DrawnEdge[] {
  const merged = new Map<string, { a: string; b: string; links: string[] }>();
  for (const link of model.links) {
    const a = owner.get(link.a);
    const b = owner.get(link.b);
    if (a === undefined || b === undefined || a === b) continue;
    const id = a < b ? `${a}~${b}` : `${b}~${a}`;
    const edge = merged.get(id);
    if (edge === undefined) merged.set(id, { a, b, links: [link.key] });
    else edge.links.push(link.key);
  }
  return [...merged].map(([id, edge]) => ({ id, ...edge }));
}
