import { afterEach, describe, expect, it, vi } from "vitest";
import type { MeshCommand } from "#shared/contract/commands.ts";
import type { TraceBatch } from "#shared/contract/trace.ts";
import { describeMeshSource } from "../conformance/describe-mesh-source.ts";
import { recordingSink } from "../conformance/harness.ts";
import { SimulatedSource } from "./simulated-source.ts";
import { ToyEngine } from "./toy-testkit.ts";

const CONTEXT = { actor: "test" };
const opened: SimulatedSource[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const source of opened.splice(0)) await source.close();
});

function open(): { source: SimulatedSource; engine: ToyEngine } {
  let engine: ToyEngine | undefined;
  const source = new SimulatedSource({
    id: "toy",
    name: "toy",
    engine: (sink) => {
      engine = new ToyEngine(sink);
      return engine;
    },
    monotonicMs: () => performance.now(),
    wallMs: () => Date.now(),
    onSinkError: () => undefined,
  });
  if (engine === undefined) throw new Error("the source made no engine");
  opened.push(source);
  return { source, engine };
}

/** With fake timers that move the clocks too. */
function openFrozen(): { source: SimulatedSource; engine: ToyEngine } {
  vi.useFakeTimers({
    toFake: ["performance", "Date", "setTimeout", "clearTimeout", "setInterval", "clearInterval"],
  });
  return open();
}

describeMeshSource("simulated", async () => {
  const { source } = open();
  return {
    source,
    begin: 0,
    change: async () => void (await source.execute({ type: "time.step", unit: "event" }, CONTEXT)),
    accepted: { type: "node.kill", nodes: ["A"] },
    unknownNode: { type: "node.kill", nodes: ["nobody"] },
    unsupported: { type: "user.event", name: "deploy", payload: "", coalesce: false },
    close: async () => undefined,
  };
});

const PLAY: MeshCommand = { type: "time.play" };

describe("the pace of a simulated mesh", () => {
  it("stands still until it is played", async () => {
    const { source } = openFrozen();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(source.status()).toMatchObject({ at: 0, playing: false, ratio: 1 });
  });

  it.each([0.1, 1, 100])("goes at %s×", async (ratio) => {
    const { source, engine } = openFrozen();
    await source.execute({ type: "time.speed", ratio }, CONTEXT);
    await source.execute(PLAY, CONTEXT);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(engine.now / (2_000_000 * ratio)).toBeGreaterThan(0.98);
    expect(engine.now / (2_000_000 * ratio)).toBeLessThanOrEqual(1);
    expect(source.status()).toMatchObject({ playing: true, ratio });
    expect(source.status().reachedRatio).toBeUndefined();
  });

  it("stops at pause, and steps pause it", async () => {
    const { source, engine } = openFrozen();
    await source.execute(PLAY, CONTEXT);
    await vi.advanceTimersByTimeAsync(100);
    await source.execute({ type: "time.pause" }, CONTEXT);
    const { now } = engine;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(engine.now).toBe(now);
    await source.execute(PLAY, CONTEXT);
    await source.execute({ type: "time.step", unit: "event" }, CONTEXT);
    expect(engine.now).toBe(now + 10_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(engine.now).toBe(now + 10_000);
    expect(source.status().playing).toBe(false);
  });

  it("works in slices of about 8 ms and tells the ratio that was reached", async () => {
    const { source, engine } = openFrozen();
    let slice = 0;
    let longest = 0;
    let extraMs = 0;
    const base = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => base() + extraMs);
    engine.onStep = () => {
      extraMs += 0.1;
      slice += 0.1;
      longest = Math.max(longest, slice);
    };
    const idle = setInterval(() => (slice = 0), 1);
    await source.execute({ type: "time.speed", ratio: 1_000 }, CONTEXT);
    await source.execute(PLAY, CONTEXT);
    await vi.advanceTimersByTimeAsync(2_000);
    clearInterval(idle);
    expect(longest).toBeLessThan(8 + 2.2);
    const { reachedRatio } = source.status();
    expect(reachedRatio).toBeGreaterThan(50);
    expect(reachedRatio).toBeLessThan(101);
  });

  it("tells its status about ten times a second while it plays", async () => {
    const { source } = openFrozen();
    const sink = recordingSink();
    source.subscribe(sink);
    await source.execute(PLAY, CONTEXT);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sink.statuses.length).toBeGreaterThanOrEqual(9);
    expect(sink.statuses.length).toBeLessThanOrEqual(12);
    expect(sink.statuses.at(-1)?.at).toBeGreaterThan(900_000);
  });

  it("traces messages until told to stop, and not while nothing moves", async () => {
    const { source } = openFrozen();
    const batches: TraceBatch[] = [];
    const stop = source.trace({ maxPerBatch: 10 }, (batch) => batches.push(batch));
    await vi.advanceTimersByTimeAsync(500);
    expect(batches).toHaveLength(0);
    await source.execute(PLAY, CONTEXT);
    await vi.advanceTimersByTimeAsync(500);
    expect(batches.length).toBeGreaterThanOrEqual(4);
    expect(batches[1]?.sentAt[0]).toBeGreaterThan(batches[0]?.sentAt[0] ?? Infinity);
    stop();
    const had = batches.length;
    await vi.advanceTimersByTimeAsync(500);
    expect(batches).toHaveLength(had);
  });

  it("does nothing more once closed", async () => {
    const { source, engine } = openFrozen();
    await source.execute(PLAY, CONTEXT);
    source.trace({ maxPerBatch: 1 }, () => undefined);
    await source.close();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(engine.now).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a pause that a step asked for", () => {
  it("stops the time at once, tells so, and lets it go on", async () => {
    const { source, engine } = openFrozen();
    engine.pauseAt = 50_000;
    const sink = recordingSink();
    source.subscribe(sink);
    await source.execute({ type: "time.play" }, CONTEXT);
    await vi.advanceTimersByTimeAsync(500);
    expect(source.status()).toMatchObject({ playing: false, at: 50_000 });
    expect(sink.statuses.at(-1)).toMatchObject({ playing: false, at: 50_000 });
    await source.execute({ type: "time.play" }, CONTEXT);
    await vi.advanceTimersByTimeAsync(100);
    expect(source.status().playing).toBe(true);
    expect(source.status().at).toBeGreaterThan(120_000);
    expect(source.status().at).toBeLessThan(200_000);
  });
});
