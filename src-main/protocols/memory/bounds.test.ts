import { describe, expect, it } from "vitest";
import { actorOf } from "#main/kernel/crdt/actor.ts";
import { createRandom } from "#main/kernel/prng.ts";
import { seconds } from "#main/kernel/time.ts";
import { DecodeError } from "#main/kernel/wire.ts";
import { type Cell, mergeCells, type Merged, writeCell } from "./cells/cell.ts";
import { memoryCodec, memoryRecordCodec } from "./codec.ts";
import { beginActor, ownActor, stampOfActor } from "./contributor.ts";
import { Definitions } from "./definitions.ts";
import { MAX_CELL_BYTES, MAX_NAMESPACES, MAX_OWN_SIBLINGS, MAX_VALUE_BYTES } from "./limits.ts";
import { MEMORY_DEFAULTS, validateMemoryOptions } from "./options.ts";
import { packUpdates, sizeOf } from "./packing.ts";
import { decodeWith, encodeWith } from "./strong-command.ts";
import { MemoryMesh } from "./testing/mesh.ts";
import type { MemoryMessage, Update } from "./types.ts";

describe("a read-only side", () => {
  it("refuses every write with its code, reads on, and takes what others wrote", () => {
    const mesh = new MemoryMesh("AB");
    mesh.write("A", "sum/k", "1");
    mesh.runFor(100);
    mesh.input("A", { kind: "writable", now: mesh.now, writable: false });
    for (const path of ["last/k", "all/k", "sum/k", "tags/k"]) {
      expect(mesh.write("A", path, "1").code).toBe("read-only");
      expect(mesh.delete("A", path).code).toBe("read-only");
    }
    expect(mesh.define("A", "new", "lww").code).toBe("read-only");
    mesh.write("B", "sum/k", "1");
    mesh.runFor(1_000);
    expect(mesh.shown("sum/k")).toEqual({ A: "2", B: "2" });
    mesh.input("A", { kind: "writable", now: mesh.now, writable: true });
    expect(mesh.write("A", "sum/k", "1")).toEqual({ code: "ok", values: ["3"] });
  });
});

