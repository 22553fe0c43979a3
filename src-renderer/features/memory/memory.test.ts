import { describe, expect, it } from "vitest";
import type { MeshEventBody } from "#shared/contract/events.ts";
import { meshOf, type ToldMesh } from "#shared/testing/meshes.ts";
import { draftCommand, EMPTY_DRAFT, type MemoryDraft } from "./model/draft.ts";
import { answerOf, fateTone, memoryRequests } from "./model/fates.ts";
import { changesOf, groupChanges } from "./model/history.ts";
import { elementsOf, entryRows, keyRows } from "./model/key-rows.ts";
import { createMemoryStore } from "./store.ts";

type Changed = Extract<MeshEventBody, { type: "memory.changed" }>;

function changed(node: string, key: string, values: string[], version = "1"): Changed {
  return { type: "memory.changed", node, namespace: "title", key, values, version, cause: "merge" };
}

function sharing(...changes: readonly Changed[]): ToldMesh {
  const mesh = meshOf([..."ABC"]);
  mesh.tell({ type: "memory.namespace", node: "A", namespace: "title", mode: "register" });
  for (const change of changes) mesh.tell(change);
  return mesh;
}

describe("rows of keys", () => {
  it("show what most running nodes hold, and how many differ or have nothing", () => {
    const { view } = sharing(
      changed("A", "k", ["new"], "2"),
      changed("B", "k", ["new"], "2"),
      changed("C", "k", ["old"], "1"),
      changed("A", "lone", ["x"]),
    );
    expect(keyRows(view, "title", "")).toMatchObject([
      { key: "k", values: ["new"], differing: 1, siblings: false, gone: false },
      { key: "lone", values: ["x"], differing: 2 },
    ]);
  });

  it("do not count nodes that are stopped", () => {
    const { view, tell } = sharing(changed("A", "k", ["x"]), changed("B", "k", ["x"]));
    tell({ type: "node.stopped", node: "C", reason: "killed" });
    expect(keyRows(view, "title", "")).toMatchObject([{ differing: 0 }]);
  });

  it("mark siblings and what is gone, and find keys whatever their case", () => {
    const { view } = sharing(
      changed("A", "Both", ["one", "two"]),
      changed("A", "none", []),
      changed("B", "none", []),
    );
    expect(keyRows(view, "title", "")).toMatchObject([
      { key: "Both", siblings: true },
      { key: "none", gone: true, differing: 0, values: [] },
    ]);
    expect(keyRows(view, "title", "bo").map(({ key }) => key)).toEqual(["Both"]);
    expect(keyRows(view, "elsewhere", "")).toEqual([]);
  });

  it("of one node say nothing of the others", () => {
    const entry = { mode: "register", key: "k", values: ["a", "b"], version: "1" } as const;
    const entries = [
      { ...entry, values: ["a", "b"], namespace: "title" },
      { ...entry, values: ["c"], namespace: "other" },
    ];
    expect(entryRows(entries, "title", "")).toMatchObject([
      { key: "k", siblings: true, differing: undefined },
    ]);
  });

  it("read the elements of a set, and take nothing else for one", () => {
    expect(elementsOf('["a","b"]')).toEqual(["a", "b"]);
    expect(elementsOf("[1]")).toBeUndefined();
    expect(elementsOf("[cut")).toBeUndefined();
    expect(elementsOf("text")).toBeUndefined();
  });
});

