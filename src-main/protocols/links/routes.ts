import type { NodeId } from "#main/kernel/machine.ts";
import type { Graph } from "./graph.ts";

interface Step {
  readonly hops: number;
  previous: NodeId | null;
  costUs: number;
}

/** Round trip of a link in microseconds; 0 when unknown. */
export type LinkCost = (a: NodeId, b: NodeId) => number;

/**
 * The route with the fewest hops, among those the one with the least latency; from end to end,
 * null when there is none. Nodes in `avoid` are not passed through.
 */
export function shortestRoute(
  graph: Graph,
  [from, to]: readonly [NodeId, NodeId],
  cost: LinkCost,
  avoid: ReadonlySet<NodeId>,
): NodeId[] | null {
  const steps = new Map<NodeId, Step>([[from, { hops: 0, previous: null, costUs: 0 }]]);
  // Breadth first: a map iterates in insertion order and sees what is added meanwhile. When a node
  // is visited all nodes with fewer hops were, so its cheapest predecessor is final.
  for (const [node, step] of steps) {
    if (node === to) {
      return trail(steps, to);
    }
    for (const next of graph.neighbours(node)) {
      if (!avoid.has(next)) {
        relax(steps, [node, next], step, cost);
      }
    }
  }
  return null;
}

function relax(
  steps: Map<NodeId, Step>,
  [node, next]: readonly [NodeId, NodeId],
  step: Step,
  cost: LinkCost,
): void {
  const costUs = step.costUs + cost(node, next);
  const known = steps.get(next);
  if (known === undefined) {
    steps.set(next, { hops: step.hops + 1, previous: node, costUs });
  } else if (known.hops === step.hops + 1 && costUs < known.costUs) {
    known.previous = node;
    known.costUs = costUs;
  }
}

function trail(steps: ReadonlyMap<NodeId, Step>, to: NodeId): NodeId[] {
  const path: NodeId[] = [];
  for (let at: NodeId | null = to; at !== null; at = steps.get(at)?.previous ?? null) {
    path.push(at);
  }
  return path.reverse();
}
