/**
 * Two node-disjoint routes between any two nodes exist exactly when the graph is connected and no
 * single node's loss disconnects the rest (Menger): when there is no articulation point.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import { distances, type Graph } from "./graph.ts";

export interface Robustness {
  /** Parts that cannot reach each other; 1 when every node can reach every other. */
  readonly components: number;
  /** Nodes whose loss would cut the graph, in code-unit order. */
  readonly weak: readonly NodeId[];
}

export function robustness(graph: Graph): Robustness {
  const search = new LowPointSearch(graph);
  let components = 0;
  for (const node of graph.nodes) {
    components += Number(search.from(node));
  }
  return { components, weak: [...search.weak].sort() };
}

export function hasDisjointRoutes({ components, weak }: Robustness): boolean {
  return components <= 1 && weak.length === 0;
}

/** Whether `a` is at least as good as `b`: no part more cut off, no more weak nodes. */
export function isNotWeaker(a: Robustness, b: Robustness): boolean {
  return a.components <= b.components && a.weak.length <= b.weak.length;
}

/** All of the graph but the nodes that `node` can reach; empty when it is connected. */
export function outOfReach(graph: Graph, node: NodeId): NodeId[] {
  const reached = distances(graph, node);
  return [...graph.nodes].filter((other) => !reached.has(other));
}

interface Visit {
  readonly node: NodeId;
  readonly parent: Visit | null;
  readonly order: number;
  readonly rest: Iterator<NodeId>;
  low: number;
  children: number;
}

/** Tarjan's depth-first search for articulation points, with a list in place of recursion. */
class LowPointSearch {
  readonly weak = new Set<NodeId>();
  readonly #graph: Graph;
  readonly #orders = new Map<NodeId, number>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** Visits the component of `root`; false when it was visited before. */
  from(root: NodeId): boolean {
    if (this.#orders.has(root)) {
      return false;
    }
    let visit: Visit | null = this.#enter(root, null);
    while (visit !== null) {
      const next: IteratorResult<NodeId> = visit.rest.next();
      visit = next.done === true ? this.#leave(visit) : this.#follow(visit, next.value);
    }
    return true;
  }

  #enter(node: NodeId, parent: Visit | null): Visit {
    const order = this.#orders.size;
    this.#orders.set(node, order);
    const rest = this.#graph.neighbours(node)[Symbol.iterator]();
    return { node, parent, order, rest, low: order, children: 0 };
  }

  #follow(visit: Visit, next: NodeId): Visit {
    const seen = this.#orders.get(next);
    if (seen === undefined) {
      visit.children++;
      return this.#enter(next, visit);
    }
    if (next !== visit.parent?.node) {
      visit.low = Math.min(visit.low, seen);
    }
    return visit;
  }

  #leave(visit: Visit): Visit | null {
    const { parent, node } = visit;
    if (parent === null) {
      // The root is weak only when its subtrees have nothing but the root in common.
      if (visit.children > 1) {
        this.weak.add(node);
      }
      return null;
    }
    parent.low = Math.min(parent.low, visit.low);
    if (parent.parent !== null && visit.low >= parent.order) {
      this.weak.add(parent.node);
    }
    return parent;
  }
}
