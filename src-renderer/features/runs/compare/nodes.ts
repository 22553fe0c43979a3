/** Two views of one moment, node by node: what is the same and what is not. */
import { healthOf } from "#shared/view/health.ts";
import type { Health, MeshView } from "#shared/view/model.ts";

export const FIELDS = ["health", "role", "term", "committed", "applied", "mode"] as const;
export type Field = (typeof FIELDS)[number];

/** `undefined`: not told. */
export interface NodeState {
  readonly health: Health;
  readonly role: string | undefined;
  readonly term: number | undefined;
  readonly committed: number | undefined;
  readonly applied: number | undefined;
  readonly mode: string | undefined;
}

/** A key that a node holds differently in the two meshes; `undefined`: not at all. */
export interface KeyDifference {
  readonly namespace: string;
  readonly key: string;
  readonly a: readonly string[] | undefined;
  readonly b: readonly string[] | undefined;
}

export interface NodeComparison {
  readonly node: string;
  /** `undefined`: this mesh has no such node. */
  readonly a: NodeState | undefined;
  readonly b: NodeState | undefined;
  readonly differing: ReadonlySet<Field>;
  /** The first `MAX_KEYS` of them. */
  readonly keys: readonly KeyDifference[];
  readonly moreKeys: number;
  readonly differs: boolean;
}

export interface ViewComparison {
  /** By name. */
  readonly nodes: readonly NodeComparison[];
  /** Nodes that differ in anything. */
  readonly differing: number;
  readonly totals: { readonly a: ViewTotals; readonly b: ViewTotals };
}

export interface ViewTotals {
  readonly nodes: number;
  readonly running: number;
  /** Highest entry that anybody told to be committed. */
  readonly committed: number;
  readonly violations: number;
  readonly keys: number;
}

export const MAX_KEYS = 20;

export function compareViews(a: MeshView, b: MeshView): ViewComparison {
  const names = [...new Set([...a.nodes.keys(), ...b.nodes.keys()])].sort(byName);
  const heldA = heldByNode(a);
  const heldB = heldByNode(b);
  const nodes = names.map((node) => {
    const states = { a: stateOf(a, node), b: stateOf(b, node) };
    return compareNode(node, states, differentKeys(heldA.get(node), heldB.get(node)));
  });
  return {
    nodes,
    differing: nodes.filter((each) => each.differs).length,
    totals: { a: totalsOf(a), b: totalsOf(b) },
  };
}

function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function stateOf(view: MeshView, id: string): NodeState | undefined {
  const node = view.nodes.get(id);
  if (node === undefined) return undefined;
  const member = view.agreement.members.get(id);
  return {
    health: healthOf(node),
    role: member?.role,
    term: member?.term,
    committed: member?.committed,
    applied: member?.applied,
    mode: node.mode,
  };
}

function compareNode(
  node: string,
  { a, b }: { readonly a: NodeState | undefined; readonly b: NodeState | undefined },
  keys: readonly KeyDifference[],
): NodeComparison {
  const differing = new Set(
    a === undefined || b === undefined ? [] : FIELDS.filter((field) => a[field] !== b[field]),
  );
  const alone = (a === undefined) !== (b === undefined);
  return {
    node,
    a,
    b,
    differing,
    keys: keys.slice(0, MAX_KEYS),
    moreKeys: Math.max(0, keys.length - MAX_KEYS),
    differs: alone || differing.size > 0 || keys.length > 0,
  };
}

interface Held {
  readonly namespace: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** Node → `namespace key` → what it holds; what was deleted or expired is not held. */
function heldByNode(view: MeshView): ReadonlyMap<string, ReadonlyMap<string, Held>> {
  const byNode = new Map<string, Map<string, Held>>();
  for (const [namespace, { keys }] of view.memory.namespaces) {
    for (const [key, holdings] of keys) {
      for (const [node, { values }] of holdings) {
        if (values.length === 0) continue;
        const held = byNode.get(node) ?? new Map<string, Held>();
        held.set(JSON.stringify([namespace, key]), { namespace, key, values });
        byNode.set(node, held);
      }
    }
  }
  return byNode;
}

const NOTHING: ReadonlyMap<string, Held> = new Map();

function differentKeys(
  a: ReadonlyMap<string, Held> = NOTHING,
  b: ReadonlyMap<string, Held> = NOTHING,
): readonly KeyDifference[] {
  const all = [...new Set([...a.keys(), ...b.keys()])].sort(byName);
  return all.flatMap((id) => {
    const [inA, inB] = [a.get(id), b.get(id)];
    const held = inA ?? inB;
    if (held === undefined || sameValues(inA?.values, inB?.values)) return [];
    const { namespace, key } = held;
    return [{ namespace, key, a: inA?.values, b: inB?.values }];
  });
}

/** Concurrent values have no order. */
function sameValues(a: readonly string[] = [], b: readonly string[] = []): boolean {
  if (a.length !== b.length) return false;
  const sorted = b.toSorted(byName);
  return a.toSorted(byName).every((value, at) => value === sorted[at]);
}

function totalsOf(view: MeshView): ViewTotals {
  const spaces = [...view.memory.namespaces.values()];
  return {
    nodes: view.nodes.size,
    running: view.counts.running,
    committed: view.agreement.committed,
    violations: view.violations.length,
    keys: spaces.reduce((sum, { keys }) => sum + keys.size, 0),
  };
}
