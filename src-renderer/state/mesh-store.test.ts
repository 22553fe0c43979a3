import type { MeshEvent } from "#shared/contract/events.ts";
import { emptyView } from "#shared/view/empty.ts";
import { describe, expect, it } from "vitest";
import type { FlushPort } from "./flush.ts";
import { MeshStore } from "./mesh-store.ts";

/** Frames on demand, with a clock that the test moves. */
function manualPort(): FlushPort & { frame(): void; timeMs: number; readonly waiting: number } {
  let queue: (() => void)[] = [];
  const port = {
    timeMs: 0,
    get waiting() {
      return queue.length;
    },
    request(run: () => void) {
      queue.push(run);
    },
    now: () => port.timeMs,
    frame() {
      const due = queue;
      queue = [];
      for (const run of due) run();
    },
  };
  return port;
}

const added = (seq: number, node: string): MeshEvent => ({
  seq,
  at: seq * 1_000,
  type: "node.added",
  node,
});

describe("MeshStore", () => {
  it("folds a burst of pushes in one frame and tells listeners once", () => {
    const port = manualPort();
    const store = new MeshStore("demo", port);
    let told = 0;
    store.subscribe(() => {
      told += 1;
    });
    store.push([added(1, "A")]);
    store.push([added(2, "B"), added(3, "C")]);
    expect(store.view.nodes.size).toBe(0);
    expect(store.lastSeq).toBe(3);
    port.frame();
    expect([...store.view.nodes.keys()]).toEqual(["A", "B", "C"]);
    expect(told).toBe(1);
  });

  it("keeps the identity of an entity that did not change", () => {
    const port = manualPort();
    const store = new MeshStore("demo", port);
    store.push([added(1, "A"), added(2, "B")]);
    port.frame();
    const before = store.view.nodes.get("A");
    store.push([
      { seq: 3, at: 3_000, type: "node.started", node: "B", incarnation: 1, disk: "new" },
    ]);
    port.frame();
    expect(store.view.nodes.get("A")).toBe(before);
    expect(store.view.nodes.get("B")?.process).toBe("running");
  });

  it("returns credit for exactly what was folded", () => {
    const port = manualPort();
    const store = new MeshStore("demo", port);
    const granted: number[] = [];
    store.onFolded = (count) => granted.push(count);
    store.push([added(1, "A"), added(2, "B")]);
    port.frame();
    port.frame();
    expect(granted).toEqual([2]);
  });

  it("stops folding when the frame's share is used up and goes on in the next", () => {
    const port = manualPort();
    const store = new MeshStore("demo", port);
    store.push(Array.from({ length: 600 }, (_, at) => added(at + 1, `n${at}`)));
    const clock = port.now;
    let calls = 0;
    // Every look at the clock costs 5 ms: the second look within the fold is past the budget.
    port.now = () => {
      calls += 1;
      return calls * 5;
    };
    port.frame();
    expect(store.view.nodes.size).toBe(512);
    port.now = clock;
    port.frame();
    expect(store.view.nodes.size).toBe(600);
  });

  it("tells slow listeners at most four times a second, and always the last word", () => {
    const port = manualPort();
    const store = new MeshStore("demo", port);
    const seen: number[] = [];
    store.subscribe(() => seen.push(store.view.nodes.size), "slow");
    store.push([added(1, "A")]);
    port.frame();
    port.timeMs = 100;
    store.push([added(2, "B")]);
    port.frame();
    expect(seen).toEqual([1]);
    port.timeMs = 249;
    port.frame();
    expect(seen).toEqual([1]);
    port.timeMs = 250;
    port.frame();
    expect(seen).toEqual([1, 2]);
    expect(port.waiting).toBe(0);
  });

  it("draws less often while frames come late, and recovers", () => {
    const port = manualPort();
    const store = new MeshStore("demo", port);
    const told: number[] = [];
    store.subscribe(() => told.push(port.timeMs));
    const run = (frames: number, frameMs: number) => {
      told.length = 0;
      for (let at = 0; at < frames; at += 1) {
        store.setStatus({ connection: { state: "live" }, seq: 0, at: 0, historyFrom: 0 });
        port.timeMs += frameMs;
        port.frame();
      }
      return told.length;
    };
    expect(run(100, 40)).toBe(100);
    run(10, 41);
    // 100 frames of 41 ms at no more than one in 100 ms: every third.
    expect(run(99, 41)).toBe(33);
    run(200, 10);
    expect(run(100, 10)).toBe(100);
  });

  it("tells at once of what a person must see, and of the rest when it is due", () => {
    const port = manualPort();
    const store = new MeshStore("demo", port);
    const late = (event: MeshEvent, frameMs: number): number => {
      let told = 0;
      const stop = store.subscribe(() => {
        told += 1;
      });
      store.push([event]);
      port.timeMs += frameMs;
      port.frame();
      stop();
      return told;
    };
    const paused = (seq: number): MeshEvent => ({ seq, at: seq, type: "node.paused", node: "A" });
    const score = (seq: number): MeshEvent => {
      return { seq, at: seq, type: "health.local", node: "A", score: 1 };
    };
    // Late frames until listeners hear every 100 ms only; the last one told them.
    for (let seq = 1; seq < 20 || late(score(seq), 101) === 0; seq += 1) late(score(seq), 101);
    expect(late(score(100), 50)).toBe(0);
    expect(late(paused(101), 1)).toBe(1);
    // Storms of such events do not bring the drawing back to every frame.
    expect(late(paused(102), 31)).toBe(0);
    expect(late(score(103), 1)).toBe(1);
    expect(late(score(104), 60)).toBe(0);
  });

  it("shows the past while the live view goes on, and returns to now", () => {
    const port = manualPort();
    const store = new MeshStore("demo", port);
    store.push([added(1, "A")]);
    port.frame();
    store.showPast({ at: 0, view: emptyView() });
    store.push([added(2, "B")]);
    port.frame();
    expect(store.view.nodes.size).toBe(0);
    expect(store.live.nodes.size).toBe(2);
    store.returnToNow();
    expect(store.view.nodes.size).toBe(2);
  });

  it("drops what waited when a fresh snapshot arrives", () => {
    const port = manualPort();
    const store = new MeshStore("demo", port);
    store.push([added(1, "A")]);
    const fresh = emptyView();
    fresh.seq = 40;
    store.replace(fresh);
    port.frame();
    expect(store.view.nodes.size).toBe(0);
    expect(store.lastSeq).toBe(40);
  });

  it("counts skipped log lines where logs are shown", () => {
    const port = manualPort();
    const store = new MeshStore("demo", port);
    store.push([added(1, "A"), added(2, "B")]);
    store.gap({ fromSeq: 3, toSeq: 414, skipped: 412 });
    expect(store.lastSeq).toBe(414);
    port.frame();
    expect(store.logGaps).toEqual([{ fromSeq: 3, toSeq: 414, skipped: 412 }]);
    expect(store.view.seq).toBe(414);
    expect(store.view.logs.dropped).toBe(412);
  });

  it("measures the rate over two seconds", () => {
    const port = manualPort();
    const store = new MeshStore("demo", port);
    port.timeMs = 10_000;
    store.push(Array.from({ length: 100 }, (_, at) => added(at + 1, "A")));
    expect(store.eventsPerSecond()).toBe(50);
    port.timeMs = 11_999;
    expect(store.eventsPerSecond()).toBe(50);
    port.timeMs = 12_000;
    expect(store.eventsPerSecond()).toBe(0);
  });
});