describe("the form", () => {
  const draft = (part: Partial<MemoryDraft>): MemoryDraft => ({
    ...EMPTY_DRAFT,
    key: "k",
    ...part,
  });

  it("wants a key", () => {
    expect(draftCommand("n", "lww", EMPTY_DRAFT)).toEqual({ ok: false, problem: "key" });
  });

  it("writes text, with the time to live in milliseconds and through the chosen node", () => {
    const asked = draft({ value: "v", ttlSeconds: "1.5", node: "B" });
    const command = { type: "memory.write", namespace: "n", key: "k", value: "v" };
    expect(draftCommand("n", "lww", asked)).toEqual({
      ok: true,
      command: { ...command, ttlMs: 1_500, node: "B" },
    });
    for (const ttlSeconds of ["0", "-1", "x", "90000"]) {
      expect(draftCommand("n", "lww", draft({ ttlSeconds }))).toEqual({
        ok: false,
        problem: "ttl",
      });
    }
  });

  it("adds integers to counters, and nothing else", () => {
    const added = (value: string) => draftCommand("n", "counter", draft({ value }));
    expect(added("+3")).toMatchObject({ command: { value: "3" } });
    expect(added(" -2 ")).toMatchObject({ command: { value: "-2" } });
    for (const value of ["", "0", "1.5", "two", "9007199254740993"]) {
      expect(added(value)).toEqual({ ok: false, problem: "integer" });
    }
  });

  it("puts elements into sets and takes them out, and never mixes the two up", () => {
    const asked = (part: Partial<MemoryDraft>) => draftCommand("n", "set", draft(part));
    expect(asked({ value: "a" })).toMatchObject({ command: { value: "a" } });
    expect(asked({ value: "a", removes: true })).toMatchObject({ command: { value: "-a" } });
    expect(asked({ value: "-a" })).toEqual({ ok: false, problem: "dash" });
    expect(asked({ value: "" })).toEqual({ ok: false, problem: "element" });
  });

  it("compares in strong namespaces only; an empty expectation counts", () => {
    const asked = draft({ value: "v", compares: true, expect: "" });
    expect(draftCommand("n", "strong", asked)).toMatchObject({ command: { expect: "" } });
    const merged = draftCommand("n", "register", asked);
    expect(merged.ok && "expect" in merged.command).toBe(false);
  });

  it("reads the newest or what the node holds, and deletes", () => {
    expect(draftCommand("n", "strong", draft({ action: "read" }))).toMatchObject({
      command: { type: "memory.read", consistency: "linearizable" },
    });
    expect(
      draftCommand("n", "strong", draft({ action: "read", linearizable: false })),
    ).toMatchObject({ command: { consistency: "local" } });
    expect(draftCommand("n", "set", draft({ action: "delete" }))).toEqual({
      ok: true,
      command: { type: "memory.delete", namespace: "n", key: "k" },
    });
  });

  it("forgets the key of another namespace, and fills in the one that is picked", () => {
    const store = createMemoryStore();
    store.getState().change({ namespace: "a" });
    store.getState().pick("k");
    expect(store.getState()).toMatchObject({ key: "k", draft: { key: "k" } });
    store.getState().change({ namespace: "b" });
    expect(store.getState()).toMatchObject({ key: undefined, draft: { key: "" } });
  });
});

describe("fates", () => {
  const { view, tell } = meshOf([..."A"]);
  const asked = { type: "request.submitted", node: "A", text: "n/k" } as const;
  const answered = { type: "request.answered", node: "A", tookUs: 5 } as const;
  tell({ ...asked, request: "r1", what: "memory.write" });
  tell({ ...asked, request: "r2", what: "consensus.propose" });
  tell({ ...asked, request: "r3", what: "memory.read" });
  tell({ ...asked, request: "r4", what: "memory.read" });
  tell({ ...answered, request: "r1", code: "unknown" });
  tell({ ...answered, request: "r3", code: "ok", siblings: ["a", "b"] });
  tell({ ...answered, request: "r4", code: "read-only" });

  it("are those of the memory alone, newest first", () => {
    expect(memoryRequests(view).map(({ id }) => id)).toEqual(["r4", "r3", "r1"]);
  });

  it("never look like a failure where nobody knows", () => {
    expect(memoryRequests(view).map(fateTone)).toEqual(["degraded", "healthy", "suspect"]);
  });

  it("give all values of a conflict", () => {
    expect(memoryRequests(view).map(answerOf)).toEqual([undefined, ["a", "b"], undefined]);
  });
});

describe("the history of a key", () => {
  const event = (seq: number, change: Changed) => ({ seq, at: seq * 10, ...change });

  it("is picked from all events", () => {
    const events = [
      event(1, changed("A", "k", ["x"])),
      event(2, changed("A", "other", ["x"])),
      { seq: 3, at: 30, type: "node.paused", node: "A" },
      null,
      event(4, changed("B", "k", ["x"])),
    ];
    expect(changesOf(events, "title", "k").map(({ seq }) => seq)).toEqual([1, 4]);
    expect(changesOf(events, "cart", "k")).toEqual([]);
  });

  it("tells in one line how a value went from node to node, newest first", () => {
    const events = [
      event(1, changed("A", "k", ["x"], "1")),
      event(2, changed("B", "k", ["x"], "1")),
      event(3, changed("A", "k", ["y"], "2")),
      event(4, changed("C", "k", ["x"], "1")),
      event(5, changed("A", "k", ["x"], "1")),
    ];
    expect(groupChanges(changesOf(events, "title", "k"))).toMatchObject([
      { seq: 5, values: ["x"], nodes: ["A"] },
      { seq: 3, values: ["y"], nodes: ["A"] },
      { seq: 1, values: ["x"], nodes: ["A", "B", "C"] },
    ]);
  });
});
