import { emptyView } from "#shared/view/empty.ts";
import type { MeshView } from "#shared/view/model.ts";
import { describe, expect, it } from "vitest";
import { indexFaults } from "../graph/link-faults.ts";
import { isHop } from "../graph/route.ts";
import { gridLayout } from "../graph/shapes.ts";
import { drawn, fault, linkView, nodeView, viewOf } from "../graph/testing.ts";
import { edgesToPaint, nodesToPaint, worstHealth } from "./scene.ts";

const view: MeshView = {
  ...emptyView(),
  ...viewOf(
    [nodeView("A"), nodeView("B", { mode: "read-only" }), nodeView("C", { suspectedBy: 1 })],
    [linkView("A", "B", { bUp: false }), linkView("B", "C")],
  ),
};
const graph = {
  model: { nodes: [], links: [] },
  drawn: drawn("ABC", ["AB", "BC"]),
  zones: [""],
  collapsed: new Set<string>(),
  found: new Set(["A", "B"]),
};
const scene = {
  graph,
  places: gridLayout([..."ABC"]),
  faults: indexFaults([fault("p", { kind: "partition", groups: [["A", "B"], ["C"]] })]),
};

describe("the scene of the overview", () => {
  it("a group is as ill as its worst member, and unknown ones are unknown", () => {
    expect(worstHealth(view, ["A", "B"])).toBe("degraded");
    expect(worstHealth(view, ["A", "B", "C"])).toBe("suspect");
    expect(worstHealth(view, ["A", "Z"])).toBe("unknown");
    expect(worstHealth(view, [])).toBe("healthy");
  });

  it("paints mode, selection and what the search left out", () => {
    const nodes = nodesToPaint(scene, view, new Set(["A"]));
    expect(nodes.map((node) => [node.id, node.readOnly, node.selected, node.faded])).toEqual([
      ["A", false, true, false],
      ["B", true, false, false],
      ["C", false, false, true],
    ]);
  });

  it("paints half links, cuts and the traced route", () => {
    const selection = { route: ["C", "B"], link: "A~B" };
    const edges = edgesToPaint(scene, view, selection);
    expect(edges.map((edge) => [edge.half, edge.condition, edge.emphasis])).toEqual([
      [true, "clear", "selected"],
      [false, "cut", "route"],
    ]);
  });
});

it("a hop of a route counts in both directions, and only next to each other", () => {
  expect(isHop(["A", "B", "C"], "C", "B")).toBe(true);
  expect(isHop(["A", "B", "C"], "A", "B")).toBe(true);
  expect(isHop(["A", "B", "C"], "A", "C")).toBe(false);
  expect(isHop(undefined, "A", "B")).toBe(false);
});
