import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { meshOf } from "../../testing/meshes.ts";
import { articulationPoints, hasTwoDisjointRoutes } from "./articulation.ts";
import { connectivityPercent } from "./connectivity.ts";
import { convergenceOf, expectedRounds } from "./convergence.ts";
import { componentsOf, type Overlay, overlayOf } from "./overlay.ts";
import { majorityOf, quorumMargin } from "./quorum.ts";
import { recoveryTime } from "./recovery-time.ts";
import { routeBetween } from "./route.ts";
import { partitionSides } from "./sides.ts";
import { summaryOf } from "./summary.ts";

const graphs = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 })), {
    maxLength: 20,
  })
  .map((pairs): Overlay => {
    const overlay = new Map<string, string[]>(
      Array.from({ length: 9 }, (_, index) => [`n${index}`, []]),
    );
    for (const [a, b] of pairs) {
      if (a === b || overlay.get(`n${a}`)?.includes(`n${b}`)) continue;
      overlay.get(`n${a}`)?.push(`n${b}`);
      overlay.get(`n${b}`)?.push(`n${a}`);
    }
    return overlay;
  });

function without(overlay: Overlay, gone: string): Overlay {
  const rest = [...overlay].filter(([id]) => id !== gone);
  return new Map(rest.map(([id, peers]) => [id, peers.filter((peer) => peer !== gone)]));
}

describe("the overlay", () => {
  it("uses a link only while both ends hold it and both processes run", () => {
    const { view, tell } = meshOf(["A", "B", "C"], ["AB", "BC"]);
    expect(overlayOf(view).get("B")).toEqual(["A", "C"]);
    tell({ type: "link.down", node: "A", peer: "B", reason: "x" });
    expect(overlayOf(view).get("B")).toEqual(["C"]);
    tell({ type: "node.paused", node: "C" });
    expect(overlayOf(view).get("B")).toEqual([]);
    expect(overlayOf(view).has("C")).toBe(false);
  });

  it("is cut exactly by its articulation points", () => {
    fc.assert(
      fc.property(graphs, (overlay) => {
        const before = componentsOf(overlay).length;
        const points = articulationPoints(overlay);
        for (const id of overlay.keys()) {
          const alone = overlay.get(id)?.length === 0;
          const after = componentsOf(without(overlay, id)).length;
          expect(points.has(id)).toBe(!alone && after > before);
        }
      }),
    );
  });

  it("finds shortest routes, both ends included, and none where there is none", () => {
    const overlay = overlayOf(meshOf([..."ABCDEF"], ["AB", "BC", "CD", "AD", "EF"]).view);
    expect(routeBetween(overlay, "A", "C")).toHaveLength(3);
    expect(routeBetween(overlay, "A", "D")).toEqual(["A", "D"]);
    expect(routeBetween(overlay, "A", "A")).toEqual(["A"]);
    expect(routeBetween(overlay, "A", "E")).toBeUndefined();
    expect(routeBetween(overlay, "A", "X")).toBeUndefined();
  });

  it("has two disjoint routes as a ring, and not as a line or in two parts", () => {
    const held = (...links: string[]) =>
      hasTwoDisjointRoutes(overlayOf(meshOf([..."ABCD"], links).view));
    expect(held("AB", "BC", "CD", "DA")).toBe(true);
    expect(held("AB", "BC", "CD")).toBe(false);
    expect(held("AB", "CD")).toBe(false);
  });
});

describe("quorum", () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
    [9, 5],
    [10, 6],
  ])("majority of %i is %i", (of, majority) => expect(majorityOf(of)).toBe(majority));

  it("keeps crashed members in the count and lets those go that left", () => {
    const { view, tell } = meshOf([..."ABCDE"]);
    expect(quorumMargin(view)).toEqual({ of: 5, needed: 3, present: 5, canLose: 2 });
    tell({ type: "node.stopped", node: "E", reason: "killed" });
    expect(quorumMargin(view)).toEqual({ of: 5, needed: 3, present: 4, canLose: 1 });
    tell({ type: "node.stopped", node: "D", reason: "left" });
    expect(quorumMargin(view)).toEqual({ of: 4, needed: 3, present: 3, canLose: 0 });
    tell({ type: "node.paused", node: "C" });
    expect(quorumMargin(view)).toMatchObject({ of: 4, present: 2, canLose: -1 });
  });

  it("does not count on nodes that are cut off", () => {
    const { view, tell } = meshOf([..."ABCDE"]);
    const minority = {
      mode: "read-only",
      reachable: 1,
      needed: 3,
      of: 5,
      reason: "minority",
    } as const;
    tell({ type: "partition.mode", node: "E", ...minority });
    expect(quorumMargin(view)).toEqual({ of: 5, needed: 3, present: 4, canLose: 1 });
  });

  it("is not known of an empty mesh", () => {
    expect(quorumMargin(meshOf([]).view)).toBeUndefined();
    const engine = meshOf(["A", "B", "C"]);
    engine.tell({ type: "mesh.started", name: "cluster", source: "serf" });
    expect(quorumMargin(engine.view), "Serf has no quorum").toBeUndefined();
  });
});

