// One test per claim about self-organising links: repair, two disjoint routes, degree bounds,
// zones, joining, changing the topology while running.
import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { ms, seconds } from "#main/kernel/time.ts";
import { hasDisjointRoutes } from "./disjoint.ts";
import { TOPOLOGY_KINDS } from "./options.ts";
import { LinksMesh } from "./testing/links-mesh.ts";

const NINE = [..."ABCDEFGHI"];

function kill(mesh: LinksMesh, id: string): void {
  mesh.kill(id);
  mesh.declare(id, "dead");
}

function expectBounds(mesh: LinksMesh, low = 3, high = 5): void {
  for (const degree of mesh.degrees()) {
    expect(degree).toBeGreaterThanOrEqual(low);
    expect(degree).toBeLessThanOrEqual(high);
  }
}

describe("repair", () => {
  it("after the loss of any single node of the demo grid restores 3 to 5 links and two routes", () => {
    for (const lost of NINE) {
      for (let seed = 1; seed <= 6; seed++) {
        const mesh = new LinksMesh({ ids: NINE, seed });
        mesh.runTo(seconds(5));
        kill(mesh, lost);
        mesh.runTo(seconds(20));
        expectBounds(mesh);
        expect(hasDisjointRoutes(mesh.robustness())).toBe(true);
        // Both ends agree on every link.
        expect(mesh.degrees().reduce((sum, degree) => sum + degree, 0)).toBe(
          [...mesh.nodes.keys()].reduce((sum, id) => sum + mesh.graph().degree(id), 0),
        );
      }
    }
  });

  it("after one loss after another keeps the rest together, down to four nodes", () => {
    for (let seed = 1; seed <= 5; seed++) {
      const mesh = new LinksMesh({ ids: NINE, seed });
      const order = createRandom(seed);
      for (let at = 10; mesh.nodes.size > 4; at += 15) {
        const alive = [...mesh.nodes.keys()];
        mesh.runTo(seconds(at));
        kill(mesh, alive[order.int(alive.length)] ?? "A");
        mesh.runTo(seconds(at + 14));
        expectBounds(mesh);
        expect(hasDisjointRoutes(mesh.robustness())).toBe(true);
      }
    }
  });

  it("prefers the other neighbours of the lost node: routes close around it", () => {
    const mesh = new LinksMesh({ ids: Array.from({ length: 64 }, (_, i) => `n${i}`) });
    mesh.runTo(seconds(5));
    // n10's neighbours in the 8 x 8 grid; all but those of degree 4 fall below the minimum.
    const around = ["n2", "n9", "n11", "n18"];
    kill(mesh, "n10");
    mesh.runTo(seconds(20));
    const repairs = mesh.of("link-up").filter((one) => one.event.reason === "repair");
    expect(repairs.length).toBeGreaterThan(0);
    expect(
      repairs.every((one) => around.includes(one.node) || around.includes(one.event.peer)),
    ).toBe(true);
  });

  it("does not wait for membership when a peer falls silent", () => {
    const mesh = new LinksMesh({ ids: NINE });
    mesh.runTo(seconds(5));
    mesh.kill("E");
    mesh.runTo(seconds(5 + 2 * 6 + 1));
    expect(mesh.of("link-down").filter((one) => one.event.reason === "peer-silent")).toHaveLength(
      4,
    );
    mesh.runTo(seconds(40));
    const degrees = ["B", "D", "F", "H"].map((id) => mesh.nodes.get(id)?.degree ?? 0);
    expect(Math.min(...degrees)).toBeGreaterThanOrEqual(3);
  });

  it("says so, once, when nobody is left to link to", () => {
    const mesh = new LinksMesh({ ids: NINE });
    mesh.runTo(seconds(5));
    // Links are lost, but membership believes in everybody.
    mesh.drop = (from) => from !== "A";
    mesh.runTo(seconds(100));
    mesh.drop = (from, to) => from === "A" || to === "A";
    mesh.runTo(seconds(200));
    expect(mesh.nodes.get("A")?.degree).toBe(0);
    expect(mesh.of("degree-low", "A").length).toBeGreaterThanOrEqual(1);
    expect(mesh.of("degree-low", "A")[0]?.event.wanted).toBe(3);
  });

  it("never takes a node over the maximum", () => {
    const mesh = new LinksMesh({ ids: NINE, options: { maxNeighbours: 4 } });
    for (const [i, id] of ["A", "C", "E"].entries()) {
      mesh.runTo(seconds(5 + 15 * i));
      kill(mesh, id);
      for (let step = 0; step < 14; step++) {
        mesh.runTo(mesh.now + seconds(1));
        expect(Math.max(...mesh.degrees())).toBeLessThanOrEqual(4);
      }
    }
  });
});

