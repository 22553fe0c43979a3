import { describe, expect, it } from "vitest";
import { boundsOf, cardCorners, convexHull } from "./geometry.ts";
import { indexFaults } from "./link-faults.ts";
import { detailFor, labelsFit, tierFor } from "./lod.ts";
import { outlinePath, partitionRegions, zoneRegions } from "./regions.ts";
import { readPlaces, writePlaces } from "./saved-places.ts";
import { gridLayout } from "./shapes.ts";
import { suspicionOf } from "./suspicion.ts";
import { drawn, fault, nodeView } from "./testing.ts";
import { nextNode } from "./walk.ts";

describe("tiers and detail", () => {
  it.each([
    [150, "cards"],
    [151, "lean"],
    [600, "lean"],
    [601, "overview"],
    [5_000, "overview"],
    [5_001, "aggregate"],
  ])("%i things are drawn as %s", (count, tier) => expect(tierFor(count)).toBe(tier));

  it.each([
    [1, "full"],
    [0.55, "full"],
    [0.54, "compact"],
    [0.28, "compact"],
    [0.27, "dot"],
  ])("zoom %f shows %s", (zoom, detail) => expect(detailFor(zoom)).toBe(detail));

  it("shows names where they have room", () => {
    expect(labelsFit(0.5, 112)).toBe(true);
    expect(labelsFit(0.5, 111)).toBe(false);
  });
});

describe("faults on links", () => {
  it("a partition cuts across sides only; nodes in no group stay with the first", () => {
    const index = indexFaults([fault("p", { kind: "partition", groups: [["A", "B"], ["C"]] })]);
    expect(index.of("A", "C")).toEqual({ condition: "cut", faults: ["p"] });
    expect(index.of("A", "B").condition).toBe("clear");
    expect(index.of("Z", "A").condition).toBe("clear");
    expect(index.of("Z", "C").condition).toBe("cut");
    expect([index.sideOf("A"), index.sideOf("C"), index.sideOf("Z")]).toEqual([0, 1, 0]);
    expect(index.sides).toBe(2);
  });

  it("a one-way cut is half a cut whichever way the link is read", () => {
    const index = indexFaults([fault("c", { kind: "cut", from: ["B"], to: ["A"], oneWay: true })]);
    expect(index.of("A", "B").condition).toBe("half-cut");
    expect(index.of("B", "A").condition).toBe("half-cut");
    expect(index.of("A", "C").condition).toBe("clear");
  });

  it("two one-way cuts against each other are a whole one", () => {
    const index = indexFaults([
      fault("1", { kind: "cut", from: ["A"], to: ["B"], oneWay: true }),
      fault("2", { kind: "cut", from: ["B"], to: ["A"], oneWay: true }),
    ]);
    expect(index.of("A", "B")).toEqual({ condition: "cut", faults: ["1", "2"] });
  });

  it.each([
    [{ kind: "mesh" } as const, "degraded", "degraded"],
    [{ kind: "around", nodes: ["A"] } as const, "degraded", "clear"],
    [{ kind: "between", from: ["A"], to: ["B"] } as const, "degraded", "clear"],
    [{ kind: "between", from: ["B"], to: ["A"], oneWay: true } as const, "degraded", "clear"],
  ])("conditions with scope %j", (scope, onAb, onBc) => {
    const copy = JSON.parse(JSON.stringify(scope));
    const index = indexFaults([
      fault("w", { kind: "conditions", scope: copy, conditions: { loss: 0.1 } }),
    ]);
    expect(index.of("A", "B").condition).toBe(onAb);
    expect(index.of("B", "C").condition).toBe(onBc);
    expect(index.sideOf("A")).toBeUndefined();
  });

  it("a slow node or a wrong clock is not on the links", () => {
    const index = indexFaults([
      fault("s", { kind: "slow", node: "A", delayMs: 100 }),
      fault("k", { kind: "clock", node: "A", driftPpm: 5, offsetMs: 0 }),
    ]);
    expect(index.of("A", "B")).toEqual({ condition: "clear", faults: [] });
  });
});

