import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { Graph } from "./graph.ts";
import { initialLinks, type TopologyPlan } from "./topology.ts";

interface Kept {
  readonly key: string;
  readonly links: Graph;
}

/**
 * A thousand simulated nodes compute the same plan from the same stream at the same time. A cache
 * only, of a pure function: the last plan drawn from each stream.
 */
const kept = new WeakMap<Random, Kept>();

/** The links of `plan`, drawn from the mesh's common stream. */
export function sharedPlan(shared: Random, plan: Omit<TopologyPlan, "random">): Graph {
  const key = planKey(plan);
  const last = kept.get(shared);
  if (last?.key === key) {
    return last.links;
  }
  const links = initialLinks({ ...plan, random: shared.fork("topology") });
  kept.set(shared, { key, links });
  return links;
}

/** Everything that the outcome depends on, the order of the members left out. */
function planKey(plan: Omit<TopologyPlan, "random">): string {
  const { kind, members, minNeighbours, maxNeighbours, links } = plan;
  const named = members.map(({ id, zone }): [NodeId, string] => [id, zone]);
  named.sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return JSON.stringify([kind, minNeighbours, maxNeighbours, named, links]);
}
