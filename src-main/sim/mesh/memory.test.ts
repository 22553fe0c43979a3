import { describe, expect, it } from "vitest";
import type { MeshCommand } from "#shared/contract/commands.ts";
import type { MeshEvent, MeshEventOf, MeshEventType } from "#shared/contract/events.ts";
import { type MeshOptionsInput, meshOptionsSchema } from "#shared/contract/mesh-options.ts";
import { seconds } from "#main/kernel/time.ts";
import { meshFactory } from "../mesh-factory.ts";
import { SimMesh } from "./sim-mesh.ts";

const NAMESPACES = [
  { name: "last", mode: "lww" },
  { name: "all", mode: "register" },
  { name: "sum", mode: "counter" },
  { name: "tags", mode: "set" },
] as const;

/** A mesh of real nodes with a memory, driven by hand. */
class Run {
  readonly events: MeshEvent[] = [];
  readonly mesh: SimMesh;

  constructor(options: MeshOptionsInput = {}) {
    const base = { nodes: 5, topology: { kind: "full" }, memory: { namespaces: [...NAMESPACES] } };
    this.mesh = new SimMesh(meshOptionsSchema.parse({ ...base, ...options }), {
      factory: meshFactory,
      sink: (event) => this.events.push(event),
    });
  }

  to(second: number): void {
    this.mesh.runUntil(seconds(second));
  }

  do(command: MeshCommand): string {
    return this.mesh.execute(command, "test").created ?? "";
  }

  write(node: string, namespace: string, key: string, value: string): string {
    return this.do({ type: "memory.write", node, namespace, key, value });
  }

  read(node: string, namespace: string, key: string): MeshEventOf<"request.answered"> {
    const consistency = "linearizable";
    return this.answer(this.do({ type: "memory.read", node, namespace, key, consistency }));
  }

  answer(request: string): MeshEventOf<"request.answered"> {
    const answer = this.all("request.answered").find((event) => event.request === request);
    if (answer === undefined) {
      throw new Error(`${request} has no answer`);
    }
    return answer;
  }

  all<T extends MeshEventType>(type: T): MeshEventOf<T>[] {
    return this.events.filter((event) => event.type === type) as MeshEventOf<T>[];
  }

  /** What each node held last under a key, as the events tell. */
  held(key: string): Record<string, readonly string[]> {
    const held: Record<string, readonly string[]> = {};
    for (const event of this.all("memory.changed")) {
      if (event.key === key) {
        held[event.node] = event.values;
      }
    }
    return held;
  }

  expectPeace(): void {
    this.mesh.checkQuiescence();
    expect(this.all("invariant.violated")).toEqual([]);
  }
}

function everywhere(nodes: string, values: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries([...nodes].map((node) => [node, values]));
}

describe("writes in a healthy mesh", () => {
  it("reach all nodes, are answered with their price, and can be looked into", () => {
    const run = new Run();
    run.to(5);
    const request = run.write("A", "last", "k", "v");
    run.to(6);
    expect(run.answer(request)).toMatchObject({ code: "ok", value: "v", node: "A" });
    expect(run.answer(request).tookUs).toBeGreaterThan(0);
    expect(run.held("k")).toEqual(everywhere("ABCDE", ["v"]));
    const { memory, memorySkipped } = run.mesh.inspect("E", undefined, 10);
    expect(memory).toMatchObject([{ namespace: "last", mode: "lww", key: "k", values: ["v"] }]);
    expect(memorySkipped).toBe(0);
    run.expectPeace();
  });

  it("to one key at two nodes within the latency give siblings, and the next write resolves them", () => {
    const run = new Run();
    run.to(5);
    run.write("A", "all", "k", "one");
    run.write("B", "all", "k", "two");
    run.to(10);
    expect(run.held("k")).toEqual(everywhere("ABCDE", ["one", "two"]));
    expect(run.read("C", "all", "k")).toMatchObject({ code: "ok", siblings: ["one", "two"] });
    run.write("D", "all", "k", "both");
    run.to(15);
    expect(run.held("k")).toEqual(everywhere("ABCDE", ["both"]));
    run.expectPeace();
  });

  it("answer a linearizable read with what the node has, and say that it may be old", () => {
    const run = new Run();
    run.to(5);
    run.write("A", "sum", "k", "3");
    run.to(6);
    const answer = run.read("B", "sum", "k");
    expect(answer).toMatchObject({ code: "ok", value: "3", stale: true });
    expect(answer.message).toMatch("not strong");
    expect(run.read("B", "sum", "nothing")).toMatchObject({ code: "not-found", stale: true });
  });
});

