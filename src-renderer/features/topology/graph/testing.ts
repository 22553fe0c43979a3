/** Entities for the tests of this feature. */
import { emptyNode } from "#shared/view/empty.ts";
import type { FaultView, LinkView, NodeView } from "#shared/view/model.ts";
import { linkKey } from "#shared/view/model.ts";
import type { DrawnGraph } from "./group.ts";

export function nodeView(id: string, changes: Partial<NodeView> = {}): NodeView {
  const node = { ...emptyNode(id, 0), process: "running" as const, mode: "read-write" as const };
  return { ...node, incarnation: 1, ...changes };
}

export function linkView(a: string, b: string, changes: Partial<LinkView> = {}): LinkView {
  const [first, second] = a < b ? [a, b] : [b, a];
  return {
    key: linkKey(a, b),
    a: first,
    b: second,
    aUp: true,
    bUp: true,
    reason: "topology",
    rttMs: undefined,
    since: 0,
    ...changes,
  };
}

export function viewOf(
  nodes: readonly NodeView[],
  links: readonly LinkView[] = [],
): { nodes: Map<string, NodeView>; links: Map<string, LinkView> } {
  return {
    nodes: new Map(nodes.map((node) => [node.id, node])),
    links: new Map(links.map((link) => [link.key, link])),
  };
}

export function drawn(ids: string, edges: readonly string[] = []): DrawnGraph {
  const nodes = [...ids].map((id) => ({
    id,
    kind: "node" as const,
    zone: undefined,
    members: [id],
  }));
  return {
    nodes,
    edges: edges.map((pair) => ({
      id: `${pair.charAt(0)}~${pair.charAt(1)}`,
      a: pair.charAt(0),
      b: pair.charAt(1),
      links: [`${pair.charAt(0)}~${pair.charAt(1)}`],
    })),
    shown: nodes.length,
    total: nodes.length,
  };
}

export function fault(id: string, spec: FaultView["spec"]): FaultView {
  return { id, spec, since: 0, until: undefined };
}