describe("two disjoint routes", () => {
  it("are reported as held at the start, lost with a weak node, and regained", () => {
    const mesh = new LinksMesh({ ids: NINE, options: { kind: "ring" } });
    mesh.runTo(seconds(3));
    expect(mesh.of("disjoint", "A").map((one) => one.event)).toEqual([
      { kind: "disjoint", held: true, weak: [] },
    ]);
    mesh.drop = (_from, _to, message) => message.type === "offer";
    kill(mesh, "E");
    mesh.runTo(seconds(6));
    const lost = mesh.of("disjoint", "A").at(-1)?.event;
    expect(lost).toEqual({ kind: "disjoint", held: false, weak: ["A", "B", "C", "G", "H", "I"] });
    mesh.drop = () => false;
    mesh.runTo(seconds(20));
    expect(mesh.of("disjoint", "A").at(-1)?.event).toEqual({
      kind: "disjoint",
      held: true,
      weak: [],
    });
  });

  it("are restored after two halves were apart and mended their links on their own", () => {
    for (let seed = 1; seed <= 5; seed++) {
      const mesh = new LinksMesh({ ids: NINE, seed });
      const left = new Set("ABCD");
      mesh.drop = (from, to) => left.has(from) !== left.has(to);
      mesh.runTo(seconds(20));
      const judge = (state: "unreachable" | "alive") => {
        for (const a of NINE) {
          NINE.filter((b) => left.has(a) !== left.has(b)).forEach((b) => mesh.tell(a, b, state));
        }
      };
      judge("unreachable");
      mesh.runTo(seconds(60));
      expect(mesh.robustness().components).toBe(2);
      mesh.drop = () => false;
      judge("alive");
      mesh.runTo(seconds(120));
      expect(mesh.robustness()).toEqual({ components: 1, weak: [] });
      expectBounds(mesh);
    }
  });

  it("are not asked of a star: its hub is weak by design", () => {
    const mesh = new LinksMesh({ ids: NINE, options: { kind: "star" } });
    mesh.runTo(seconds(30));
    expect(mesh.of("disjoint", "B").map((one) => one.event)).toEqual([
      { kind: "disjoint", held: false, weak: ["A"] },
    ]);
    expect(mesh.degrees()).toEqual([8, 1, 1, 1, 1, 1, 1, 1, 1]);
  });
});

describe("trimming", () => {
  const sixteen = Array.from({ length: 16 }, (_, i) => `n${i}`);
  const run = (ids: readonly string[], minNeighbours: number, maxNeighbours: number) => {
    const options = { minNeighbours, maxNeighbours, optimiseIntervalMs: 0 };
    const mesh = new LinksMesh({ ids, options });
    for (let second = 1; second <= 60; second++) {
      mesh.runTo(seconds(second));
      expect(Math.min(...mesh.degrees())).toBeGreaterThanOrEqual(minNeighbours);
      expect(mesh.robustness()).toEqual({ components: 1, weak: [] });
    }
    return mesh;
  };
  const trimmed = (mesh: LinksMesh) =>
    mesh.of("link-down").filter((one) => one.event.reason === "trimmed").length;

  it("takes links between nodes that both have too many, at both ends", () => {
    // The 4 x 4 grid: four nodes in the middle have four links, one too many.
    const mesh = run(sixteen, 3, 3);
    expect(mesh.degrees().filter((degree) => degree > 3)).toEqual([]);
    expect(trimmed(mesh)).toBe(4);
    expect(mesh.of("link-up").filter((one) => one.event.reason !== "bootstrap")).toEqual([]);
  });

  it("leaves nodes at the maximum alone", () => {
    expect(trimmed(run(sixteen, 3, 4))).toBe(0);
  });

  it("leaves a node alone that has too many, all to nodes that have none to spare", () => {
    // E of the demo has four links, its neighbours three each.
    expect(trimmed(run(NINE, 3, 3))).toBe(0);
  });

  it("never makes the overlay weaker, even if nodes keep too many", () => {
    expect(trimmed(run(NINE, 1, 2))).toBeGreaterThan(0);
    expect(trimmed(run(sixteen, 1, 2))).toBeGreaterThan(0);
  });
});

describe("joining", () => {
  it("a newcomer gets its links with the reason join, and learns the whole graph", () => {
    const mesh = new LinksMesh({ ids: NINE });
    mesh.runTo(seconds(5));
    mesh.join("J");
    mesh.runTo(seconds(14.5));
    expect(mesh.nodes.get("J")?.degree).toBe(3);
    expect(new Set(mesh.of("link-up", "J").map((one) => one.event.reason))).toEqual(
      new Set(["join"]),
    );
    expect(mesh.views()).toBe(1);
    expect(mesh.nodes.get("J")?.routeTo("A")?.at(-1)).toBe("A");
    expect(hasDisjointRoutes(mesh.robustness())).toBe(true);
    expectBounds(mesh);
  });

  it("spreads over zones where it can choose", () => {
    const zoneOf = (id: string) => (NINE.indexOf(id) < 0 ? "new" : `z${NINE.indexOf(id) % 3}`);
    const mesh = new LinksMesh({ ids: NINE, zoneOf, options: { maxNeighbours: 6 } });
    mesh.runTo(seconds(5));
    mesh.join("J");
    mesh.runTo(seconds(7));
    const zones = mesh.nodes.get("J")?.peers.map(zoneOf) ?? [];
    expect(zones.length).toBe(3);
    expect(new Set(zones).size).toBeGreaterThanOrEqual(2);
  });

  it("a star's newcomer goes to the hub, and all follow to the next hub when it dies", () => {
    const mesh = new LinksMesh({ ids: NINE, options: { kind: "star" } });
    mesh.runTo(seconds(5));
    mesh.join("J");
    mesh.runTo(seconds(10));
    expect(mesh.nodes.get("J")?.peers).toEqual(["A"]);
    kill(mesh, "A");
    mesh.runTo(seconds(20));
    expect(mesh.nodes.get("B")?.degree).toBe(8);
    expect(mesh.nodes.get("J")?.peers).toEqual(["B"]);
  });

  it("a full mesh's newcomer links to everybody", () => {
    const mesh = new LinksMesh({ ids: NINE, options: { kind: "full" } });
    mesh.runTo(seconds(5));
    mesh.join("J");
    mesh.runTo(seconds(15));
    expect(mesh.nodes.get("J")?.degree).toBe(9);
  });
});

