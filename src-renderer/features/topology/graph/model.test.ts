import { describe, expect, it } from "vitest";
import { buildGraph, neighboursOf } from "./model.ts";
import { naturalCompare } from "./order.ts";
import { linkView, nodeView, viewOf } from "./testing.ts";

describe("natural order of names", () => {
  it("counts digits as numbers", () => {
    expect(["n10", "n9", "B", "n2-b", "A", "n2-a"].sort(naturalCompare)).toEqual([
      "A",
      "B",
      "n2-a",
      "n2-b",
      "n9",
      "n10",
    ]);
  });

  it("puts a prefix before its longer name, and is zero only for equal names", () => {
    expect(naturalCompare("node", "node1")).toBeLessThan(0);
    expect(naturalCompare("node1", "node")).toBeGreaterThan(0);
    expect(naturalCompare("n07", "n7")).not.toBe(0);
    expect(naturalCompare("n7", "n7")).toBe(0);
  });
});

describe("the graph model", () => {
  const a = nodeView("A", { zone: "z1" });
  const b = nodeView("B");
  const c = nodeView("C");

  it("lists nodes in natural order and links that at least one end holds", () => {
    const half = linkView("A", "B", { bUp: false });
    const gone = linkView("B", "C", { aUp: false, bUp: false });
    const graph = buildGraph(viewOf([c, b, a], [gone, half]));
    expect(graph.nodes).toEqual([
      { id: "A", zone: "z1" },
      { id: "B", zone: undefined },
      { id: "C", zone: undefined },
    ]);
    expect(graph.links.map((link) => link.key)).toEqual(["A~B"]);
  });

  it("leaves out a link to a node that is not in the mesh", () => {
    expect(buildGraph(viewOf([a], [linkView("A", "Z")])).links).toEqual([]);
  });

  it("stays the same object while only telemetry changes", () => {
    const before = buildGraph(viewOf([a, b], [linkView("A", "B")]));
    const busy = { ...a, receivedPerSecond: 900, suspectedBy: 3 };
    const half = linkView("A", "B", { aUp: false, rttMs: 12 });
    expect(buildGraph(viewOf([busy, b], [half]), before)).toBe(before);
  });

  it.each([
    ["a node joins", viewOf([a, b, c], [linkView("A", "B")])],
    ["a node leaves", viewOf([a], [])],
    ["a node is replaced", viewOf([a, c], [])],
    ["a zone changes", viewOf([nodeView("A", { zone: "z2" }), b], [linkView("A", "B")])],
    ["a link goes", viewOf([a, b], [linkView("A", "B", { aUp: false, bUp: false })])],
  ])("is a new object when %s", (_, view) => {
    const before = buildGraph(viewOf([a, b], [linkView("A", "B")]));
    expect(buildGraph(view, before)).not.toBe(before);
  });

  it("is a new object when one link takes the place of another", () => {
    const before = buildGraph(viewOf([a, b, c], [linkView("A", "B")]));
    const after = buildGraph(viewOf([a, b, c], [linkView("A", "C")]), before);
    expect(after.links.map((link) => link.key)).toEqual(["A~C"]);
  });

  it("knows the neighbours of both ends", () => {
    const graph = buildGraph(viewOf([a, b, c], [linkView("A", "B"), linkView("B", "C")]));
    expect(neighboursOf(graph.nodes, graph.links).get("B")).toEqual(["A", "C"]);
    expect(neighboursOf(graph.nodes, graph.links).get("C")).toEqual(["B"]);
  });
});
