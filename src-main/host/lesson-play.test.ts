/** Scenarios that are played: their steps come with the time, however that passes. */
import { afterEach, describe, expect, it, vi } from "vitest";
import type { MeshEvent } from "#shared/contract/events.ts";
import { parseScenario, type Scenario } from "#shared/scenario/scenario.ts";
import { meshFactory } from "#main/sim/mesh-factory.ts";
import { ScenarioRun } from "#main/sim/scenario/runner.ts";
import type { MeshSource } from "#main/sources/mesh-source.ts";
import { LessonShelf } from "./lessons.ts";
import { MeshCatalogue } from "./mesh-catalogue.ts";
import { createSourceOpener } from "./open-sources.ts";
import { SimEngine } from "./sim-engine.ts";

const LESSON = parseScenario({
  name: "lesson",
  about: "A lesson.",
  lesson: { order: 1 },
  seed: 4,
  mesh: { nodes: 3 },
  steps: [
    {
      id: "hello",
      at: "1s",
      explain: { en: "Hello.", zh: "你好。" },
      pause: true,
      point: "node:A",
    },
    { id: "kill", at: "2s", explain: "A dies.", do: { type: "node.kill", nodes: ["A"] } },
    { at: "2s", do: { type: "rumour.publish", node: "B", topic: "t", payload: "p" } },
    {
      after: { event: { type: "member.state", member: "A", state: "suspect" }, wait: "100ms" },
      explain: "Somebody suspects A.",
      pause: true,
    },
    { at: "30s", do: { type: "node.restart", nodes: ["A"], disk: "keep" } },
  ],
});

const END_US = 40_000_000;
vi.setConfig({ testTimeout: 40_000 });
let catalogue: MeshCatalogue | undefined;
afterEach(async () => {
  await catalogue?.closeAll();
  catalogue = undefined;
});

async function openScenario(scenario: Scenario): Promise<MeshSource> {
  const onSinkError = (error: unknown): never => {
    throw error;
  };
  catalogue = new MeshCatalogue(createSourceOpener({ onSinkError, segments: undefined }));
  const [id = ""] = await catalogue.open({ kind: "scenario", scenario });
  return catalogue.get(id);
}

function runThrough(scenario: Scenario): readonly MeshEvent[] {
  const events: MeshEvent[] = [];
  const sink = (event: MeshEvent): unknown => events.push(event);
  new ScenarioRun(scenario, { factory: meshFactory, sink }).advanceTo(END_US);
  return events;
}

/** Pauses are gone over at once. */
function playThrough(scenario: Scenario, drive: (engine: SimEngine) => void): readonly MeshEvent[] {
  const events: MeshEvent[] = [];
  const { mesh, steps } = scenario;
  const engine = new SimEngine(mesh, steps, (event) => events.push(event));
  while (engine.now < END_US) drive(engine);
  return events;
}

function said(events: readonly MeshEvent[]): readonly unknown[] {
  return events.flatMap((event) => (event.type === "lesson.step" ? [event] : []));
}

