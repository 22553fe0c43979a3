import { describe, expect, it } from "vitest";
import { drawn } from "../graph/testing.ts";
import { gridLayout } from "../graph/shapes.ts";
import { buildEdges, nodeBuilder } from "./build.ts";

const graph = drawn("ABC", ["AB", "BC"]);
const input = {
  graph,
  places: gridLayout([..."ABC"]),
  found: undefined,
  selected: new Set<string>(),
  moved: new Map(),
};

describe("nodes for React Flow", () => {
  it("are the same objects while nothing about them changed", () => {
    const build = nodeBuilder();
    const [a, b, c] = build(input);
    const next = build({ ...input, selected: new Set(["B"]) });
    expect(next[0]).toBe(a);
    expect(next[1]).not.toBe(b);
    expect(next[1]?.selected).toBe(true);
    expect(next[2]).toBe(c);
  });

  it("follow the hand before their place", () => {
    const [a] = nodeBuilder()({ ...input, moved: new Map([["A", { x: 1, y: 2 }]]) });
    expect(a?.position).toEqual({ x: 1, y: 2 });
  });

  it("fade what a search did not find, edges to it too", () => {
    const found = new Set(["A", "B"]);
    const nodes = nodeBuilder()({ ...input, found });
    expect(nodes.map((node) => node.className)).toEqual(["", "", "is-faded"]);
    const edges = buildEdges({ ...input, found }, false);
    expect(edges.map((edge) => edge.data?.faded)).toEqual([false, true]);
  });

  it("leave out what has no place yet", () => {
    const places = gridLayout(["A", "B"]);
    expect(nodeBuilder()({ ...input, places }).map((node) => node.id)).toEqual(["A", "B"]);
    expect(buildEdges({ ...input, places }, true).map((edge) => edge.id)).toEqual(["A~B"]);
  });

  it("a group is selected when all of its members are", () => {
    const group = { id: "zone/z", kind: "group" as const, zone: "z", members: ["B", "C"] };
    const grouped = { ...graph, nodes: [group], edges: [] };
    const places = new Map([["zone/z", { x: 0, y: 0 }]]);
    const of = (...ids: string[]) =>
      nodeBuilder()({ ...input, graph: grouped, places, selected: new Set(ids) })[0]?.selected;
    expect(of("B")).toBe(false);
    expect(of("B", "C")).toBe(true);
  });
});
