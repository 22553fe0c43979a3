import { beforeAll, describe, expect, it } from "vitest";
import { meshOptionsSchema, type MeshOptionsInput } from "#shared/contract/mesh-options.ts";
import type { MeshEvent, MeshEventOf, MeshEventType } from "#shared/contract/events.ts";
import type { MeshCommand } from "#shared/contract/commands.ts";
import { seconds } from "#main/kernel/time.ts";
import { meshFactory } from "../mesh-factory.ts";
import { SimMesh } from "./sim-mesh.ts";

/** A mesh of real nodes, driven by hand. */
class Run {
  readonly events: MeshEvent[] = [];
  readonly mesh: SimMesh;

  constructor(options: MeshOptionsInput) {
    this.mesh = new SimMesh(meshOptionsSchema.parse(options), {
      factory: meshFactory,
      sink: (event) => this.events.push(event),
    });
  }

  to(second: number): void {
    this.mesh.runUntil(seconds(second));
  }

  do(command: MeshCommand): void {
    this.mesh.execute(command, "test");
  }

  all<T extends MeshEventType>(type: T): MeshEventOf<T>[] {
    return this.events.filter((event) => event.type === type) as MeshEventOf<T>[];
  }
}

describe("the demo mesh loses E and gets it back", () => {
  let run: Run;

  beforeAll(() => {
    run = new Run({});
    run.to(20);
    run.do({ type: "node.kill", nodes: ["E"] });
    run.to(60);
    run.do({ type: "node.restart", nodes: ["E"], disk: "keep" });
    run.to(100);
  });

  it("suspects it, and confirms its failure at every other node with five of nine", () => {
    const confirmed = run.all("member.confirmed");
    expect(confirmed.map((event) => event.node).sort()).toEqual([..."ABCDFGHI"]);
    for (const event of confirmed) {
      expect(event).toMatchObject({ member: "E", needed: 5, of: 9 });
      expect(new Set(event.observers).size).toBeGreaterThanOrEqual(5);
      expect(event.observers).not.toContain("E");
    }
  });

  it("comes back with a higher incarnation, known by all", () => {
    expect(run.all("node.started").at(-1)).toMatchObject({ node: "E", incarnation: 1 });
    const last = new Map<string, MeshEventOf<"member.state">>();
    for (const event of run.all("member.state").filter((state) => state.member === "E")) {
      last.set(event.node, event);
    }
    expect(last.size).toBe(8);
    for (const event of last.values()) {
      expect(event).toMatchObject({ state: "alive", incarnation: 1 });
    }
  });

  it("judges the majority over the whole membership, never over the part read so far", () => {
    const modes = run.all("partition.mode").filter((event) => event.mode === "read-write");
    expect(modes.map((event) => event.node).sort()).toEqual([..."ABCDEEFGHI"]);
    for (const { of, needed } of modes) {
      expect({ of, needed }).toEqual({ of: 9, needed: 5 });
    }
  });

  it("ends with three to five links at every node, agreed by both ends", () => {
    const up = new Map<string, Set<string>>();
    for (const event of run.events) {
      if (event.type === "link.up") {
        const peers = up.get(event.node) ?? new Set();
        up.set(event.node, peers.add(event.peer));
      } else if (event.type === "link.down") {
        up.get(event.node)?.delete(event.peer);
      } else if (event.type === "node.stopped") {
        up.delete(event.node);
      }
    }
    expect(up.size).toBe(9);
    for (const [node, peers] of up) {
      expect(peers.size, node).toBeGreaterThanOrEqual(3);
      expect(peers.size, node).toBeLessThanOrEqual(5);
      for (const peer of peers) {
        expect(up.get(peer)?.has(node), `${node}-${peer}`).toBe(true);
      }
    }
  });

  it("ends with equal digests everywhere and no invariant violated", () => {
    const digests = new Map<string, string>();
    for (const event of run.all("state.digest")) {
      digests.set(event.node, `${event.members}/${event.rumours}`);
    }
    expect(digests.size).toBe(9);
    expect(new Set(digests.values()).size).toBe(1);
    run.mesh.checkQuiescence();
    expect(run.all("invariant.violated")).toEqual([]);
  });
});

describe.each(["heartbeat", "phi", "swim"] as const)("a paused node, %s", (detector) => {
  it("suspects nobody when it goes on, and is the only one that has to refute", () => {
    const run = new Run({ membership: { detector } });
    run.to(20);
    run.do({ type: "node.pause", nodes: ["H"] });
    run.to(32);
    run.do({ type: "node.resume", nodes: ["H"] });
    run.to(60);
    const suspicions = run.all("member.state").filter((event) => event.state === "suspect");
    expect(suspicions.map((event) => event.member)).toContain("H");
    expect(new Set(suspicions.map((event) => event.member))).toEqual(new Set(["H"]));
    expect(new Set(run.all("member.refuted").map((event) => event.node))).toEqual(new Set(["H"]));
    expect(run.all("invariant.violated")).toEqual([]);
  });
});

describe("an isolated node that restarts", () => {
  function isolated(disk: "keep" | "wipe"): Run {
    const run = new Run({});
    run.to(20);
    run.do({ type: "network.partition", groups: [["H"], [..."ABCDEFGI"]] });
    run.do({ type: "node.kill", nodes: ["H"] });
    run.to(21);
    run.do({ type: "node.restart", nodes: ["H"], disk });
    return run;
  }

  function modes(run: Run): readonly MeshEventOf<"partition.mode">[] {
    return run.all("partition.mode").filter(({ node, at }) => node === "H" && at > seconds(20));
  }

  it("with its disk counts all it belonged to, and stays read-only until it is back", () => {
    const run = isolated("keep");
    run.to(200);
    expect(modes(run).map(({ mode }) => mode)).toEqual(["read-only"]);
    const [suspected] = run.all("partition.suspected").filter(({ node }) => node === "H");
    expect(suspected).toMatchObject({ reachable: 1, of: 9 });
    expect(run.all("member.confirmed").filter(({ node }) => node === "H")).toEqual([]);
    run.do({ type: "fault.clearAll" });
    run.to(300);
    expect(modes(run).at(-1)).toMatchObject({ mode: "read-write", reachable: 9, of: 9 });
    run.mesh.checkQuiescence();
    expect(run.all("invariant.violated")).toEqual([]);
  });

  it("with a wiped disk is a joiner that counts nobody, and as little may it write", () => {
    const run = isolated("wipe");
    run.to(200);
    expect(modes(run)).toMatchObject([{ mode: "read-only", reason: "not-a-member", of: 0 }]);
    run.do({ type: "fault.clearAll" });
    run.to(300);
    expect(modes(run).at(-1)).toMatchObject({ mode: "read-write", reachable: 9, of: 9 });
    expect(run.all("invariant.violated")).toEqual([]);
  });

  it("may write at once when it is not isolated, without a word of a lost majority", () => {
    const run = new Run({});
    run.to(20);
    run.do({ type: "node.kill", nodes: ["H"] });
    run.to(21);
    run.do({ type: "node.restart", nodes: ["H"], disk: "keep" });
    run.to(22);
    expect(modes(run).map(({ mode }) => mode)).toEqual(["read-only", "read-write"]);
    expect(run.all("partition.suspected")).toEqual([]);
  });
});
