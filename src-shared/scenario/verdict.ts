/** What the checks of a scenario share. */
import type { MeshView } from "../view/model.ts";
import type { Bounds } from "./bounds.ts";
import type { NodeSet } from "./expectation.ts";

/** `undefined` when it holds; else one sentence about what is the case instead. */
export type Verdict = string | undefined;

export function checkBounds(value: number | undefined, bounds: Bounds, what: string): Verdict {
  if (value === undefined) return `${what} is not known`;
  const { atLeast = -Infinity, atMost = Infinity } = bounds;
  if (value < atLeast) return `${what} is ${value}, less than ${atLeast}`;
  if (value > atMost) return `${what} is ${value}, more than ${atMost}`;
  return undefined;
}

export function first(ids: readonly string[], check: (id: string) => Verdict): Verdict {
  for (const id of ids) {
    const verdict = check(id);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

export function nodesOf(view: MeshView, set: NodeSet): readonly string[] {
  if (typeof set !== "string") return set;
  const nodes = [...view.nodes.values()];
  const chosen = set === "all" ? nodes : nodes.filter((node) => node.process === "running");
  return chosen.map((node) => node.id);
}
