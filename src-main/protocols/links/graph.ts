import type { NodeId } from "#main/kernel/machine.ts";

/** An undirected graph as the algorithms here read it; `neighbours` of an absent node is empty. */
export interface Graph {
  readonly nodes: Iterable<NodeId>;
  neighbours(node: NodeId): Iterable<NodeId>;
}

/** A graph being built: no loops, no double links. */
export class LinkSet implements Graph {
  readonly #links = new Map<NodeId, Set<NodeId>>();

  constructor(nodes: Iterable<NodeId>) {
    for (const node of nodes) {
      this.#links.set(node, new Set());
    }
  }

  static copy(graph: Graph): LinkSet {
    const copy = new LinkSet(graph.nodes);
    for (const node of graph.nodes) {
      for (const other of graph.neighbours(node)) {
        copy.add(node, other);
      }
    }
    return copy;
  }

  get nodes(): Iterable<NodeId> {
    return this.#links.keys();
  }

  get size(): number {
    return this.#links.size;
  }

  neighbours(node: NodeId): ReadonlySet<NodeId> {
    return this.#links.get(node) ?? NONE;
  }

  degree(node: NodeId): number {
    return this.neighbours(node).size;
  }

  has(a: NodeId, b: NodeId): boolean {
    return this.neighbours(a).has(b);
  }

  /** False when there is nothing to add: same node, unknown node, or linked already. */
  add(a: NodeId, b: NodeId): boolean {
    const [ofA, ofB] = [this.#links.get(a), this.#links.get(b)];
    if (a === b || ofA === undefined || ofB === undefined || ofA.has(b)) {
      return false;
    }
    ofA.add(b);
    ofB.add(a);
    return true;
  }

  remove(a: NodeId, b: NodeId): void {
    this.#links.get(a)?.delete(b);
    this.#links.get(b)?.delete(a);
  }
}

const NONE: ReadonlySet<NodeId> = new Set();

/** Hops from `from` to everything that can be reached. */
export function distances(graph: Graph, from: NodeId): Map<NodeId, number> {
  const hops = new Map([[from, 0]]);
  // A map iterates in insertion order and sees what is added meanwhile: it is its own queue.
  for (const [node, distance] of hops) {
    for (const next of graph.neighbours(node)) {
      if (!hops.has(next)) {
        hops.set(next, distance + 1);
      }
    }
  }
  return hops;
}
