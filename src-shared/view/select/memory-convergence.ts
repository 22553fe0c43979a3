/** Whether the nodes hold the same under each key. */
import type { MemoryHolding, NamespaceView } from "../state-model.ts";
import type { MeshView } from "../model.ts";

export interface HoldingGroup {
  readonly values: readonly string[];
  readonly version: string;
  readonly nodes: readonly string[];
}

export interface KeyConvergence {
  readonly namespace: string;
  readonly key: string;
  /** What nodes that run hold, the most common first. */
  readonly groups: readonly HoldingGroup[];
  /** Nodes that run and hold nothing under it, not even a mark that it was deleted. */
  readonly without: readonly string[];
  readonly converged: boolean;
  /** Some node holds concurrent values. */
  readonly siblings: boolean;
  /** Every node that holds it knows that it is deleted or expired. */
  readonly gone: boolean;
}

/** All keys of a namespace, in their order. O(keys × nodes). */
export function memoryConvergence(view: MeshView, namespace: string): readonly KeyConvergence[] {
  const space = view.memory.namespaces.get(namespace);
  if (space === undefined) return [];
  const running = [...view.nodes.values()].filter((node) => node.process === "running");
  const ids = running.map((node) => node.id);
  const keys = [...space.keys.keys()].sort((a, b) => (a < b ? -1 : 1));
  return keys.map((key) => keyConvergence(space, key, ids));
}

export function keyConvergence(
  space: NamespaceView,
  key: string,
  running: readonly string[],
): KeyConvergence {
  const holders = space.keys.get(key) ?? new Map<string, MemoryHolding>();
  const byContent = new Map<
    string,
    { values: readonly string[]; version: string; nodes: string[] }
  >();
  const without: string[] = [];
  let siblings = false;
  for (const node of running) {
    const holding = holders.get(node);
    if (holding === undefined) {
      without.push(node);
      continue;
    }
    const { values, version } = holding;
    siblings ||= values.length > 1;
    const content = JSON.stringify([version, values]);
    const group = byContent.get(content) ?? { values, version, nodes: [] };
    group.nodes.push(node);
    byContent.set(content, group);
  }
  const groups = [...byContent.values()].sort((a, b) => b.nodes.length - a.nodes.length);
  const gone = groups.every((group) => group.values.length === 0);
  // A deletion may end on nodes that never held the key: they hold the same nothing.
  const converged = gone || (groups.length === 1 && without.length === 0);
  return { namespace: space.name, key, groups, without, converged, siblings, gone };
}
