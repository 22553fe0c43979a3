import { describe, expect, it } from "vitest";
import { parseScenario } from "#shared/scenario/scenario.ts";
import { assert } from "#main/kernel/assert.ts";
import { ScenarioSeeds } from "./scenario-seeds.ts";
import type { SeedSubject, SmallerRun } from "./seeds.ts";

const kill = (node: string) => ({ type: "node.kill", nodes: [node] });
const never = (member: string) => ({ never: { type: "member.confirmed", member } });

function subject(steps: readonly object[], expected: readonly object[]): SeedSubject {
  const mesh = { nodes: 5, topology: { kind: "full" } };
  const fields = { name: "x", about: "x", mesh, settle: "40s" };
  return new ScenarioSeeds(parseScenario({ ...fields, steps, expect: expected }));
}

async function shrink(
  seeds: SeedSubject,
  { maxRuns = 40 }: { readonly maxRuns?: number } = {},
): Promise<SmallerRun> {
  return seeds.shrink(seeds.run(1), undefined, { maxRuns, goOn: () => Promise.resolve(true) });
}

const placesOf = ({ steps }: SmallerRun): readonly number[] => steps.map(({ place }) => place);

const STEPS = [
  { at: "1s", do: { type: "rumour.publish", node: "A", topic: "t", payload: "x" } },
  { at: "2s", do: kill("B") },
  { at: "3s", explain: "Nothing happens." },
  { at: "4s", do: kill("E") },
];

describe("a failing seed of a scenario", () => {
  it("is told with the promise that broke", () => {
    const run = subject(STEPS, [never("E")]).run(1);
    expect(run).toMatchObject({ seed: 1, ok: false, whys: [expect.stringMatching(/E came/)] });
    expect(run.failure).toMatch(/^bad: .*never/);
    expect(run.hash).toBe(subject(STEPS, [never("E")]).run(1).hash);
  });

  it("shrinks to the steps that break the same promise", async () => {
    const smaller = await shrink(subject(STEPS, [never("E")]));
    expect(smaller.steps).toEqual([{ place: 4, when: "at 4s", what: JSON.stringify(kill("E")) }]);
    expect(smaller.of).toBe(4);
  });

  it("does not take another failure for the same", async () => {
    // Without the kill of B its restart is refused, which is a failure too.
    const restart = { at: "35s", do: { type: "node.restart", nodes: ["B"], disk: "keep" } };
    const smaller = await shrink(subject([...STEPS, restart], [never("B")]));
    expect(placesOf(smaller)).toEqual([2]);
  });

  it("keeps steps that promises name", async () => {
    const steps = [{ id: "first", at: "1s", explain: "Begin." }, ...STEPS.slice(1)];
    const after = { ...never("E"), from: "first" };
    expect(placesOf(await shrink(subject(steps, [after])))).toEqual([1, 4]);
  });

  it("keeps what brings about the good, where a seed is known with which it comes", async () => {
    const seeds = subject(STEPS, [{ event: { type: "member.confirmed" }, within: "16s" }]);
    const runs = [1, 2, 3, 4].map((seed) => seeds.run(seed));
    const [failed, passed] = [runs.find(({ ok }) => !ok), runs.find(({ ok }) => ok)];
    assert(failed !== undefined && passed !== undefined, "the limit lies between the seeds");
    const limits = { maxRuns: 40, goOn: () => Promise.resolve(true) };
    const kept = placesOf(await seeds.shrink(failed, passed.seed, limits));
    expect(kept.some((place) => place === 2 || place === 4)).toBe(true);
    expect(placesOf(await seeds.shrink(failed, undefined, limits))).toEqual([]);
  });

  it("ends when its runs are used up, or when it is told to", async () => {
    const seeds = subject(STEPS, [never("E")]);
    expect((await shrink(seeds, { maxRuns: 1 })).runs).toBe(1);
    const limits = { maxRuns: 40, goOn: () => Promise.resolve(false) };
    const stopped = await seeds.shrink(seeds.run(1), undefined, limits);
    expect(stopped).toMatchObject({ runs: 0, of: 4 });
    expect(placesOf(stopped)).toEqual([1, 2, 3, 4]);
  });
});
