import type { MeshEventBody } from "#shared/contract/events.ts";
import { pbftMesh } from "#shared/testing/agreement.ts";
import { meshOf } from "#shared/testing/meshes.ts";
import { expect, it } from "vitest";
import { invariantSummary } from "./rows.ts";

function find(view: Parameters<typeof invariantSummary>[0], invariant: string) {
  const rows = invariantSummary(view).groups.flatMap((group) => group.rows);
  return rows.find((row) => row.invariant === invariant);
}

const checked = (invariant: string, checks: number, violations = 0): MeshEventBody => ({
  type: "invariants.checked",
  checks: [{ invariant, checks, violations }],
});

const broken = (invariant: string, message: string): MeshEventBody => ({
  type: "invariant.violated",
  invariant,
  message,
  nodes: ["A"],
});

it("shows what nobody told of as unknown, never as held", () => {
  const { view } = meshOf(["A"]);
  expect(invariantSummary(view)).toMatchObject({ checked: 0, checks: 0, broken: 0 });
  expect(find(view, "election-safety")).toMatchObject({ state: "unknown", checks: undefined });
  expect(find(view, "node-does-not-fail")?.state).toBe("unknown");
});

it("holds what was looked at and not broken; a count of none is not a look", () => {
  const { view, tell } = meshOf(["A"]);
  tell(checked("election-safety", 12));
  tell(checked("log-matching", 0));
  expect(find(view, "election-safety")).toMatchObject({ state: "held", checks: 12 });
  expect(find(view, "log-matching")).toMatchObject({ state: "unknown", checks: undefined });
  expect(find(view, "node-does-not-fail")?.state).toBe("watched");
  expect(invariantSummary(view)).toMatchObject({ checked: 1, checks: 12, broken: 0 });
});

it("tells a violation at once, before any total, and leads to the newest", () => {
  const { view, tell } = meshOf(["A", "B"]);
  tell(broken("log-matching", "first"), 100);
  tell(broken("log-matching", "second"), 200);
  expect(find(view, "log-matching")).toMatchObject({
    state: "broken",
    checks: undefined,
    violations: 2,
    last: { message: "second", at: 200 },
  });
});

it("counts violations that were too many to be told one by one", () => {
  const { view, tell } = meshOf(["A"]);
  tell(broken("conservation", "x"));
  tell(checked("conservation", 40, 7));
  expect(find(view, "conservation")).toMatchObject({ state: "broken", checks: 40, violations: 7 });
});

it("shows a promise that it has no words for under its own name", () => {
  const { view, tell } = meshOf(["A"]);
  tell(checked("from-the-future", 3));
  const other = invariantSummary(view).groups.at(-1);
  expect(other).toMatchObject({
    id: "other",
    rows: [{ invariant: "from-the-future", known: false }],
  });
});

it("shows what is broken first, and only there", () => {
  const { view, tell } = meshOf(["A"]);
  tell(broken("log-matching", "x"));
  const { groups } = invariantSummary(view);
  expect(groups[0]).toMatchObject({ id: "broken", rows: [{ invariant: "log-matching" }] });
  const all = groups.flatMap(({ rows }) => rows.map(({ invariant }) => invariant));
  expect(all.filter((invariant) => invariant === "log-matching")).toHaveLength(1);
});

it("says of another protocol's promises that they are not checked here, and of these that they may be", () => {
  const { view } = pbftMesh([..."ABCD"]);
  const elsewhere = (id: string) =>
    invariantSummary(view).groups.find((group) => group.id === id)?.elsewhere;
  expect(elsewhere("raft")).toBe(true);
  expect(elsewhere("pbft")).toBe(false);
  expect(invariantSummary(view).groups.at(-1)?.id).toBe("raft");
  const unknown = invariantSummary(meshOf(["A"]).view).groups;
  expect(unknown.some((group) => group.elsewhere)).toBe(false);
});
