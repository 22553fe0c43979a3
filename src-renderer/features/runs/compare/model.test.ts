import type { MeshEventBody } from "#shared/contract/events.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import type { MeshDescription } from "#shared/contract/description.ts";
import type { MeshListing } from "#shared/contract/protocol.ts";
import { meshOf } from "#shared/testing/meshes.ts";
import { describe, expect, it } from "vitest";
import { describeMesh, listing, STATUS } from "../../../state/testing/fake-host.ts";
import { type DivergenceOptions, firstDivergence, type Side } from "./divergence.ts";
import { compareViews, MAX_KEYS } from "./nodes.ts";
import { choosePair, commonPast, commonSpan } from "./pick.ts";

type Changed = Extract<MeshEventBody, { type: "memory.changed" }>;

const held = (node: string, key: string, ...values: readonly string[]): Changed => ({
  type: "memory.changed",
  node,
  namespace: "notes",
  key,
  values: [...values],
  version: values.join(),
  cause: "write",
});

describe("compareViews", () => {
  it("finds nothing between a mesh and itself", () => {
    const { view } = meshOf(["A", "B"]);
    expect(compareViews(view, view)).toMatchObject({ differing: 0 });
  });

  it("names the fields in which a node differs", () => {
    const a = meshOf(["A", "B"]);
    const b = meshOf(["A", "B"]);
    b.tell({ type: "node.stopped", node: "B", reason: "killed" });
    b.tell({ type: "consensus.role", node: "A", role: "leader", term: 3, reason: "x" });
    const { nodes, differing } = compareViews(a.view, b.view);
    expect(nodes.map(({ node, differing: fields }) => [node, [...fields]])).toEqual([
      ["A", ["role", "term"]],
      ["B", ["health"]],
    ]);
    expect(differing).toBe(2);
  });

  it("tells a node that only one of them has", () => {
    const { nodes } = compareViews(meshOf(["A"]).view, meshOf(["A", "B"]).view);
    expect(nodes[1]).toMatchObject({ node: "B", a: undefined, differs: true });
    expect(nodes[0]?.differs).toBe(false);
  });

  it("compares values without their order, and what is missing with what is not", () => {
    const a = meshOf(["A", "B"]);
    const b = meshOf(["A", "B"]);
    a.tell(held("A", "k", "x", "y"));
    b.tell(held("A", "k", "y", "x"));
    expect(compareViews(a.view, b.view).differing).toBe(0);
    b.tell(held("B", "k", "z"));
    expect(compareViews(a.view, b.view).nodes[1]?.keys).toEqual([
      { namespace: "notes", key: "k", a: undefined, b: ["z"] },
    ]);
  });

  it("takes a deleted key for one that is not there", () => {
    const a = meshOf(["A"]);
    const b = meshOf(["A"]);
    a.tell({ ...held("A", "k"), cause: "delete" });
    expect(compareViews(a.view, b.view).differing).toBe(0);
    b.tell(held("A", "k", "x"));
    expect(compareViews(a.view, b.view).nodes[0]?.keys[0]).toMatchObject({ a: undefined });
  });

  it("bounds the keys it lists and counts the rest", () => {
    const a = meshOf(["A"]);
    for (let at = 0; at < MAX_KEYS + 5; at += 1) a.tell(held("A", `k${at}`, "x"));
    const [node] = compareViews(a.view, meshOf(["A"]).view).nodes;
    expect(node?.keys).toHaveLength(MAX_KEYS);
    expect(node?.moreKeys).toBe(5);
  });
});

const stopped = (seq: number, node: string, at = seq * 10): MeshEvent => ({
  seq,
  at,
  type: "node.paused",
  node,
});
const noise = (seq: number, text: string): MeshEvent => ({
  seq,
  at: seq * 10,
  type: "log",
  node: "A",
  level: "info",
  topic: "t",
  text,
});

function search(
  events: Readonly<Record<Side, readonly MeshEvent[]>>,
  part: Partial<DivergenceOptions> = {},
) {
  return firstDivergence({
    fromSeq: 1,
    until: { a: 1_000, b: 1_000 },
    read: async (side, fromSeq, limit) =>
      events[side].filter(({ seq }) => seq >= fromSeq).slice(0, limit),
    cancelled: () => false,
    pageSize: 2,
    ...part,
  });
}