describe("a mesh in two parts", () => {
  it("takes writes on the majority's side only, and converges after the healing", () => {
    const run = new Run();
    run.to(5);
    run.write("A", "sum", "k", "1");
    run.to(10);
    run.do({
      type: "network.partition",
      groups: [
        ["A", "B"],
        ["C", "D", "E"],
      ],
    });
    // Until the cut is noticed both sides write.
    run.write("A", "sum", "k", "10");
    run.write("C", "sum", "k", "100");
    run.to(60);
    for (const namespace of ["last", "all", "sum", "tags"]) {
      expect(() => run.write("B", namespace, "k", "1")).toThrow("read-only");
      const deletion = { type: "memory.delete", node: "A", namespace, key: "k" } as const;
      expect(() => run.do(deletion)).toThrow("read-only");
    }
    run.write("D", "sum", "k", "1000");
    run.to(61);
    expect(run.read("B", "sum", "k")).toMatchObject({ value: "11", stale: true });
    expect(run.read("E", "sum", "k")).toMatchObject({ value: "1101" });
    run.do({ type: "fault.clearAll" });
    run.to(140);
    expect(run.held("k")).toEqual(everywhere("ABCDE", ["1111"]));
    expect(run.all("memory.exchange").some(({ differing }) => differing > 0)).toBe(true);
    run.expectPeace();
  });

  it("keeps what both sides wrote to a register before they noticed", () => {
    const run = new Run();
    run.to(10);
    run.do({
      type: "network.partition",
      groups: [
        ["A", "B"],
        ["C", "D", "E"],
      ],
    });
    run.write("A", "all", "k", "left");
    run.write("C", "all", "k", "right");
    run.write("A", "last", "l", "left");
    run.to(11);
    run.write("C", "last", "l", "right");
    run.to(60);
    expect(run.held("k")).toMatchObject({ B: ["left"], E: ["right"] });
    run.do({ type: "fault.clearAll" });
    run.to(140);
    expect(run.held("k")).toEqual(everywhere("ABCDE", ["left", "right"]));
    expect(run.held("l")).toEqual(everywhere("ABCDE", ["right"]));
    run.expectPeace();
  });
});

describe("nodes that come and go", () => {
  it("find what they missed, with their disk or without, and what was deleted stays so", () => {
    const run = new Run();
    run.to(5);
    run.write("A", "tags", "k", "x");
    run.write("A", "last", "gone", "v");
    run.to(6);
    run.do({ type: "node.kill", nodes: ["D", "E"] });
    run.write("B", "tags", "k", "y");
    run.do({ type: "memory.delete", node: "B", namespace: "last", key: "gone" });
    run.to(20);
    run.do({ type: "node.restart", nodes: ["D"], disk: "keep" });
    run.do({ type: "node.restart", nodes: ["E"], disk: "wipe" });
    run.to(80);
    expect(run.held("k")).toEqual(everywhere("ABCDE", ['["x","y"]']));
    expect(run.held("gone")).toEqual(everywhere("ABCDE", []));
    run.write("E", "tags", "k", "-x");
    run.to(90);
    expect(run.held("k")).toEqual(everywhere("ABCDE", ['["y"]']));
    run.expectPeace();
  });

  it("learn of namespaces that were defined before they started", () => {
    const run = new Run({ memory: {} });
    run.to(5);
    const early = run.answer(run.write("A", "late", "k", "1"));
    expect(early).toMatchObject({ code: "not-found", message: expect.stringMatching("define it") });
    run.do({ type: "node.kill", nodes: ["B"] });
    run.do({ type: "memory.namespace", namespace: "late", mode: "counter" });
    run.write("A", "late", "k", "1");
    run.do({ type: "node.restart", nodes: ["B"], disk: "wipe" });
    run.do({ type: "node.add", node: "new" });
    run.to(100);
    run.write("new", "late", "k", "1");
    run.write("B", "late", "k", "1");
    run.to(110);
    expect(new Set(Object.values(run.held("k")).map(String))).toEqual(new Set(["3"]));
    expect(new Set(run.all("memory.namespace").map((event) => event.node)).size).toBe(6);
    run.expectPeace();
  });
});

