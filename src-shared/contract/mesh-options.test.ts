import { describe, expect, it } from "vitest";
import { type MeshOptionsInput, meshOptionsSchema, nodeName, nodeNames } from "./mesh-options.ts";

function placesOf(options: MeshOptionsInput): readonly string[] {
  const parsed = meshOptionsSchema.safeParse(options);
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join("."));
}

describe("options of a mesh", () => {
  it.each<[string, MeshOptionsInput, string]>([
    ["two nodes of one name", { nodes: [{ id: "A" }, { id: "B" }, { id: "A" }] }, "nodes.2.id"],
    ["fewer nodes allowed than there are", { nodes: 5, maxNodes: 4 }, "maxNodes"],
    ["zones to spread over, and nodes with their own", { nodes: [{ id: "A" }], zones: 2 }, "zones"],
    ["a seed nobody has", { nodes: 2, membership: { seeds: ["A", "Q"] } }, "membership.seeds.1"],
    ["a tie-breaker nobody has", { membership: { tieBreaker: "Q" } }, "membership.tieBreaker"],
    [
      "a link to nobody",
      { nodes: 2, topology: { kind: "custom", links: [["A", "Q"]] } },
      "topology.links.0.1",
    ],
    [
      "a link of a node to itself",
      {
        nodes: 2,
        topology: {
          kind: "custom",
          links: [
            ["A", "B"],
            ["B", "B"],
          ],
        },
      },
      "topology.links.1",
    ],
    [
      "links of a ring",
      { nodes: 2, topology: { kind: "ring", links: [["A", "B"]] } },
      "topology.links",
    ],
    [
      "more neighbours at least than at most",
      { topology: { minNeighbours: 4, maxNeighbours: 3 } },
      "topology.minNeighbours",
    ],
    [
      "a silence shorter than the pulse",
      { membership: { heartbeatIntervalMs: 3_000, heartbeatTimeoutMs: 3_000 } },
      "membership.heartbeatTimeoutMs",
    ],
    [
      "a probe that takes its whole period",
      { membership: { detector: "swim", probeIntervalMs: 500, probeTimeoutMs: 500 } },
      "membership.probeTimeoutMs",
    ],
  ])("with %s are refused", (_, options, place) => {
    expect(placesOf(options)).toEqual([place]);
  });

  it.each<[string, MeshOptionsInput]>([
    ["as many nodes as are allowed", { nodes: 5, maxNodes: 5 }],
    [
      "as many neighbours at least as at most",
      { topology: { minNeighbours: 3, maxNeighbours: 3 } },
    ],
    [
      "times of a detector that does not run",
      {
        membership: { detector: "swim", heartbeatIntervalMs: 3_000, heartbeatTimeoutMs: 2_000 },
      },
    ],
    ["the 27th node as seed", { nodes: 27, membership: { seeds: ["n26"] } }],
  ])("with %s can be used", (_, options) => {
    expect(placesOf(options)).toEqual([]);
  });
});

describe("names of nodes", () => {
  it("are letters, then numbers", () => {
    expect([0, 25, 26, 27].map(nodeName)).toEqual(["A", "Z", "n26", "n27"]);
    expect(nodeNames(3)).toEqual(["A", "B", "C"]);
    expect(nodeNames([{ id: "x" }, { id: "y", zone: "z" }])).toEqual(["x", "y"]);
  });
});
