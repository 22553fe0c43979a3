import type { MeshListing } from "#shared/contract/protocol.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import { emptyView } from "#shared/view/empty.ts";
import { describe, expect, it } from "vitest";
import { createConsole } from "./console.ts";
import { startFeed } from "./feed.ts";
import { fakeHost, listing } from "./testing/fake-host.ts";

function setUp() {
  const host = fakeHost();
  const store = createConsole();
  let due: (() => void)[] = [];
  const feed = startFeed(host.client, store, { request: (run) => due.push(run), now: () => 0 });
  const frame = () => {
    const runs = due;
    due = [];
    for (const run of runs) run();
  };
  const list = (...meshes: readonly MeshListing[]) => host.streams[0]?.push({ meshes });
  return { host, store, feed, list, frame };
}

const events = (from: number, to: number): readonly MeshEvent[] =>
  Array.from({ length: to - from + 1 }, (_, at) => ({
    seq: from + at,
    at: 0,
    type: "node.added" as const,
    node: `n${from + at}`,
  }));

describe("feed", () => {
  it("follows the first mesh of the list", () => {
    const { host, store, list } = setUp();
    list(listing("a"), listing("b"));
    expect(store.getState().active).toBe("a");
    expect(host.streams[1]).toMatchObject({ topic: "mesh", params: { mesh: "a" } });
  });

  it("resumes a mesh where it was left", () => {
    const { host, store, feed, list, frame } = setUp();
    list(listing("a"), listing("b"));
    host.streams[1]?.push({ kind: "snapshot", view: { ...emptyView(), seq: 7 } });
    host.streams[1]?.push({ kind: "events", events: events(8, 9) });
    feed.follow("b");
    expect(host.streams[1]?.cancelled).toBe(true);
    feed.follow("a");
    frame();
    expect(host.streams[3]?.params).toEqual({ mesh: "a", sinceSeq: 9 });
    expect(store.getState().mesh?.view.nodes.size).toBe(2);
  });

  it("starts over on another host", () => {
    const { host, feed, list } = setUp();
    list(listing("a"));
    host.streams[1]?.push({ kind: "snapshot", view: { ...emptyView(), seq: 7 } });
    feed.forget();
    feed.follow("a");
    expect(host.streams[2]?.params).toEqual({ mesh: "a" });
  });

  it("goes to another mesh when the one shown was closed, and to none when all were", () => {
    const { store, list } = setUp();
    list(listing("a"), listing("b"));
    list(listing("b"));
    expect(store.getState().active).toBe("b");
    list();
    expect(store.getState().active).toBeUndefined();
    expect(store.getState().mesh).toBeUndefined();
  });

  it("starts over with a mesh that was closed and opened again under the same name", () => {
    const { host, store, list } = setUp();
    list(listing("a"));
    const before = store.getState().mesh;
    host.streams[1]?.end();
    list(listing("a"));
    expect(host.streams[2]).toMatchObject({ topic: "mesh", params: { mesh: "a" } });
    expect(store.getState().mesh).not.toBe(before);
    list(listing("a"));
    expect(host.streams).toHaveLength(3);
  });

  it("gives credit back in portions, for what was folded", () => {
    const { host, list, frame } = setUp();
    list(listing("a"));
    host.streams[1]?.push({ kind: "events", events: events(1, 1_249) });
    frame();
    expect(host.streams[1]?.granted).toBe(0);
    host.streams[1]?.push({ kind: "events", events: events(1_250, 1_250) });
    frame();
    expect(host.streams[1]?.granted).toBe(1_250);
  });

  it("keeps the list still while only time goes on, and descriptions the same objects", () => {
    const { store, list } = setUp();
    list(listing("a"));
    const before = store.getState().listings;
    list(listing("a", { at: 500, seq: 9 }));
    expect(store.getState().listings).toBe(before);
    list(listing("a", { playing: false }));
    expect(store.getState().listings?.[0]?.status.playing).toBe(false);
    expect(store.getState().listings?.[0]?.description).toBe(before?.[0]?.description);
  });
});
