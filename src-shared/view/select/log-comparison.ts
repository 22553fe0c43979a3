/** The logs of several nodes side by side, index by index. */
import type { LogEntry } from "../../contract/agreement-events.ts";
import type { MeshView } from "../model.ts";
import { consensusKind } from "./leadership.ts";

/**
 * `entry`: told. `snapshot`: part of the node's snapshot, the entry is gone. `forgotten`: too old
 * for the view to have kept. `missing`: the log ends before it. `unknown`: the node never said.
 */
export type LogCellState = "entry" | "snapshot" | "forgotten" | "missing" | "unknown";

export interface LogCell {
  readonly node: string;
  readonly state: LogCellState;
  readonly entry: LogEntry | undefined;
  readonly committed: boolean;
  readonly applied: boolean;
  /** Differs from what is committed at this index or, before that, from what most nodes hold. */
  readonly divergent: boolean;
}

export interface LogRow {
  readonly index: number;
  readonly cells: readonly LogCell[];
  readonly divergent: boolean;
}

export interface LogComparison {
  /** Lowest and highest index that any of the nodes speaks of; 0 and -1 when none does. */
  readonly first: number;
  readonly last: number;
  readonly rows: readonly LogRow[];
}

/** Rows from `fromIndex` on, at most `count`, within the range of the logs. */
export function logComparison(
  view: MeshView,
  nodes: readonly string[],
  fromIndex: number,
  count: number,
): LogComparison {
  const { first, last } = logRange(view, nodes);
  const rows: LogRow[] = [];
  const from = Math.max(first, fromIndex);
  for (let index = from; index <= Math.min(last, from + count - 1); index += 1) {
    rows.push(rowAt(view, nodes, index));
  }
  return { first, last, rows };
}

/** The range of indexes that the tails of these nodes cover, for scrolling. */
export function logRange(
  view: MeshView,
  nodes: readonly string[],
): { readonly first: number; readonly last: number } {
  let first = Number.POSITIVE_INFINITY;
  let last = -1;
  for (const node of nodes) {
    const member = view.agreement.members.get(node);
    const tail = view.agreement.logs.get(node);
    const high = Math.max(member?.last ?? 0, member?.snapshot?.index ?? 0, tail?.high ?? 0);
    if (high === 0) continue;
    const low = tail !== undefined && tail.entries.size > 0 ? tail.low : high;
    first = Math.min(first, low);
    last = Math.max(last, high);
  }
  return last < 0 ? { first: 0, last: -1 } : { first, last };
}

type Held = Omit<LogCell, "divergent">;

function rowAt(view: MeshView, nodes: readonly string[], index: number): LogRow {
  const held = nodes.map((node) => cellAt(view, node, index));
  const byTerm = consensusKind(view) !== "pbft";
  const contentOf = ({ term, digest }: LogEntry) => (byTerm ? `${term} ${digest}` : digest);
  const reference = referenceOf(held, contentOf);
  const cells = held.map((cell) => {
    const divergent = cell.entry !== undefined && contentOf(cell.entry) !== reference;
    return { ...cell, divergent };
  });
  return { index, cells, divergent: cells.some((cell) => cell.divergent) };
}

function cellAt(view: MeshView, node: string, index: number): Held {
  const member = view.agreement.members.get(node);
  const tail = view.agreement.logs.get(node);
  const entry = tail?.entries.get(index);
  const { committed = 0, applied = 0, last = 0, snapshot } = member ?? {};
  const inSnapshot = index <= (snapshot?.index ?? 0);
  const marks = { committed: index <= committed || inSnapshot, applied: index <= applied };
  if (entry !== undefined) return { node, state: "entry", entry, ...marks };
  if (inSnapshot) return { node, state: "snapshot", entry, ...marks };
  if (member === undefined) return { node, state: "unknown", entry, ...marks };
  return { node, state: index > last ? "missing" : "forgotten", entry, ...marks };
}

/** What is committed somewhere; else what most nodes hold, of equally many the smallest. */
function referenceOf(
  cells: readonly Held[],
  contentOf: (entry: LogEntry) => string,
): string | undefined {
  const settled = cells.find((cell) => cell.committed && cell.entry !== undefined)?.entry;
  if (settled !== undefined) return contentOf(settled);
  const holders = new Map<string, number>();
  for (const { entry } of cells) {
    if (entry === undefined) continue;
    holders.set(contentOf(entry), (holders.get(contentOf(entry)) ?? 0) + 1);
  }
  const ranked = [...holders].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return ranked[0]?.[0];
}

/** The first index at which nodes that run hold different entries, as far as the view keeps them. */
export function firstDivergence(view: MeshView, nodes: readonly string[]): LogRow | undefined {
  const { first, last } = logRange(view, nodes);
  for (let index = first; index <= last; index += 1) {
    const row = rowAt(view, nodes, index);
    if (row.divergent) return row;
  }
  return undefined;
}
