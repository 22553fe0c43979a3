import { MeshError } from "#shared/contract/errors.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import { emptyView } from "#shared/view/empty.ts";
import { encodeSnapshot } from "#shared/view/snapshot.ts";
import { describe, expect, it } from "vitest";
import { createConsole } from "../state/console.ts";
import { MeshStore } from "../state/mesh-store.ts";
import { fakeHost } from "../state/testing/fake-host.ts";
import { createTimeTravel } from "./time-travel.ts";

function setUp() {
  const host = fakeHost();
  const mesh = new MeshStore("demo", { request: () => {}, now: () => 0 });
  const console = createConsole();
  console.setState({ mesh });
  const failures: unknown[] = [];
  const time = createTimeTravel(host.client, console, (error) => failures.push(error));
  return { host, mesh, time, failures };
}

function snapshot(seq: number, at: number) {
  return encodeSnapshot({ ...emptyView(), seq, at });
}

const added = (seq: number, at: number, node: string): MeshEvent => ({
  seq,
  at,
  type: "node.added",
  node,
});

describe("looking at the past", () => {
  it("shows the moment that was asked for", async () => {
    const { host, mesh, time } = setUp();
    host.answer("mesh.snapshotAt", snapshot(4, 900));
    await time.lookAt(1_000.4);
    expect(host.asked[0]?.params).toEqual({ mesh: "demo", at: 1_000 });
    expect(mesh.past?.at).toBe(1_000);
    expect(mesh.view.seq).toBe(4);
  });

  it("asks for the first and the last of many wishes only", async () => {
    const { host, mesh, time } = setUp();
    host.answer("mesh.snapshotAt", snapshot(1, 1), snapshot(9, 9));
    await Promise.all([1, 2, 3, 9].map((at) => time.lookAt(at)));
    expect(host.asked.map(({ params }) => (params as { at: number }).at)).toEqual([1, 9]);
    expect(mesh.past?.at).toBe(9);
  });

  it("says that a moment is gone, stays where it was, and works again", async () => {
    const { host, mesh, time, failures } = setUp();
    host.answer("mesh.snapshotAt", new MeshError("history-gone", "gone"), snapshot(1, 5));
    await time.lookAt(1);
    expect(failures).toHaveLength(1);
    expect(mesh.past).toBeUndefined();
    await time.lookAt(5);
    expect(mesh.past?.at).toBe(5);
  });
});

describe("stepping in the past", () => {
  it("goes one event forward without touching the view before", async () => {
    const { host, mesh, time } = setUp();
    const before = { ...emptyView(), seq: 4, at: 900 };
    mesh.showPast({ at: 900, view: before });
    host.answer("mesh.events", [added(5, 1_200, "A")]);
    await time.lookBeside(1);
    expect(host.asked[0]?.params).toEqual({ mesh: "demo", fromSeq: 5, limit: 1 });
    expect(mesh.past?.at).toBe(1_200);
    expect([...mesh.view.nodes.keys()]).toEqual(["A"]);
    expect(before.nodes.size).toBe(0);
  });

  it("returns to now behind the last event", async () => {
    const { host, mesh, time } = setUp();
    mesh.showPast({ at: 900, view: { ...emptyView(), seq: 4, at: 900 } });
    host.answer("mesh.events", []);
    await time.lookBeside(1);
    expect(mesh.past).toBeUndefined();
  });

  it("goes back to just before the event that is shown", async () => {
    const { host, mesh, time } = setUp();
    mesh.showPast({ at: 950, view: { ...emptyView(), seq: 4, at: 900 } });
    host.answer("mesh.events", [added(4, 900, "A")]);
    host.answer("mesh.snapshotAt", snapshot(3, 700));
    await time.lookBeside(-1);
    expect(host.asked[1]?.params).toEqual({ mesh: "demo", at: 899 });
    expect(mesh.view.seq).toBe(3);
  });

  it("stops at the first event", async () => {
    const { host, mesh, time } = setUp();
    mesh.showPast({ at: 0, view: { ...emptyView(), seq: 1, at: 0 } });
    await time.lookBeside(-1);
    expect(host.asked).toEqual([]);
  });
});
