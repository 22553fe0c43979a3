/** One scenario with many seeds. */
import { crossProblems } from "#shared/scenario/cross-check.ts";
import { formatDuration } from "#shared/scenario/duration.ts";
import { describePattern } from "#shared/scenario/pattern.ts";
import type { Scenario, ScenarioStep } from "#shared/scenario/scenario.ts";
import { assert } from "#main/kernel/assert.ts";
import { type ScenarioResult, startScenario } from "./runs.ts";
import type { SeedRun, SeedSubject, SmallerRun, SmallerStep } from "./seeds.ts";
import { type ShrinkLimits, shrinkWith } from "./shrinking.ts";

type Failure = ScenarioResult["failures"][number];

interface Placed {
  readonly place: number;
  readonly step: ScenarioStep;
}

export class ScenarioSeeds implements SeedSubject {
  readonly #scenario: Scenario;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
  }

  run(seed: number): SeedRun {
    return runOnce(this.#scenario, seed);
  }

  /**
   * A promise that something comes breaks in every run without the steps that bring it about. So
   * where a seed is known with which all goes well, the fewer steps must go well with it too.
   * Something bad that happens is as bad with any seed.
   */
  async shrink(
    failed: SeedRun,
    control: number | undefined,
    limits: ShrinkLimits,
  ): Promise<SmallerRun> {
    assert(!failed.ok, "only what fails is made smaller");
    const { steps } = this.#scenario;
    const placed = steps.map((step, index): Placed => ({ place: index + 1, step }));
    const compared = failed.failure.startsWith(BAD) ? undefined : control;
    const fails = (some: readonly Placed[]): boolean => {
      const scenario = { ...this.#scenario, steps: some.map(({ step }) => step) };
      return (
        crossProblems(scenario).length === 0 &&
        runOnce(scenario, failed.seed).failure === failed.failure &&
        (compared === undefined || runOnce(scenario, compared).failure !== failed.failure)
      );
    };
    const found = await shrinkWith(placed, fails, limits);
    return { steps: found.steps.map(describe), of: steps.length, runs: found.runs };
  }
}

/** Begins the name of a failure that is an event, not the lack of one. */
const BAD = "bad: ";

function runOnce(scenario: Scenario, seed: number): SeedRun {
  const { ok, hash, failures } = startScenario(scenario, seed, () => undefined).finish();
  const [first] = failures;
  const failure = first === undefined ? "" : failureOf(first);
  return { seed, ok, hash, whys: failures.map(({ why }) => why), failure };
}

/** Without times and numbers of steps, which change as steps are left out. */
function failureOf({ expectation, why }: Failure): string {
  if (expectation !== undefined) {
    return `${expectation.kind === "never" ? BAD : ""}${JSON.stringify(expectation)}`;
  }
  const invariant = /^invariant (\S+) broken/.exec(why)?.[1];
  return invariant === undefined ? why.replace(/^step \d+ /, "") : `${BAD}${invariant}`;
}

function describe({ place, step }: Placed): SmallerStep {
  const { at, after, command } = step;
  const event = after === undefined ? "" : describePattern(after.event);
  const wait = after === undefined || after.wait === 0 ? "" : ` and ${formatDuration(after.wait)}`;
  const when = at === undefined ? `after ${event}${wait}` : `at ${formatDuration(at)}`;
  return { place, when, what: command === undefined ? "explains" : JSON.stringify(command) };
}
