/** Every scenario that is shipped keeps its promises: with its own dice, and with others. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { parseScenario, type Scenario } from "#shared/scenario/scenario.ts";
import { meshFactory } from "../mesh-factory.ts";
import { runScenario, withSeed } from "./runner.ts";

const FOLDER = new URL("../../../resources/scenarios/", import.meta.url);
const OTHER_SEEDS = [101, 102, 103, 104];

const scenarios = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".yaml"))
  .map((file): [string, Scenario] => [
    file,
    parseScenario(parse(readFileSync(new URL(file, FOLDER), "utf8"))),
  ]);

test("all lessons are there, in their order, and every scenario is under its own name", () => {
  const lessons = scenarios.flatMap(([, { name, lesson }]) =>
    lesson === undefined ? [] : [{ name, order: lesson.order }],
  );
  expect(lessons.sort((a, b) => a.order - b.order).map(({ name }) => name)).toEqual([
    "leader-election",
    "split-vote",
    "log-repair",
    "stale-leader",
    "byzantine-general",
    "byzantine-three",
    "view-change",
    "gossip-versus-consensus",
    "crdt-merge",
  ]);
  expect(scenarios.map(([file, { name }]) => file === `${name}.yaml`)).not.toContain(false);
});

describe.each(scenarios)("%s", (_file, scenario) => {
  const seeds = [scenario.seed, ...OTHER_SEEDS];

  test.each(seeds)("keeps its promises with seed %i", (seed) => {
    const ports = { factory: meshFactory, sink: () => undefined };
    const { failures } = runScenario(withSeed(scenario, seed), ports);
    expect(failures.map(({ at, why }) => `${at / 1e6} s: ${why}`)).toEqual([]);
  });

  test("explains itself in both languages", () => {
    expect(scenario.about.zh).toBeTypeOf("string");
    const silent = scenario.steps.filter((step) => step.explain === undefined);
    expect(silent.map((step) => step.id)).toEqual([]);
    expect(scenario.steps.filter((step) => step.explain?.zh === undefined)).toEqual([]);
  });
});
