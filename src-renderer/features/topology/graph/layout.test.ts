import { describe, expect, it } from "vitest";
import { forceLayout } from "./force.ts";
import { GAP_X, GAP_Y } from "./geometry.ts";
import { autoLayout, forceInput, hubOf, keepPlaces, layoutNow } from "./layout.ts";
import { gridLayout, ringLayout, zonesLayout } from "./shapes.ts";
import { drawn } from "./testing.ts";

const zone = (id: string, name: string) => ({
  id,
  kind: "node" as const,
  zone: name,
  members: [id],
});

describe("layouts with a formula", () => {
  it("draws nine nodes as three rows of three, A to I in reading order", () => {
    const places = gridLayout([..."ABCDEFGHI"]);
    expect(places.get("A")).toEqual({ x: -GAP_X, y: -GAP_Y });
    expect(places.get("C")).toEqual({ x: GAP_X, y: -GAP_Y });
    expect(places.get("E")).toEqual({ x: 0, y: 0 });
    expect(places.get("I")).toEqual({ x: GAP_X, y: GAP_Y });
  });

  it("starts a ring at the top and goes clockwise", () => {
    const places = ringLayout([..."ABCD"]);
    expect(places.get("A")?.x).toBeCloseTo(0);
    expect(places.get("A")?.y).toBeLessThan(-200);
    expect(places.get("B")?.x).toBeGreaterThan(200);
    expect(ringLayout(["A"]).get("A")).toEqual({ x: 0, y: 0 });
  });

  it("puts the node with the most edges into the middle of a star", () => {
    const graph = drawn("ABCD", ["CA", "CB", "CD"]);
    expect(hubOf(graph)).toBe("C");
    expect(layoutNow("star", graph).get("C")).toEqual({ x: 0, y: 0 });
    expect(layoutNow("star", drawn("")).size).toBe(0);
  });

  it("keeps the nodes of a zone together", () => {
    const places = zonesLayout([
      zone("A", "z1"),
      zone("B", "z2"),
      zone("C", "z1"),
      zone("D", "z2"),
    ]);
    const x = (id: string) => places.get(id)?.x ?? Number.NaN;
    expect(Math.max(x("A"), x("C"))).toBeLessThan(Math.min(x("B"), x("D")));
  });
});

describe("automatic choice", () => {
  const pair = drawn("ABC", ["AB", "BC"]);
  it.each([
    ["grid", "grid"],
    ["ring", "ring"],
    ["small-world", "ring"],
    ["full", "ring"],
    ["star", "star"],
    ["hierarchical", "zones"],
    ["random-regular", "force"],
    [undefined, "force"],
  ])("draws %s as %s", (topology, layout) => {
    expect(autoLayout(topology, pair)).toBe(layout);
  });

  it("groups by zone where the topology has no shape of its own", () => {
    const zoned = {
      ...pair,
      nodes: pair.nodes.map((node, i) => ({ ...node, zone: `z${i}` })),
    };
    expect(autoLayout("random-regular", zoned)).toBe("zones");
    expect(autoLayout("grid", zoned)).toBe("grid");
  });

  it("draws members without links as a ring, many of them as a grid", () => {
    expect(autoLayout(undefined, drawn("ABC"))).toBe("ring");
    expect(autoLayout(undefined, drawn("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))).toBe("grid");
  });
});

describe("force layout", () => {
  it("is the same twice, and cards do not lie on each other", () => {
    const graph = drawn("ABCDEFGH", ["AB", "BC", "CD", "DA", "EF", "FG", "GH", "AE"]);
    const once = forceLayout(forceInput(graph, 7));
    expect(forceLayout(forceInput(graph, 7))).toEqual(once);
    const points = once.map(([, point]) => point);
    for (const [i, p] of points.entries()) {
      for (const q of points.slice(i + 1)) {
        expect(Math.hypot(p.x - q.x, p.y - q.y)).toBeGreaterThan(150);
      }
    }
  });
});

describe("keeping places", () => {
  const before = gridLayout([..."ABC"]);

  it("hands back the same object while no node comes or goes", () => {
    expect(keepPlaces(drawn("ABC"), before)).toBe(before);
  });

  it("moves nothing, and puts a new node beside its neighbours without covering a card", () => {
    const after = keepPlaces(drawn("ABCD", ["DA"]), before);
    for (const id of "ABC") expect(after.get(id)).toBe(before.get(id));
    const a = before.get("A") ?? { x: 0, y: 0 };
    const d = after.get("D") ?? { x: 9_999, y: 9_999 };
    expect(Math.hypot(d.x - a.x, d.y - a.y)).toBeLessThan(2 * GAP_X);
    for (const p of before.values()) {
      const apart = Math.abs(p.x - d.x) >= GAP_X * 0.75 || Math.abs(p.y - d.y) >= GAP_Y * 0.65;
      expect(apart).toBe(true);
    }
  });

  it("puts a node without neighbours to the right of everything", () => {
    const d = keepPlaces(drawn("ABCD"), before).get("D");
    expect(d?.x).toBeGreaterThan(before.get("B")?.x ?? 0);
  });

  it("forgets the place of a node that is gone", () => {
    expect([...keepPlaces(drawn("AB"), before).keys()]).toEqual(["A", "B"]);
  });

  it("opens a collapsed zone where the group stood for its members", () => {
    const group = { id: "zone/z", kind: "group" as const, zone: "z", members: ["B", "C"] };
    const graph = { ...drawn("A"), nodes: [...drawn("A").nodes, group] };
    const place = keepPlaces(graph, before).get("zone/z");
    const b = before.get("B") ?? { x: 0, y: 0 };
    const c = before.get("C") ?? { x: 0, y: 0 };
    expect(Math.abs((place?.x ?? 9_999) - (b.x + c.x) / 2)).toBeLessThanOrEqual(2 * GAP_X);
  });
});