describe("what a node takes", () => {
  it("ends with its keys: one more is busy, those that are there can be written and deleted", () => {
    const mesh = new MemoryMesh("AB", { options: { maxKeys: 10 } });
    for (let i = 0; i < 10; i++) {
      expect(mesh.write("A", `last/k${i}`, "v").code).toBe("ok");
    }
    expect(mesh.write("A", "sum/one", "1").code).toBe("busy");
    expect(mesh.write("A", "last/k3", "w").code).toBe("ok");
    expect(mesh.delete("A", "last/k3").code).toBe("ok");
    // The certificate takes the key's place until it is over.
    expect(mesh.write("A", "sum/one", "1").code).toBe("busy");
    expect(mesh.write("A", "last/k3", "again").code).toBe("ok");
  });

  it("ends with its bytes", () => {
    const mesh = new MemoryMesh("A", { options: { maxBytes: 40_000 } });
    const large = "x".repeat(MAX_VALUE_BYTES);
    expect(mesh.write("A", "last/a", large).code).toBe("ok");
    expect(mesh.write("A", "last/b", large).code).toBe("ok");
    expect(mesh.write("A", "last/c", large).code).toBe("busy");
    expect(mesh.write("A", "last/a", "small").code).toBe("ok");
    expect(mesh.write("A", "last/c", large).code).toBe("ok");
  });

  it("is counted where it is refused to a peer, which keeps its own", () => {
    const mesh = new MemoryMesh("AB", { options: { maxKeys: 10 } });
    mesh.cut();
    for (let i = 0; i < 10; i++) {
      mesh.write("A", `last/a${i}`, "v");
      mesh.write("B", `last/b${i}`, "v");
    }
    mesh.heal();
    mesh.runFor(20_000);
    expect(mesh.nodes.get("A")?.keys).toBe(10);
    expect(mesh.nodes.get("B")?.keys).toBe(10);
    expect(mesh.of("dropped", "A").map(({ event }) => event.reason)).toContain("full");
  });

  it("is text within its bounds", () => {
    const mesh = new MemoryMesh("A");
    expect(mesh.write("A", "last/k", "x".repeat(MAX_VALUE_BYTES + 1)).code).toBe("too-large");
    expect(mesh.write("A", "last/k", "\ud800").code).toBe("too-large");
    expect(mesh.write("A", `last/${"k".repeat(513)}`, "v").code).toBe("too-large");
    expect(mesh.write("A", "last/", "v").code).toBe("too-large");
    expect(mesh.write("A", "tags/k", "x".repeat(1_025)).code).toBe("too-large");
    for (const value of ["", "0", "1.5", "1e3", "many", "9".repeat(16)]) {
      expect(mesh.write("A", "sum/k", value).code).toBe("bad-request");
    }
    expect(mesh.write("A", "tags/k", "-").code).toBe("bad-request");
    expect(mesh.write("A", "nowhere/k", "v").code).toBe("not-found");
    expect(mesh.delete("A", "last/k").code).toBe("not-found");
  });

  it("of one set ends well before its messages would be too large", () => {
    const mesh = new MemoryMesh("AB");
    let taken = 0;
    while (taken < 100 && mesh.write("A", "tags/k", `${taken}`.padEnd(1_000, "x")).code === "ok") {
      taken++;
    }
    expect(taken).toBeGreaterThan(20);
    expect(taken * 1_000).toBeLessThan(MAX_CELL_BYTES);
    mesh.runFor(5_000);
    expect(mesh.shown("tags/k")["A"]).toBe(mesh.shown("tags/k")["B"]);
    expect(mesh.write("A", "tags/k", `-${"0".padEnd(1_000, "x")}`).code).toBe("ok");
  });

  it("of one register is bounded by what anybody can look at", () => {
    let cell: Cell | null = null;
    const write = (self: string, mine: Cell | null): ReturnType<typeof writeCell> => {
      const stamp = { at: 5, node: self };
      const order = { self, life: 1, value: self, stamp, floor: null, expiresAt: null };
      return writeCell("register", mine, order);
    };
    for (let i = 0; i <= MAX_OWN_SIBLINGS; i++) {
      const written = write(`n${i}`, null);
      const delta = "delta" in written ? written.delta : null;
      expect(write("last", cell)).not.toHaveProperty("refusal");
      const merged: Merged | null = delta === null ? null : mergeCells("register", cell, delta);
      cell = merged?.kind === "merged" ? merged.cell : null;
    }
    expect(write("last", cell)).toMatchObject({ refusal: { code: "too-large" } });
  });

  it("before it has started, is nothing", () => {
    const mesh = new MemoryMesh("A");
    expect(mesh.nodes.get("A")?.entries(0)).toEqual({ entries: [], skipped: 0 });
    mesh.write("A", "last/b", "v");
    mesh.write("A", "sum/a", "1");
    expect(mesh.nodes.get("A")?.entries(1)).toMatchObject({
      entries: [{ namespace: "last", key: "b", mode: "lww", values: ["v"] }],
      skipped: 1,
    });
  });
});