describe("connectivity", () => {
  it("is the share of pairs that a route connects", () => {
    expect(connectivityPercent(meshOf([..."ABCD"], ["AB", "BC", "CD"]).view)).toBe(100);
    expect(connectivityPercent(meshOf([..."ABCD"], ["AB", "BC"]).view)).toBe(50);
  });

  it("is unknown where no link was ever reported", () => {
    expect(connectivityPercent(meshOf(["A", "B"]).view)).toBeUndefined();
    expect(connectivityPercent(meshOf(["A"], []).view)).toBeUndefined();
  });
});

describe("sides of a partition", () => {
  it("puts the writable one first and tells the reason of the others", () => {
    const { view, tell } = meshOf([..."ABC"]);
    const rest = { needed: 2, of: 3, reachable: 1, reason: "minority" };
    tell({ type: "partition.mode", node: "A", mode: "read-only", ...rest });
    tell({ type: "partition.mode", node: "B", mode: "read-write", ...rest });
    tell({ type: "partition.mode", node: "C", mode: "read-write", ...rest });
    expect(partitionSides(view)).toEqual([
      { mode: "read-write", reason: undefined, nodes: ["B", "C"] },
      { mode: "read-only", reason: "minority", nodes: ["A"] },
    ]);
  });
});

describe("convergence", () => {
  it("counts running nodes only, and rounds of the gossip interval", () => {
    const { view, tell } = meshOf([..."ABC"]);
    tell({ type: "mesh.gossip", mode: "push-pull", fanout: 1, intervalMs: 2_000 });
    const rumour = { rumour: "r", topic: "t", payload: "", bytes: 0, urgent: true };
    tell({ type: "rumour.published", node: "A", ...rumour }, 1_000_000);
    const arrival = { from: "A", rumour: "r", via: "push", hops: 1 } as const;
    tell({ type: "rumour.received", node: "B", ...arrival }, 3_000_000);
    tell({ type: "node.stopped", node: "A", reason: "killed" }, 3_500_000);
    const first = view.rumours.get("r");
    expect(first && convergenceOf(view, first)).toMatchObject({
      reached: 1,
      running: 2,
      tookUs: undefined,
      rounds: 1.25,
    });
    tell({ type: "rumour.received", node: "C", ...arrival }, 5_000_000);
    tell({ type: "mesh.topology", kind: "ring" }, 9_000_000);
    const last = view.rumours.get("r");
    expect(last && convergenceOf(view, last)).toMatchObject({
      reached: 2,
      tookUs: 4_000_000,
      rounds: 2,
    });
  });

  it.each([
    ["push", 1_000, 16.9],
    ["push", 100, 11.24],
    ["pull", 1_000, 12.75],
    ["push-pull", 100, 6.4],
    ["push-pull", 1_000, 9.08],
    ["push-pull", 10_000, 11.59],
  ] as const)("%s among %i nodes is expected to take %f rounds", (mode, n, rounds) => {
    expect(expectedRounds(mode, n, 1)).toBeCloseTo(rounds, 1);
  });

  it("takes no round where there is nobody to tell", () => {
    expect(expectedRounds("push", 1, 3)).toBe(0);
  });
});

describe("recovery and summary", () => {
  it("tell broken from recovering from recovered", () => {
    const { view, tell } = meshOf(["A", "B"]);
    expect(recoveryTime(view)).toEqual({ state: "none" });
    const spec = { kind: "slow", node: "A", delayMs: 1 } as const;
    tell({ type: "fault.applied", fault: "f", spec }, 10_000);
    expect(recoveryTime(view)).toEqual({ state: "broken", sinceUs: 10_000 });
    const doubt = { type: "member.state", node: "A", member: "B", incarnation: 0 } as const;
    tell({ ...doubt, state: "suspect", reason: "x" }, 11_000);
    expect(summaryOf(view)).toMatchObject({ faults: 1, worst: "suspect", running: 2 });
    tell({ type: "fault.cleared", fault: "f", reason: "expired" }, 20_000);
    tell({ type: "mesh.topology", kind: "ring" }, 25_000);
    expect(recoveryTime(view)).toEqual({ state: "recovering", elapsedUs: 5_000 });
    tell({ ...doubt, state: "alive", reason: "x" }, 30_000);
    expect(recoveryTime(view)).toEqual({ state: "recovered", tookUs: 10_000 });
    expect(summaryOf(view)).toMatchObject({ byHealth: { healthy: 2 }, worst: "healthy" });
  });
});