describe("changing the topology", () => {
  const change = (mesh: LinksMesh, topology: (typeof TOPOLOGY_KINDS)[number]) => {
    for (const id of mesh.nodes.keys()) {
      mesh.input(id, { kind: "set-topology", now: mesh.now, topology });
    }
  };
  const shape = (mesh: LinksMesh) =>
    [...mesh.nodes].map(([id, node]) => `${id}:${node.peers.join()}`);

  it("arrives from every shape at the very links a mesh of the new one begins with", () => {
    const kinds = TOPOLOGY_KINDS.filter((kind) => kind !== "custom");
    for (const before of kinds) {
      for (const after of kinds) {
        const mesh = new LinksMesh({ ids: NINE, options: { kind: before } });
        mesh.runTo(seconds(3));
        change(mesh, after);
        mesh.runTo(seconds(15));
        expect(shape(mesh)).toEqual(shape(new LinksMesh({ ids: NINE, options: { kind: after } })));
      }
    }
  });

  it("puts the new links in place before the old ones go", () => {
    const mesh = new LinksMesh({ ids: NINE });
    mesh.runTo(seconds(3));
    change(mesh, "ring");
    for (let step = 0; step < 100; step++) {
      mesh.runTo(mesh.now + ms(50));
      expect(mesh.robustness().components).toBe(1);
    }
    expect(new Set(mesh.degrees())).toEqual(new Set([2]));
  });

  it("to a custom one takes the links given", () => {
    const mesh = new LinksMesh({ ids: [..."ABCD"] });
    mesh.runTo(seconds(3));
    const links = [
      ["A", "B"],
      ["B", "C"],
      ["C", "D"],
      ["D", "A"],
    ] as const;
    for (const id of mesh.nodes.keys()) {
      mesh.input(id, { kind: "set-topology", now: mesh.now, topology: "custom", links });
    }
    mesh.runTo(seconds(20));
    expect(shape(mesh)).toEqual(["A:B,D", "B:A,C", "C:B,D", "D:A,C"]);
  });
});

describe("optimising", () => {
  it("slowly adds a link where a detour shows that a direct one would be better", () => {
    // Two sites; a link across takes 100 ms, inside 2 ms.
    const site = (id: string) => (id < "E" ? "west" : "east");
    const latencyUs = (a: string, b: string) => ms(site(a) === site(b) ? 1 : 50);
    const options = { kind: "ring", optimiseIntervalMs: 10_000 } as const;
    const mesh = new LinksMesh({ ids: [..."ABCDEFGH"], zoneOf: site, latencyUs, options });
    mesh.nodes.forEach((_, id) =>
      mesh.input(id, { kind: "set-topology", now: 0, topology: "small-world" }),
    );
    mesh.runTo(seconds(120));
    expect(mesh.of("link-up").some((one) => one.event.reason === "optimise")).toBe(true);
    expectBounds(mesh);
    expect(mesh.robustness()).toEqual({ components: 1, weak: [] });
  });
});

describe("optimising at the bounds", () => {
  it("never gives up a link that its own minimum needs", () => {
    const latencyUs = (a: string, b: string) => ms(a === "n0" && b === "n1" ? 200 : 1);
    const limits = { minNeighbours: 3, maxNeighbours: 3, optimiseIntervalMs: 5_000 };
    const ids = Array.from({ length: 12 }, (_, i) => `n${i}`);
    const options = { ...limits, kind: "small-world" } as const;
    const mesh = new LinksMesh({ ids, latencyUs, options });
    // The slow link is one of the ring, and detours around it are far quicker.
    expect(mesh.nodes.get("n0")?.peers).toContain("n1");
    mesh.runTo(seconds(120));
    expect(mesh.of("link-down")).toEqual([]);
  });
});

describe("determinism", () => {
  it("same seed, same inputs: the same messages in the same order", () => {
    const run = () => {
      const mesh = new LinksMesh({ ids: NINE, seed: 7 });
      mesh.runTo(seconds(5));
      kill(mesh, "E");
      mesh.join("J");
      mesh.runTo(seconds(30));
      return mesh.sent;
    };
    expect(run()).toEqual(run());
  });
});
