import { expect, it } from "vitest";
import { nodeView } from "../graph/testing.ts";
import { sortRows, type TableColumn } from "./sort.ts";

const row = (id: string, severity: number, changes = {}) => ({
  node: nodeView(id, changes),
  health: "healthy" as const,
  severity,
});
const rows = [
  row("n10", 3, { receivedPerSecond: 5, zone: "z2" }),
  row("n9", 0, { receivedPerSecond: undefined, zone: "z10" }),
  row("n2", 3, { receivedPerSecond: 20, deadBy: 1, suspectedBy: 1 }),
];
const order = (column: TableColumn, descending = false) =>
  sortRows(rows, column, descending).map((sorted) => sorted.node.id);

it("sorts names naturally, both ways", () => {
  expect(order("node")).toEqual(["n2", "n9", "n10"]);
  expect(order("node", true)).toEqual(["n10", "n9", "n2"]);
});

it("sorts health by severity and equal ones by name, whichever way", () => {
  expect(order("health")).toEqual(["n9", "n2", "n10"]);
  expect(order("health", true)).toEqual(["n2", "n10", "n9"]);
});

it("puts the unknown last in both directions", () => {
  expect(order("received")).toEqual(["n10", "n2", "n9"]);
  expect(order("received", true)).toEqual(["n2", "n10", "n9"]);
  expect(order("zone")).toEqual(["n10", "n9", "n2"]);
});

it("counts every doubt", () => {
  expect(order("doubted", true)[0]).toBe("n2");
});