describe("regions", () => {
  const places = gridLayout([..."ABCD"]);

  it("a hull leaves out what lies inside and on its edges", () => {
    const square = [0, 1, 2].flatMap((x) => [0, 1, 2].map((y) => ({ x, y })));
    expect(convexHull(square)).toEqual([
      { x: 0, y: 0 },
      { x: 2, y: 0 },
      { x: 2, y: 2 },
      { x: 0, y: 2 },
    ]);
  });

  it("encloses every card of a side, and none of the other", () => {
    const sides = { sides: 2, sideOf: (id: string) => ("AB".includes(id) ? 0 : 1) };
    const [first, second] = partitionRegions(drawn("ABCD").nodes, places, sides);
    expect(first?.members).toEqual(["A", "B"]);
    expect(second?.members).toEqual(["C", "D"]);
    const a = boundsOf(first?.outline ?? []);
    const b = boundsOf(second?.outline ?? []);
    expect((a?.y ?? 0) + (a?.height ?? 0)).toBeLessThan(b?.y ?? 0);
    const cards = boundsOf(cardCorners([places.get("A") ?? { x: 0, y: 0 }], 0));
    expect(a?.x).toBeLessThan(cards?.x ?? 0);
  });

  it("there are none without a partition", () => {
    expect(partitionRegions(drawn("AB").nodes, places, indexFaults([]))).toEqual([]);
  });

  it("a node without a zone lies in no zone region", () => {
    expect(zoneRegions(drawn("AB").nodes, places)).toEqual([]);
  });

  it("writes a closed path", () => {
    expect(
      outlinePath([
        { x: 0.4, y: 0 },
        { x: 9.6, y: 0 },
        { x: 5, y: 8 },
      ]),
    ).toBe("M0,0L10,0L5,8Z");
    expect(outlinePath([])).toBe("");
  });
});

describe("walking with arrow keys", () => {
  const places = gridLayout([..."ABCDEFGHI"]);
  it.each([
    ["E", "left", "D"],
    ["E", "right", "F"],
    ["E", "up", "B"],
    ["E", "down", "H"],
    ["A", "left", undefined],
    ["I", "down", undefined],
    [undefined, "down", "A"],
    ["gone", "up", "A"],
  ] as const)("from %s %s to %s", (from, direction, to) => {
    expect(nextNode(places, from, direction)).toBe(to);
  });
});

describe("the suspicion ring", () => {
  it("is absent while nobody doubts, and grows with each observer up to the quorum", () => {
    expect(suspicionOf(nodeView("E"), 9)).toBeUndefined();
    expect(
      suspicionOf({ ...nodeView("E"), deadBy: 1 }, 0),
      "a mesh without quorums",
    ).toBeUndefined();
    const some = nodeView("E", { suspectedBy: 2, unreachableBy: 1 });
    expect(suspicionOf(some, 9)).toEqual({
      observers: 3,
      quorum: 5,
      of: 9,
      progress: 0.6,
      confirmed: false,
    });
    const many = nodeView("E", { suspectedBy: 8 });
    expect(suspicionOf(many, 9)?.progress).toBe(1);
  });

  it("is closed by the word of an engine that has no quorum", () => {
    const failed = suspicionOf(nodeView("s3", { deadBy: 1 }), 9);
    expect([failed?.progress, failed?.confirmed]).toEqual([1, true]);
  });

  it("takes quorum and observers from the certificate once there is one", () => {
    const dead = nodeView("E", {
      deadBy: 1,
      confirmed: { observers: ["A", "B", "C"], needed: 3, of: 5 },
    });
    expect(suspicionOf(dead, 9)).toEqual({
      observers: 3,
      quorum: 3,
      of: 5,
      progress: 1,
      confirmed: true,
    });
  });
});

describe("saved places", () => {
  it("come back as they were written, rounded to a pixel", () => {
    const dragged = new Map([["A", { x: 1.4, y: -2.6 }]]);
    expect(readPlaces(writePlaces({ layout: "ring", dragged }))).toEqual({
      layout: "ring",
      dragged: new Map([["A", { x: 1, y: -3 }]]),
    });
  });

  it.each([null, "", "{", "[]", "null", '{"version":2,"dragged":[]}', '{"version":1}'])(
    "%j counts as nothing saved",
    (text) => expect(readPlaces(text)).toEqual({ layout: "auto", dragged: new Map() }),
  );

  it("skips damaged rows and keeps the good ones", () => {
    const text = '{"version":1,"layout":"odd","dragged":[["A",1],["B",1e9,0],3,["C",4,5]]}';
    expect(readPlaces(text)).toEqual({ layout: "auto", dragged: new Map([["C", { x: 4, y: 5 }]]) });
  });
});
