/** The keys of a namespace as rows: what they hold, and whether the nodes hold the same. */
import type { MemoryEntry } from "#shared/contract/inspection.ts";
import type { MeshView } from "#shared/view/model.ts";
import type { NamespaceView } from "#shared/view/state-model.ts";
import { type KeyConvergence, keyConvergence } from "#shared/view/select/memory-convergence.ts";

export interface KeyRow {
  readonly key: string;
  /** Of most nodes that run; none when deleted or expired. */
  readonly values: readonly string[];
  readonly siblings: boolean;
  readonly gone: boolean;
  /** Running nodes that hold something else, or nothing; `undefined`: only one node was asked. */
  readonly differing: number | undefined;
  /** Mesh time in microseconds. */
  readonly expiresAt: number | undefined;
}

const byKey = (a: { readonly key: string }, b: { readonly key: string }): number =>
  a.key < b.key ? -1 : a.key > b.key ? 1 : 0;

export function runningNodes(view: MeshView): readonly string[] {
  return [...view.nodes.values()]
    .filter(({ process }) => process === "running")
    .map(({ id }) => id);
}

/** What all nodes told of, in the order of the keys. O(keys × nodes). */
export function keyRows(view: MeshView, name: string, search: string): readonly KeyRow[] {
  const space = view.memory.namespaces.get(name);
  if (space === undefined) return [];
  const running = runningNodes(view);
  const wanted = search.trim().toLowerCase();
  return [...space.keys.keys()]
    .filter((key) => key.toLowerCase().includes(wanted))
    .map((key) => rowOf(space, keyConvergence(space, key, running)))
    .sort(byKey);
}

function rowOf(space: NamespaceView, convergence: KeyConvergence): KeyRow {
  const { key, groups, converged, siblings, gone } = convergence;
  const [most] = groups;
  const holder = space.keys.get(key)?.get(most?.nodes[0] ?? "");
  return {
    key,
    values: most?.values ?? [],
    siblings,
    gone,
    differing: converged ? 0 : differingNodes(convergence),
    expiresAt: holder?.expiresAt,
  };
}

/** Nodes beside the largest group that agrees. */
function differingNodes({ groups, without }: KeyConvergence): number {
  return groups.slice(1).reduce((sum, { nodes }) => sum + nodes.length, without.length);
}

/** What one node said that it holds. */
export function entryRows(
  entries: readonly MemoryEntry[],
  name: string,
  search: string,
): readonly KeyRow[] {
  const wanted = search.trim().toLowerCase();
  return entries
    .filter(({ namespace, key }) => namespace === name && key.toLowerCase().includes(wanted))
    .map(({ key, values, expiresAt }) => ({
      key,
      values,
      siblings: values.length > 1,
      gone: values.length === 0,
      differing: undefined,
      expiresAt,
    }))
    .sort(byKey);
}

/** The elements of a set, which travel as one text; `undefined` for what is none. */
export function elementsOf(value: string): readonly string[] | undefined {
  if (!value.startsWith("[")) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    if (!Array.isArray(parsed)) return undefined;
    return parsed.every((each) => typeof each === "string") ? parsed : undefined;
  } catch {
    return undefined;
  }
}