describe("namespaces", () => {
  const define = (namespace: string, mode: "strong" | "lww" | "counter"): MeshCommand => {
    return { type: "memory.namespace", namespace, mode };
  };

  it("keep their mode", () => {
    const run = new Run();
    run.to(1);
    expect(() => run.do(define("last", "counter"))).toThrow("as lww");
    expect(run.do(define("last", "lww"))).toBe("");
  });

  it("are strong only where there is agreement", () => {
    const run = new Run({ memory: { namespaces: [{ name: "s", mode: "strong" }] } });
    run.to(1);
    expect(() => run.do(define("other", "strong"))).toThrow("agreement");
    expect(() => run.write("A", "s", "k", "v")).toThrow("no agreement protocol");
  });

  it("go through the agreed log where they are strong, and merge where they are not", () => {
    const run = new Run({
      consensus: { kind: "raft" },
      memory: { namespaces: [{ name: "s", mode: "strong" }, ...NAMESPACES] },
    });
    run.to(5);
    const strong = run.do({ type: "memory.write", namespace: "s", key: "k", value: "v" });
    const eventual = run.write("B", "last", "k", "w");
    run.to(8);
    expect(run.answer(strong)).toMatchObject({ code: "ok", index: expect.any(Number) });
    expect(run.answer(eventual)).not.toHaveProperty("index");
    const { memory } = run.mesh.inspect("D", undefined, 10);
    expect(memory.map(({ namespace, values }) => [namespace, ...values])).toEqual([
      ["last", "w"],
      ["s", "v"],
    ]);
    run.expectPeace();
  });

  it("refuse what their mode cannot do", () => {
    const run = new Run();
    run.to(5);
    expect(() => run.write("A", "sum", "k", "many")).toThrow("integer");
    const swap = { type: "memory.write", node: "A", namespace: "last", key: "k" } as const;
    expect(() => run.do({ ...swap, value: "b", expect: "a" })).toThrow("strong");
  });

  it("twice of one name are refused before the mesh starts", () => {
    const twice = [NAMESPACES[0], NAMESPACES[0]];
    expect(() => new Run({ memory: { namespaces: twice } })).toThrow("defined twice");
  });
});

describe("time to live", () => {
  it("ends on every node, also on one that was away", () => {
    const run = new Run();
    run.to(5);
    const key = { namespace: "last", key: "k" };
    run.do({ type: "memory.write", node: "A", ...key, value: "v", ttlMs: 10_000 });
    run.to(6);
    expect(run.held("k")).toEqual(everywhere("ABCDE", ["v"]));
    run.do({ type: "node.kill", nodes: ["E"] });
    run.to(14);
    expect(run.held("k")).toEqual(everywhere("ABCDE", ["v"]));
    run.to(16);
    expect(run.held("k")).toMatchObject(everywhere("ABCD", []));
    run.do({ type: "node.restart", nodes: ["E"], disk: "keep" });
    run.to(60);
    expect(run.held("k")).toEqual(everywhere("ABCDE", []));
    run.expectPeace();
  });
});

describe("a mesh without namespaces", () => {
  it("pays nothing for having a memory", () => {
    const run = new Run({ memory: {} });
    run.to(30);
    const names: string[] = [];
    for (let serial = 0; serial < run.mesh.nextSerial; serial++) {
      names.push(run.mesh.message(serial).name);
    }
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name) => name.startsWith("memory"))).toEqual([]);
  });
});