describe("a scenario that is played", () => {
  const whole = runThrough(LESSON);

  it.each([1, 7, 1_000])(
    "in portions of %i steps is the run that `meshdeck run` makes",
    (portion) => {
      const played = playThrough(LESSON, (engine) => {
        engine.runUntil(END_US, portion);
        engine.takePause();
      });
      expect(played).toEqual(whole);
    },
  );

  it("event by event is that run too", () => {
    const played = playThrough(LESSON, (engine) => {
      if (engine.now < END_US - 100_000) engine.stepEvent();
      else engine.runUntil(END_US, 1_000_000);
    });
    expect(played).toEqual(whole);
  });

  it("a little time at a time is that run too", () => {
    const played = playThrough(LESSON, (engine) => {
      engine.runUntil(Math.min(END_US, engine.now + 33_333), 1_000_000);
      engine.takePause();
    });
    expect(played).toEqual(whole);
  });

  it("says what its steps explain, when it is time, in the order of the steps", () => {
    expect(said(whole)).toMatchObject([
      { at: 1_000_000, index: 0, total: 3, id: "hello", en: "Hello.", zh: "你好。", pause: true },
      { at: 2_000_000, index: 1, total: 3, id: "kill", en: "A dies.", pause: false },
      { index: 2, total: 3, en: "Somebody suspects A.", pause: true },
    ]);
    expect(said(whole)[0]).toHaveProperty("point", "node:A");
    expect(said(whole)[2]).not.toHaveProperty("id");
    const executed = whole.filter((event) => event.type === "command.executed");
    expect(new Set(executed.map(({ actor }) => actor))).toEqual(new Set(["scenario"]));
  });

  it("pauses right after the step that asks for it, and goes on when it is played", async () => {
    const source = await openScenario(LESSON);
    const act = (command: Parameters<MeshSource["execute"]>[0]): Promise<unknown> =>
      source.execute(command, { actor: "test" });
    await act({ type: "time.speed", ratio: 1_000 });
    await act({ type: "time.play" });
    await vi.waitFor(() => expect(source.status().playing).toBe(false), 15_000);
    expect(source.status().at).toBe(1_000_000);
    expect(said(await source.events(1, 10_000))).toHaveLength(1);
    await act({ type: "time.play" });
    await vi.waitFor(() => expect(source.status().playing).toBe(false), 15_000);
    expect(said(await source.events(1, 10_000))).toHaveLength(3);
    await act({ type: "time.play" });
    await vi.waitFor(() => expect(source.status().at).toBeGreaterThan(31e6), 15_000);
    expect(source.status().playing).toBe(true);
    await act({ type: "time.pause" });
    expect(source.describe()).toMatchObject({ scenario: "lesson", kind: "simulated" });
  });

  it("stops on the way to the next change as well", async () => {
    const source = await openScenario(LESSON);
    for (let i = 0; i < 60 && said(await source.events(1, 10_000)).length === 0; i += 1) {
      await source.execute({ type: "time.step", unit: "change" }, { actor: "test" });
    }
    expect(source.status()).toMatchObject({ at: 1_000_000, playing: false });
  });

  it("tells when it does not go on, because a person changed something", () => {
    const events: MeshEvent[] = [];
    const engine = new SimEngine(LESSON.mesh, LESSON.steps, (event) => events.push(event));
    engine.runUntil(1_500_000, 1_000_000);
    expect([engine.now, engine.takePause(), engine.takePause()]).toEqual([1_000_000, true, false]);
    engine.runUntil(1_500_000, 1_000_000);
    engine.execute({ type: "node.kill", nodes: ["A", "B", "C"] }, "person");
    engine.runUntil(200_000_000, 1_000_000);
    expect(said(events)).toMatchObject([
      { en: "Hello." },
      { en: "A dies." },
      { en: expect.stringContaining("step 2 was refused: A is stopped") },
      { en: expect.stringContaining("step 3 was refused: B does not run") },
      { en: expect.stringContaining("step 4 waited for member.state"), zh: expect.any(String) },
    ]);
  });

  it("is forked without the steps that were still to come", async () => {
    const source = await openScenario(LESSON);
    await source.execute({ type: "time.speed", ratio: 1_000 }, { actor: "test" });
    await source.execute({ type: "time.play" }, { actor: "test" });
    await vi.waitFor(() => expect(source.status().playing).toBe(false), 15_000);
    const id = await catalogue?.fork("lesson", { seq: source.status().seq, name: undefined });
    const fork = catalogue?.get(id ?? "");
    expect(said((await fork?.events(1, 10_000)) ?? [])).toHaveLength(1);
    expect(fork?.describe()).not.toHaveProperty("scenario");
    for (let i = 0; i < 300; i += 1) {
      await fork?.execute({ type: "time.step", unit: "event" }, { actor: "test" });
    }
    expect(fork?.snapshot().nodes.get("A")?.process).toBe("running");
  });
});

describe("the lessons that come with the program", () => {
  it("are all there, can be listed, and an unknown one is told", () => {
    const shelf = new LessonShelf();
    for (const { id, title, about, steps } of shelf.list()) {
      expect(shelf.get(id).name).toBe(id);
      expect([title.en, about.en].every((text) => text.length > 0)).toBe(true);
      expect(steps).toBeGreaterThan(0);
    }
    expect(() => shelf.get("nothing")).toThrow(expect.objectContaining({ code: "unknown-lesson" }));
    expect(() => shelf.get("kill-a-node")).toThrow("There is no lesson");
  });

  it("are none where the folder is not there", () => {
    expect(new LessonShelf("/nowhere").list()).toEqual([]);
  });
});

describe("what a step may say of its explanation", () => {
  it.each([
    { at: "1s", do: { type: "node.kill", nodes: ["A"] }, pause: true },
    { at: "1s", do: { type: "node.kill", nodes: ["A"] }, point: "node:A" },
    { at: "1s", explain: "x", point: "" },
  ])("not %j", (step) => {
    const scenario = { name: "s", about: "a", mesh: { nodes: 3 }, steps: [step] };
    expect(() => parseScenario(scenario)).toThrow(
      expect.objectContaining({ code: "bad-scenario" }),
    );
  });
});
