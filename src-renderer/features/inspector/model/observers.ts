/** What the others believe of a node, most worrying first. */
import type { MemberState } from "#shared/contract/primitives.ts";
import type { Belief, MeshView } from "#shared/view/model.ts";

export interface Observer {
  readonly id: string;
  readonly belief: Belief;
}

export interface Observation {
  /** Observers that hold the node for anything but alive. */
  readonly doubting: readonly Observer[];
  /** All others that run and could have said otherwise. */
  readonly trusting: number;
}

const WORST_FIRST: readonly MemberState[] = ["dead", "unreachable", "suspect", "left", "alive"];

export function observationOf(view: MeshView, node: string): Observation {
  const beliefs = view.beliefs.get(node) ?? new Map<string, Belief>();
  const doubting = [...beliefs]
    .filter(([observer, belief]) => observer !== node && belief.state !== "alive")
    .map(([id, belief]) => ({ id, belief }));
  doubting.sort(
    (a, b) =>
      WORST_FIRST.indexOf(a.belief.state) - WORST_FIRST.indexOf(b.belief.state) ||
      a.belief.since - b.belief.since,
  );
  const doubters = new Set(doubting.map((observer) => observer.id));
  let trusting = 0;
  for (const other of view.nodes.values()) {
    if (other.id !== node && other.process === "running" && !doubters.has(other.id)) trusting += 1;
  }
  return { doubting, trusting };
}
