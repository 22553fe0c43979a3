import { describe, expect, it } from "vitest";
import { drawGraph, groupId } from "./group.ts";
import type { GraphModel } from "./model.ts";

const model: GraphModel = {
  nodes: [
    { id: "A", zone: "z1" },
    { id: "B", zone: "z1" },
    { id: "C", zone: "z2" },
    { id: "D", zone: undefined },
  ],
  links: [
    { key: "A~B", a: "A", b: "B" },
    { key: "A~C", a: "A", b: "C" },
    { key: "B~C", a: "B", b: "C" },
    { key: "C~D", a: "C", b: "D" },
  ],
};
const none = new Set<string>();

describe("the drawn graph", () => {
  it("is the model when nothing is hidden or collapsed", () => {
    const graph = drawGraph(model, { hidden: none, collapsed: none });
    expect(graph.nodes.map((node) => node.id)).toEqual(["A", "B", "C", "D"]);
    expect(graph.edges).toHaveLength(4);
    expect([graph.shown, graph.total]).toEqual([4, 4]);
  });

  it("hides a node together with its edges and says how many are shown", () => {
    const graph = drawGraph(model, { hidden: new Set(["C"]), collapsed: none });
    expect(graph.edges.map((edge) => edge.id)).toEqual(["A~B"]);
    expect([graph.shown, graph.total]).toEqual([3, 4]);
  });

  it("draws a collapsed zone as one node and merges what leaves it", () => {
    const graph = drawGraph(model, { hidden: none, collapsed: new Set(["z1"]) });
    const group = graph.nodes.find((node) => node.kind === "group");
    expect(group).toEqual({ id: groupId("z1"), kind: "group", zone: "z1", members: ["A", "B"] });
    const outward = graph.edges.find((edge) => [edge.a, edge.b].includes(groupId("z1")));
    expect(outward?.links).toEqual(["A~C", "B~C"]);
    expect(graph.edges).toHaveLength(2);
    expect([graph.shown, graph.total]).toEqual([4, 4]);
  });

  it("collapses the nodes without a zone under the empty name", () => {
    const graph = drawGraph(model, { hidden: none, collapsed: new Set([""]) });
    expect(graph.nodes.at(-1)).toMatchObject({ kind: "group", members: ["D"] });
  });

  it("leaves hidden nodes out of a group, and an empty group out altogether", () => {
    const options = { hidden: new Set(["A"]), collapsed: new Set(["z1"]) };
    expect(drawGraph(model, options).nodes[0]?.members).toEqual(["B"]);
    const all = { hidden: new Set(["A", "B"]), collapsed: new Set(["z1"]) };
    expect(drawGraph(model, all).nodes.map((node) => node.id)).toEqual(["C", "D"]);
  });
});
