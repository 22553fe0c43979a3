/** Order of the table twin. */
import type { Health, NodeView } from "#shared/view/model.ts";
import { naturalCompare } from "../graph/order.ts";

export const TABLE_COLUMNS = [
  "node",
  "health",
  "zone",
  "process",
  "mode",
  "incarnation",
  "doubted",
  "degree",
  "received",
  "sent",
] as const;
export type TableColumn = (typeof TABLE_COLUMNS)[number];

export interface TableRow {
  readonly node: NodeView;
  readonly health: Health;
  /** Place of the health in the order of severity; 0 is the worst. */
  readonly severity: number;
}

type Key = string | number | undefined;

/** Sorted copy; rows without a value come last whichever way, equal ones in order of their names. */
export function sortRows(
  rows: readonly TableRow[],
  column: TableColumn,
  descending: boolean,
): readonly TableRow[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const left = keyOf(a, column);
    const right = keyOf(b, column);
    if (left === undefined || right === undefined) {
      if (left !== right) return left === undefined ? 1 : -1;
    } else {
      const order = compare(left, right);
      if (order !== 0) return order * sign;
    }
    return naturalCompare(a.node.id, b.node.id);
  });
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return naturalCompare(String(a), String(b));
}

function keyOf({ node, severity }: TableRow, column: TableColumn): Key {
  switch (column) {
    case "node":
      return node.id;
    case "health":
      return severity;
    case "zone":
      return node.zone;
    case "process":
      return node.process;
    case "mode":
      return node.mode;
    case "incarnation":
      return node.incarnation;
    case "doubted":
      return node.suspectedBy + node.unreachableBy + node.deadBy;
    case "degree":
      return node.degree;
    case "received":
      return node.receivedPerSecond;
    case "sent":
      return node.sentPerSecond;
    default:
      return column satisfies never;
  }
}