describe("firstDivergence", () => {
  it("finds the first event that is another one, over pages", async () => {
    const a = [1, 2, 3, 4, 5].map((seq) => stopped(seq, "A"));
    const b = [...a.slice(0, 4), stopped(5, "B")];
    expect(await search({ a, b })).toMatchObject({
      kind: "found",
      a: { seq: 5, node: "A" },
      b: { seq: 5, node: "B" },
      looked: 4,
    });
  });

  it("takes the same event at another time for another one, and other numbers for the same", async () => {
    expect(await search({ a: [stopped(1, "A", 5)], b: [stopped(1, "A", 6)] })).toMatchObject({
      kind: "found",
    });
    expect(await search({ a: [stopped(1, "A", 5)], b: [stopped(7, "A", 5)] })).toMatchObject({
      kind: "same",
    });
  });

  it("passes over log lines", async () => {
    const a = [noise(1, "x"), noise(2, "y"), stopped(3, "A")];
    const b = [noise(1, "z"), stopped(3, "A")];
    expect(await search({ a, b })).toEqual({ kind: "same", at: 30, whole: true, looked: 1 });
  });

  it("does not blame the mesh that has not come that far", async () => {
    const a = [stopped(1, "A")];
    const b = [stopped(1, "A"), stopped(2, "B")];
    expect(await search({ a, b }, { until: { a: 20, b: 99 } })).toMatchObject({ kind: "same" });
    expect(await search({ a, b }, { until: { a: 21, b: 99 } })).toMatchObject({
      kind: "found",
      a: undefined,
      b: { seq: 2 },
    });
  });

  it("says how far it looked when it gave up", async () => {
    const a = Array.from({ length: 9 }, (_, at) => stopped(at + 1, "A"));
    const b = [...a.slice(0, 8), stopped(9, "B")];
    expect(await search({ a, b }, { maxEvents: 6 })).toEqual({
      kind: "same",
      at: 60,
      whole: false,
      looked: 6,
    });
  });

  it("ends when nobody wants to know any more", async () => {
    const a = [stopped(1, "A")];
    expect(await search({ a, b: a }, { cancelled: () => true })).toBeUndefined();
  });
});

const mesh = (id: string, part: Partial<MeshDescription> = {}): MeshListing => ({
  description: describeMesh({ id, ...part }),
  status: STATUS,
});
const fork = (id: string, of: string, seq = 5): MeshListing =>
  mesh(id, { forkedFrom: { mesh: of, seq, at: seq * 10 } });
const ids = (pair: ReturnType<typeof choosePair>) =>
  pair === undefined ? undefined : [pair.a.description.id, pair.b.description.id];
const NONE = { a: undefined, b: undefined };

describe("the pair", () => {
  it("needs two meshes", () => {
    expect(choosePair([], NONE, undefined)).toBeUndefined();
    expect(choosePair([mesh("a")], NONE, "a")).toBeUndefined();
  });

  it("is a fork and its origin before anything else, the shown fork first", () => {
    const all = [mesh("x"), mesh("a"), fork("f", "a"), fork("g", "a")];
    expect(ids(choosePair(all, NONE, "f"))).toEqual(["a", "f"]);
    expect(ids(choosePair(all, NONE, "x"))).toEqual(["a", "g"]);
    expect(ids(choosePair([mesh("x"), mesh("y")], NONE, "x"))).toEqual(["x", "y"]);
  });

  it("is what was chosen, as long as it is open", () => {
    const all = [mesh("x"), mesh("y"), mesh("z")];
    expect(ids(choosePair(all, { a: "z", b: "x" }, "x"))).toEqual(["z", "x"]);
    expect(ids(choosePair(all, { a: "gone", b: "z" }, "x"))).toEqual(["x", "z"]);
  });

  it("knows how far both are the same, whichever is the fork", () => {
    const [a, f, g] = [mesh("a"), fork("f", "a", 5), fork("g", "a", 9)];
    expect(commonPast({ a, b: f })).toEqual({ seq: 5, at: 50 });
    expect(commonPast({ a: f, b: a })).toEqual({ seq: 5, at: 50 });
    expect(commonPast({ a: g, b: f })).toEqual({ seq: 5, at: 50 });
    expect(commonPast({ a, b: mesh("z") })).toBeUndefined();
  });

  it("is compared over the time that both reach", () => {
    const a = listing("a", { at: 90, historyFrom: 10 });
    const b = listing("b", { at: 50, historyFrom: 30 });
    expect(commonSpan({ a, b })).toEqual({ from: 30, to: 50 });
    expect(commonSpan({ a, b: listing("b", { at: 5 }) })).toEqual({ from: 10, to: 10 });
  });
});
