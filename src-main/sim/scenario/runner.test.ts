import { describe, expect, test } from "vitest";
import { parseScenario } from "#shared/scenario/scenario.ts";
import { seconds } from "#main/kernel/time.ts";
import { toyFactory, type Plant } from "../testing/toy-node.ts";
import { ScenarioRun, runScenario, type ScenarioResult, withSeed } from "./runner.ts";

const sink = (): void => undefined;

function run(scenario: Record<string, unknown>, plant?: Plant): ScenarioResult {
  const parsed = parseScenario({
    name: "s",
    about: "a",
    mesh: { nodes: 3 },
    settle: "2s",
    ...scenario,
  });
  return runScenario(parsed, { factory: toyFactory(plant), sink });
}

function whys(result: ScenarioResult): readonly string[] {
  return result.failures.map((failure) => failure.why);
}

const kill = { id: "kill", at: "1s", do: { type: "node.kill", nodes: ["A"] } };

describe("steps", () => {
  test("are carried out at their time, and the run settles afterwards", () => {
    const result = run({ steps: [kill] });
    expect(result).toMatchObject({ ok: true, at: seconds(3), checked: 1, failures: [] });
  });

  test("wait for an event that comes after the step before, and then some", () => {
    const stopped = { event: { type: "node.stopped", node: "A" }, wait: "500ms", within: "5s" };
    const restart = {
      id: "up",
      after: stopped,
      do: { type: "node.restart", nodes: ["A"], disk: "keep" },
    };
    const again = {
      event: { type: "node.started", node: "A" },
      atLeast: 1,
      within: "0ms",
      after: "up",
    };
    const result = run({ steps: [kill, restart], expect: [again] });
    expect(whys(result)).toEqual([]);
    expect(result.at).toBe(seconds(3.5));
  });

  test("that wait in vain fail the scenario, and those behind are not carried out", () => {
    const never = { event: { type: "node.stopped", node: "B" }, within: "4s" };
    const result = run({
      steps: [kill, { after: never, do: { type: "node.kill", nodes: ["C"] } }],
      expect: [{ final: { nodes: ["C"], process: "running" } }],
    });
    expect(whys(result)).toEqual([
      "step 2 waited for node.stopped node=B within 4s, which did not come",
    ]);
    expect(result.failures[0]?.at).toBe(seconds(5));
  });

  test("an event before the step before does not count", () => {
    const started = { event: { type: "node.started", node: "A" }, within: "1s" };
    expect(run({ steps: [kill, { after: started, explain: "x" }] }).ok).toBe(false);
  });

  test("a refusal fails the scenario unless it is the wanted one", () => {
    const twice = { at: "2s", do: { type: "node.kill", nodes: ["A"] } };
    expect(whys(run({ steps: [kill, twice] }))).toEqual([
      "step 2 was refused: A is stopped, not running or paused (not-running)",
    ]);
    expect(run({ steps: [kill, { ...twice, refused: "not-running" }] }).ok).toBe(true);
    expect(run({ steps: [kill, { ...twice, refused: "unknown-node" }] }).ok).toBe(false);
    expect(whys(run({ steps: [{ ...kill, refused: "not-running" }] }))).toEqual([
      "step 1 was to be refused with not-running, but was carried out",
    ]);
  });
});

describe("expectations", () => {
  const publish = {
    id: "tell",
    at: "1s",
    do: { type: "rumour.publish", node: "A", topic: "t", payload: "p" },
  };
  const told = { type: "user.event", name: "told" };

  test("an event in time, counted from its step", () => {
    const steps = [publish];
    const within = (time: string, more = {}): unknown => ({
      event: told,
      after: "tell",
      within: time,
      ...more,
    });
    expect(run({ steps, expect: [within("1s", { atLeast: 2, atMost: 2 })] }).ok).toBe(true);
    expect(whys(run({ steps, expect: [within("1ms")] }))).toEqual([
      "user.event name=told within 1ms of step tell did not come",
    ]);
    expect(whys(run({ steps, expect: [within("1s", { atLeast: 3 })] }))).toEqual([
      "user.event name=told within 1s of step tell came 2 times, not 3",
    ]);
    expect(whys(run({ steps, expect: [within("1s", { atMost: 1 })] }))).toEqual([
      "user.event name=told within 1s of step tell came 2 times, more than 1",
    ]);
  });

  test("the window's last microsecond counts, the next one does not", () => {
    const sampled = (within: string): unknown => ({
      event: { type: "metrics.sampled" },
      within,
      atLeast: 2,
    });
    expect(run({ expect: [sampled("2s")] }).ok).toBe(true);
    expect(run({ expect: [sampled("1999999us")] }).ok).toBe(false);
  });

  test("the run goes on beyond settling while a window is open", () => {
    const late = { event: { type: "metrics.sampled" }, within: "7s", atLeast: 7 };
    expect(run({ settle: "1s", expect: [late] })).toMatchObject({ ok: true, at: seconds(7) });
  });

  test("never, from one step until another", () => {
    const steps = [publish, { id: "later", at: "2s", explain: "x" }];
    expect(run({ steps, expect: [{ never: told, from: "later" }] }).ok).toBe(true);
    const failed = run({ steps, expect: [{ never: told, from: "tell", until: "later" }] });
    expect(whys(failed)[0]).toMatch(/^user.event name=told came, as event \d+$/);
    expect(failed.failures[0]?.around.some((event) => event.type === "user.event")).toBe(true);
  });

  test("final values, counts of events, and metrics", () => {
    const expectations = (process: string, atMost: number): unknown[] => [
      { final: { nodes: ["A"], process } },
      { final: { events: told, atLeast: 2, atMost: 2 } },
      { metric: "droppedShare", atMost },
    ];
    expect(run({ steps: [publish], expect: expectations("running", 0) }).failures).toEqual([]);
    expect(whys(run({ steps: [publish], expect: expectations("stopped", -1) }))).toEqual([
      "process of A is running, not stopped",
      "droppedShare is 0, more than -1",
    ]);
  });

  test("invariants always hold, asked for or not", () => {
    const failing: Plant = (input, effects) => {
      if (input.kind === "timer" && input.now > seconds(1)) {
        throw new Error("planted");
      }
      return effects;
    };
    const result = run({ mesh: { nodes: 1 } }, failing);
    expect(whys(result)).toEqual(["invariant node-does-not-fail broken: A failed: planted"]);
  });
});

describe("a run", () => {
  test("in slices is the run at once", () => {
    const scenario = parseScenario({ name: "s", about: "a", mesh: { nodes: 3 }, steps: [kill] });
    const sliced = new ScenarioRun(scenario, { factory: toyFactory(), sink });
    let at = 0;
    while (!sliced.advanceTo(at)) {
      expect(sliced.mesh.now).toBe(at);
      at += 333_333;
    }
    expect(sliced.result()).toEqual(runScenario(scenario, { factory: toyFactory(), sink }));
  });

  test("takes another seed", () => {
    const scenario = parseScenario({ name: "s", about: "a", mesh: { nodes: 3 } });
    const hashes = [1, 2, 2].map(
      (seed) => runScenario(withSeed(scenario, seed), { factory: toyFactory(), sink }).hash,
    );
    expect(hashes[1]).toBe(hashes[2]);
    expect(hashes[0]).not.toBe(hashes[1]);
  });
});