describe("a peer that floods or lies", () => {
  const open = (exchange: number): MemoryMessage => ({
    kind: "merkle",
    message: {
      type: "open",
      exchange,
      tree: { range: "last", width: 16, depth: 3, hashFormat: 1, valueFormat: 2 },
      root: new Uint8Array(32),
    },
  });

  it("gets a few exchanges at a time and then busy", () => {
    const mesh = new MemoryMesh("AB");
    mesh.sent.length = 0;
    for (let i = 0; i < 100; i++) {
      mesh.input("A", { kind: "message", now: mesh.now, from: "B", message: open(i) });
    }
    const refusals = mesh.sent.filter(
      ({ message }) => message.kind === "merkle" && message.message.type === "refused",
    );
    expect(refusals).toHaveLength(96);
    mesh.runFor(30_000);
    mesh.sent.length = 0;
    mesh.input("A", { kind: "message", now: mesh.now, from: "B", message: open(1_000) });
    expect(mesh.sent[0]?.message).toMatchObject({ message: { type: "nodes" } });
  });

  it("cannot fill a memory beyond its limit", () => {
    const mesh = new MemoryMesh("A", { options: { maxKeys: 100 } });
    for (let i = 0; i < 500; i++) {
      const write = { stamp: { at: 0, node: "B" }, value: new Uint8Array(1) };
      const cell = { floor: null, expiry: null, state: write };
      const update: Update = {
        namespace: "last",
        mode: "lww",
        key: `k${i}`,
        content: { kind: "value", cell },
      };
      const message: MemoryMessage = { kind: "repair", updates: [update] };
      mesh.input("A", { kind: "message", now: mesh.now, from: "B", message });
    }
    expect(mesh.nodes.get("A")?.keys).toBe(100);
    expect(mesh.of("dropped").map(({ event }) => event.count)).toEqual([1, 10, 100]);
  });

  it("cannot win with a time that has not come, or with a value that is none", () => {
    const mesh = new MemoryMesh("A");
    mesh.write("A", "last/k", "mine");
    for (const stamp of [seconds(61), seconds(1e9)]) {
      const write = { stamp: { at: mesh.now + stamp, node: "B" }, value: new Uint8Array(1) };
      give(mesh, { floor: null, expiry: null, state: write });
    }
    give(mesh, { floor: null, expiry: null, state: { stamp: { at: 5, node: "B" }, value: null } });
    expect(mesh.same("last/k")).toBe("mine");
    expect(mesh.of("dropped").map(({ event }) => event.reason)).toEqual(["early", "violation"]);
  });

  function give(
    mesh: MemoryMesh,
    cell: Extract<Update["content"], { kind: "value" }>["cell"],
  ): void {
    const update: Update = {
      namespace: "last",
      mode: "lww",
      key: "k",
      content: { kind: "value", cell },
    };
    const message: MemoryMessage = { kind: "repair", updates: [update] };
    mesh.input("A", { kind: "message", now: mesh.now, from: "B", message });
  }
});

describe("messages", () => {
  it("that are damaged are refused by the codec, or are other messages; never more", () => {
    const mesh = new MemoryMesh("ABC");
    mesh.drop = (from, _to, message) => from === "B" && message.kind === "push";
    for (const path of ["last/k", "all/k", "sum/k", "tags/k"]) {
      mesh.write("A", path, "1");
      mesh.write("B", path, "2", 60_000);
    }
    mesh.delete("A", "last/k");
    mesh.runFor(5_000);
    const random = createRandom(3);
    const kinds = new Set<string>();
    for (const { message } of mesh.sent) {
      kinds.add(message.kind);
      const bytes = encodeWith(memoryCodec, message);
      expect(encodeWith(memoryCodec, decodeWith(memoryCodec, bytes))).toEqual(bytes);
      for (let i = 0; i < 20; i++) {
        const bad = bytes.slice(0, random.int(2) === 0 ? bytes.length : random.int(bytes.length));
        bad[random.int(bad.length + 1)] = random.int(256);
        expect(() => tryDecode(bad)).not.toThrow();
      }
    }
    expect([...kinds].sort()).toEqual(["ack", "merkle", "push", "repair", "roots"]);
  });

  it("carry as many updates as fit, a large one alone", () => {
    const update = (key: string, bytes: number): Update => {
      const state = { stamp: { at: 1, node: "A" }, value: new Uint8Array(bytes) };
      const content = { kind: "value", cell: { floor: null, expiry: null, state } } as const;
      return { namespace: "n", mode: "lww", key, content };
    };
    const updates = Array.from({ length: 700 }, (_, i) =>
      update(`k${i}`, i % 50 === 0 ? 16_000 : 4),
    );
    const packs = packUpdates(updates);
    expect(packs.flat()).toEqual(updates);
    for (const pack of packs) {
      expect(pack.length).toBeLessThanOrEqual(256);
      expect(sizeOf({ kind: "repair", updates: pack })).toBeLessThanOrEqual(61 * 1_024);
    }
    expect(packs.length).toBeLessThan(8);
    expect(packUpdates([])).toEqual([]);
  });

  it("have a certificate for the key they name", () => {
    const certificate = { key: "other", stamp: { at: 1, node: "A" }, activatedAt: 1, sites: ["A"] };
    const content = { kind: "certificate", certificate } as const;
    const message: MemoryMessage = {
      kind: "repair",
      updates: [{ namespace: "n", mode: "lww", key: "k", content }],
    };
    expect(() => decodeWith(memoryCodec, encodeWith(memoryCodec, message))).toThrow(DecodeError);
    const record = { definitions: [], updates: message.updates };
    expect(() => decodeWith(memoryRecordCodec, encodeWith(memoryRecordCodec, record))).toThrow(
      "another key",
    );
  });

  function tryDecode(bytes: Uint8Array): void {
    try {
      decodeWith(memoryCodec, bytes);
    } catch (error) {
      if (!(error instanceof DecodeError)) {
        throw error;
      }
    }
  }
});

