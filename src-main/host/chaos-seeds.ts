/** Chaos with many seeds: meshes, requests and faults drawn from the seed, everything judged. */
import { MeshError } from "#shared/contract/errors.ts";
import { formatDuration } from "#shared/scenario/duration.ts";
import { assert } from "#main/kernel/assert.ts";
import { brokenPromise, judgeChaos } from "#main/sim/chaos/judge.ts";
import { chaosPlan } from "#main/sim/chaos/plan.ts";
import type { ChaosKind, ChaosPlan, PlannedStep } from "#main/sim/chaos/types.ts";
import { meshFactory } from "#main/sim/mesh-factory.ts";
import type { MeshFactory } from "#main/sim/types.ts";
import type { SeedRun, SeedSubject, SmallerRun } from "./seeds.ts";
import { type ShrinkLimits, shrinkWith } from "./shrinking.ts";

export { CHAOS_KINDS, type ChaosKind } from "#main/sim/chaos/types.ts";

interface Placed {
  readonly place: number;
  readonly step: PlannedStep;
}

const MICROS_PER_MS = 1_000;

export class ChaosSeeds implements SeedSubject {
  readonly #kind: ChaosKind;
  readonly #places: readonly number[] | undefined;
  readonly #factory: MeshFactory;

  /** `places`: only these steps of the plans, from 1. `factory`: tests hand in nodes with bugs. */
  constructor(kind: ChaosKind, places?: readonly number[], factory: MeshFactory = meshFactory) {
    this.#kind = kind;
    this.#places = places;
    this.#factory = factory;
  }

  /** Throws `MeshError` "bad-options" for places that the seed's plan does not have. */
  run(seed: number): SeedRun {
    const plan = chaosPlan(seed, { kind: this.#kind });
    return this.#judge(plan, this.#stepsOf(plan));
  }

  async shrink(
    failed: SeedRun,
    _control: number | undefined,
    limits: ShrinkLimits,
  ): Promise<SmallerRun> {
    assert(!failed.ok, "only what fails is made smaller");
    const plan = chaosPlan(failed.seed, { kind: this.#kind });
    const steps = this.#stepsOf(plan);
    const fails = (some: readonly Placed[]): boolean =>
      this.#judge(plan, some).failure === failed.failure;
    const found = await shrinkWith(steps, fails, limits);
    return {
      steps: found.steps.map(({ place, step }) => ({
        place,
        when: `at ${formatDuration(step.atMs * MICROS_PER_MS)}`,
        what: JSON.stringify(step.command),
      })),
      of: plan.steps.length,
      runs: found.runs,
    };
  }

  #judge(plan: ChaosPlan, placed: readonly Placed[]): SeedRun {
    const { seed } = plan;
    const steps = placed.map(({ step }) => step);
    const { broken, decided, hash } = judgeChaos({ ...plan, steps }, this.#factory);
    const [first] = broken;
    const failure = first === undefined ? "" : brokenPromise(first);
    const run = { seed, ok: broken.length === 0, hash, whys: broken, failure };
    return decided ? run : { ...run, note: "whether the history is linearizable is not known" };
  }

  #stepsOf({ seed, steps }: ChaosPlan): readonly Placed[] {
    const placed = steps.map((step, index): Placed => ({ place: index + 1, step }));
    const missing = this.#places?.find((place) => place < 1 || place > steps.length);
    if (missing !== undefined) {
      const message = `The plan of seed ${seed} has steps 1 to ${steps.length}, and no ${missing}.`;
      throw new MeshError("bad-options", message);
    }
    return placed.filter(({ place }) => this.#places?.includes(place) ?? true);
  }
}
