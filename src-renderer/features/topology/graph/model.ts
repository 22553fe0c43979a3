/**
 * What can be drawn of a mesh: which nodes and links exist. Nothing in here changes with telemetry,
 * so a model that is the same object means that the drawing's structure stands.
 */
import type { LinkView, MeshView, NodeView } from "#shared/view/model.ts";
import { naturalCompare } from "./order.ts";

export interface GraphNode {
  readonly id: string;
  readonly zone: string | undefined;
}

export interface GraphLink {
  readonly key: string;
  readonly a: string;
  readonly b: string;
}

export interface GraphModel {
  /** In natural order of the names. */
  readonly nodes: readonly GraphNode[];
  readonly links: readonly GraphLink[];
}

export const EMPTY_GRAPH: GraphModel = { nodes: [], links: [] };

/** A link that neither end holds any more is history, not a link. */
export function isDrawn(link: LinkView): boolean {
  return link.aUp || link.bUp;
}

/** Builds the model of `view`, or hands back `previous` when its structure is still true. */
export function buildGraph(
  view: Pick<MeshView, "nodes" | "links">,
  previous: GraphModel = EMPTY_GRAPH,
): GraphModel {
  if (sameNodes(view.nodes, previous.nodes) && sameLinks(view, previous.links)) return previous;
  const nodes = [...view.nodes.values()].map(({ id, zone }) => ({ id, zone }));
  const links = [...view.links.values()]
    .filter((link) => isDrawn(link) && view.nodes.has(link.a) && view.nodes.has(link.b))
    .map(({ key, a, b }) => ({ key, a, b }));
  nodes.sort((x, y) => naturalCompare(x.id, y.id));
  links.sort((x, y) => (x.key < y.key ? -1 : 1));
  return { nodes, links };
}

function sameNodes(now: ReadonlyMap<string, NodeView>, before: readonly GraphNode[]): boolean {
  if (now.size !== before.length) return false;
  return before.every((node) => {
    const current = now.get(node.id);
    return current !== undefined && current.zone === node.zone;
  });
}

function sameLinks(view: Pick<MeshView, "nodes" | "links">, before: readonly GraphLink[]): boolean {
  let drawn = 0;
  for (const link of view.links.values()) {
    if (isDrawn(link) && view.nodes.has(link.a) && view.nodes.has(link.b)) drawn += 1;
  }
  if (drawn !== before.length) return false;
  return before.every((link) => {
    const current = view.links.get(link.key);
    return current !== undefined && isDrawn(current);
  });
}

/** Peers of every node over `links`; links to nodes outside the list count for nothing. */
export function neighboursOf(
  nodes: readonly { readonly id: string }[],
  links: readonly { readonly a: string; readonly b: string }[],
): ReadonlyMap<string, readonly string[]> {
  const peers = new Map<string, string[]>(nodes.map((node) => [node.id, []]));
  for (const { a, b } of links) {
    peers.get(a)?.push(b);
    peers.get(b)?.push(a);
  }
  return peers;
}