describe("namespaces", () => {
  it("spread to all, with late comers; of two modes the earlier definition holds everywhere", () => {
    const mesh = new MemoryMesh("ABCD", { options: { namespaces: [] } });
    mesh.cut("AB", "CD");
    expect(mesh.define("A", "n", "counter").code).toBe("ok");
    mesh.runFor(100);
    expect(mesh.define("C", "n", "set").code).toBe("ok");
    mesh.write("A", "n/k", "1");
    mesh.write("C", "n/k", "x");
    mesh.runFor(3_000);
    expect(mesh.shown("n/k")).toEqual({ A: "1", B: "1", C: '["x"]', D: '["x"]' });
    mesh.heal();
    mesh.runFor(20_000);
    expect(mesh.same("n/k")).toBe("1");
    expect(mesh.of("namespace", "D").map(({ event }) => event.mode)).toEqual(["set", "counter"]);
    expect(mesh.write("D", "n/k", "1").values).toEqual(["2"]);
    mesh.stop("D");
    mesh.boot("D");
    expect(mesh.shown("n/k")["D"]).toBe("2");
    expect(mesh.define("B", "n", "counter").code).toBe("ok");
    expect(mesh.define("B", "n", "lww").code).toBe("conflict");
  });

  it("are bounded, and of several definitions for one the smallest stamp holds", () => {
    const definitions = new Definitions();
    const stamp = { at: 5, node: "B" };
    for (let i = 0; i < MAX_NAMESPACES; i++) {
      expect(definitions.add({ namespace: `n${i}`, mode: "lww", stamp }).kind).toBe("new");
    }
    expect(definitions.add({ namespace: "more", mode: "lww", stamp }).kind).toBe("full");
    const change = (at: number, node: string, mode: "lww" | "set"): string =>
      definitions.add({ namespace: "n0", mode, stamp: { at, node } }).kind;
    expect(change(5, "C", "set")).toBe("known");
    expect(change(5, "A", "lww")).toBe("older");
    expect(change(4, "Z", "set")).toBe("mode");
    expect(definitions.get("n0")).toMatchObject({ mode: "set", stamp: { at: 4, node: "Z" } });
  });
});

describe("the name of a contribution", () => {
  it("tells its beginning, and another life never has the same", () => {
    const names = new Set<string>();
    for (let life = 1; life <= 50; life++) {
      for (const at of [0, 1, 999, 1_000, 1_500]) {
        const actor = beginActor({ self: "A", life }, at);
        const { at: begun, node } = stampOfActor(actor);
        expect(node).toBe("A");
        expect(begun).toBeGreaterThanOrEqual(at);
        expect(begun).toBeLessThan(at + 1_000);
        expect(names.has(`${actor} of another`)).toBe(false);
        expect(ownActor({ self: "A", life }, [actor, actorOf("B", begun)])).toBe(actor);
        expect(ownActor({ self: "A", life: life + 1 }, [actor])).toBeNull();
      }
    }
  });
});

describe("options", () => {
  it("are told all their problems at once", () => {
    expect(validateMemoryOptions(MEMORY_DEFAULTS)).toEqual([]);
    const twice = { name: "n", mode: "lww" } as const;
    const bad = { ...MEMORY_DEFAULTS, fanout: 0, maxKeys: 1.5, namespaces: [twice, twice] };
    expect(validateMemoryOptions(bad)).toHaveLength(3);
  });
});
