import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { degreeRule } from "./degree.ts";
import { hasDisjointRoutes, robustness } from "./disjoint.ts";
import { distances } from "./graph.ts";
import { TOPOLOGY_KINDS, type TopologyKind } from "./options.ts";
import { formMesh, initialLinks, type TopologyPlan } from "./topology.ts";
import type { MeshMember } from "./types.ts";

function members(n: number, zones = 1): MeshMember[] {
  return Array.from({ length: n }, (_, i) => ({ id: `n${i}`, zone: `z${i % zones}` }));
}

function lay(kind: TopologyKind, list: readonly MeshMember[], change: Partial<TopologyPlan> = {}) {
  const limits = { minNeighbours: 3, maxNeighbours: 5 };
  return initialLinks({ kind, members: list, random: createRandom(1), ...limits, ...change });
}

function degrees(kind: TopologyKind, n: number): number[] {
  const links = lay(kind, members(n));
  return [...links.nodes].map((id) => links.degree(id));
}

describe("grid", () => {
  const demo = [..."ABCDEFGHI"].map((id) => ({ id, zone: "" }));

  it("of nine is the 3 x 3 demo with opposite corners linked", () => {
    const { neighbours } = formMesh({
      kind: "grid",
      members: demo,
      random: createRandom(1),
      minNeighbours: 3,
      maxNeighbours: 5,
    });
    expect(Object.fromEntries(neighbours)).toEqual({
      A: ["B", "D", "I"],
      B: ["A", "C", "E"],
      C: ["B", "F", "G"],
      D: ["A", "E", "G"],
      E: ["B", "D", "F", "H"],
      F: ["C", "E", "I"],
      G: ["C", "D", "H"],
      H: ["E", "G", "I"],
      I: ["A", "F", "H"],
    });
  });

  it("does not depend on the order in which members are named", () => {
    const plan = { random: createRandom(1), minNeighbours: 3, maxNeighbours: 5 };
    const forward = formMesh({ kind: "grid", members: demo, ...plan });
    const backward = formMesh({ kind: "grid", members: demo.toReversed(), ...plan });
    expect([...backward.neighbours]).toEqual([...forward.neighbours]);
    expect(backward.digest).toBe(forward.digest);
  });
});

describe("the other shapes", () => {
  it("ring: everyone has two", () => {
    expect(degrees("ring", 7)).toEqual([2, 2, 2, 2, 2, 2, 2]);
  });

  it("star: the first has all", () => {
    expect(degrees("star", 6)).toEqual([5, 1, 1, 1, 1, 1]);
  });

  it("full: everyone has all", () => {
    expect(degrees("full", 5)).toEqual([4, 4, 4, 4, 4]);
  });

  it("random-regular: everyone has the minimum, the odd one out a little more", () => {
    expect(degrees("random-regular", 50).filter((degree) => degree === 3).length).toBeGreaterThan(
      47,
    );
    expect(Math.max(...degrees("random-regular", 51))).toBeLessThanOrEqual(4);
  });

  it("small-world: routes are short although most links are local", () => {
    const links = lay("small-world", members(100));
    const local = [...links.nodes].filter((_, i) => links.has(`n${i}`, `n${(i + 1) % 100}`));
    expect(local).toHaveLength(100);
    // A ring with the neighbours after next has a diameter of 25.
    expect(Math.max(...distances(links, "n0").values())).toBeLessThan(15);
  });

  it("hierarchical: zones are wired inside and joined by few gateways", () => {
    const list = members(40, 4);
    const links = lay("hierarchical", list);
    const zone = new Map(list.map((member) => [member.id, member.zone]));
    let across = 0;
    for (const id of links.nodes) {
      across += [...links.neighbours(id)].filter((peer) => zone.get(peer) !== zone.get(id)).length;
    }
    expect(across / 2).toBeLessThan(20);
    expect(across / 2).toBeGreaterThanOrEqual(4);
  });

  it("custom: exactly the links that were given, as far as both ends exist", () => {
    const links = [
      ["n0", "n1"],
      ["n1", "n2"],
      ["n2", "ghost"],
    ] as const;
    const mesh = lay("custom", members(3), { links });
    expect([...mesh.nodes].map((id) => mesh.degree(id))).toEqual([1, 2, 1]);
    expect(lay("custom", members(2)).degree("n0")).toBe(0);
  });
});

describe("every bounded shape", () => {
  const bounded = ["grid", "random-regular", "hierarchical", "small-world"] as const;

  it("has 3 to 5 neighbours per node and two disjoint routes between any two, from 6 nodes on", () => {
    const plan = fc.record({
      kind: fc.constantFrom(...bounded),
      n: fc.integer({ min: 6, max: 60 }),
      zones: fc.integer({ min: 1, max: 7 }),
      seed: fc.integer({ min: 0, max: 1_000 }),
    });
    fc.assert(
      fc.property(plan, ({ kind, n, zones, seed }) => {
        const links = lay(kind, members(n, zones), { random: createRandom(seed) });
        for (const id of links.nodes) {
          expect(links.degree(id)).toBeGreaterThanOrEqual(3);
          expect(links.degree(id)).toBeLessThanOrEqual(5);
        }
        expect(hasDisjointRoutes(robustness(links))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("gives the smallest meshes all the links there can be", () => {
    for (const kind of bounded) {
      expect(degrees(kind, 1)).toEqual([0]);
      expect(degrees(kind, 2)).toEqual([1, 1]);
      expect(degrees(kind, 3)).toEqual([2, 2, 2]);
      expect(degrees(kind, 4)).toEqual([3, 3, 3, 3]);
    }
  });
});

describe("any shape", () => {
  it("is the same for the same draws, and consists of members without loops", () => {
    for (const kind of TOPOLOGY_KINDS) {
      const plan = { kind, members: members(23, 3), minNeighbours: 3, maxNeighbours: 5 };
      const once = formMesh({ ...plan, random: createRandom(9) });
      const again = formMesh({ ...plan, random: createRandom(9) });
      expect([...again.neighbours]).toEqual([...once.neighbours]);
      for (const [id, neighbours] of once.neighbours) {
        expect(neighbours).not.toContain(id);
        expect(neighbours.every((peer) => once.neighbours.get(peer)?.includes(id))).toBe(true);
      }
    }
  });

  it("differs with the draws where it is drawn", () => {
    const edges = (seed: number) => {
      const links = lay("random-regular", members(20), { random: createRandom(seed) });
      return [...links.nodes].map((id) => [...links.neighbours(id)].sort());
    };
    expect(edges(1)).not.toEqual(edges(2));
  });
});

describe("degreeRule", () => {
  const limits = { minNeighbours: 3, maxNeighbours: 5 };

  it.each([
    ["grid", 9, 4, { min: 3, max: 5 }],
    ["grid", 3, 2, { min: 2, max: 5 }],
    ["grid", 1, 0, { min: 0, max: 5 }],
    ["ring", 9, 2, { min: 2, max: 5 }],
    ["ring", 2, 1, { min: 1, max: 5 }],
    ["star", 9, 1, { min: 1, max: 8 }],
    ["full", 9, 8, { min: 8, max: 8 }],
    ["full", 1, 0, { min: 0, max: 1 }],
    ["custom", 9, 7, { min: 7, max: 7 }],
    ["custom", 9, 0, { min: 1, max: 5 }],
    ["custom", 3, 7, { min: 2, max: 7 }],
  ] as const)("of %s with %i nodes and %i given links", (kind, n, given, rule) => {
    expect(degreeRule(kind, n, limits, given)).toEqual(rule);
  });
});
