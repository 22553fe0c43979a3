import { describe, expect, test } from "vitest";
import type { NodeEffect } from "#main/node/mesh-node.ts";
import { meshFactory } from "../mesh-factory.ts";
import type { MeshFactory } from "../types.ts";
import { runChaos } from "./chaos.ts";
import { chaosPlan } from "./plan.ts";
import { Shrinking, shrinkSteps } from "./shrink.ts";
import type { PlannedStep } from "./types.ts";

const SEEDS = [1, 2, 3, 4, 5, 6];

describe("chaos", () => {
  test.each(SEEDS)("raft, seed %i: safe throughout, alive when the faults end", (seed) => {
    expect(runChaos(chaosPlan(seed, { kind: "raft" }), meshFactory).broken).toEqual([]);
  });

  test.each(SEEDS.slice(0, 3))(
    "pbft, seed %i: as many traitors as it bears change nothing",
    (seed) => {
      expect(runChaos(chaosPlan(seed, { kind: "pbft", nodes: 4 }), meshFactory).broken).toEqual([]);
    },
  );

  test("a node that is read-only from its start took a write in: raft, seed 23", () => {
    expect(runChaos(chaosPlan(23, { kind: "raft" }), meshFactory).broken).toEqual([]);
  });

  test("a torn record hid all that later lives wrote behind it: raft, seed 145", () => {
    expect(runChaos(chaosPlan(145, { kind: "raft" }), meshFactory).broken).toEqual([]);
  });

  test("the same plan gives the same run", () => {
    const plan = chaosPlan(8, { kind: "raft" });
    expect(runChaos(plan, meshFactory).hash).toBe(runChaos(plan, meshFactory).hash);
  });
});

/** A disk that forgets what was written last, at every restart of a node. */
const forgetful: MeshFactory = (options, formed, shared) => {
  const maker = meshFactory(options, formed, shared);
  return { ...maker, create: (boot) => maker.create({ ...boot, disk: boot.disk.slice(0, 3) }) };
};

/** Sends go out before the record that they depend on is written. */
const hasty: MeshFactory = (options, formed, shared) => {
  const maker = meshFactory(options, formed, shared);
  return {
    ...maker,
    create: (boot) => {
      const node = maker.create(boot);
      return { id: boot.id, step: (input) => node.step(input).flatMap(hurry) };
    },
  };
};

function hurry(effect: NodeEffect): NodeEffect[] {
  if (effect.kind !== "persist") {
    return [effect];
  }
  return [...effect.then.flatMap(hurry), { ...effect, then: [] }];
}

describe("what chaos is there to find", () => {
  const finds = (factory: MeshFactory): boolean =>
    Array.from({ length: 20 }, (_, i) => i + 1).some((seed) => {
      return runChaos(chaosPlan(seed, { kind: "raft" }), factory).broken.length > 0;
    });

  test("a disk that forgets", () => {
    expect(finds(forgetful)).toBe(true);
  });

  test("acknowledgements that do not wait for the disk", () => {
    expect(finds(hasty)).toBe(true);
  });
});

describe("shrinking", () => {
  const steps = Array.from({ length: 40 }, (_, atMs): PlannedStep => {
    return { atMs, command: { type: "fault.clearAll" } };
  });
  const at = (found: readonly PlannedStep[]): readonly number[] => found.map(({ atMs }) => atMs);

  test("leaves what is needed and nothing else", () => {
    const needed = [3, 17, 31];
    const fails = (found: readonly PlannedStep[]) => needed.every((n) => at(found).includes(n));
    expect(at(shrinkSteps(steps, fails, 1_000).steps)).toEqual(needed);
  });

  test("of what fails with no step at all leaves nothing", () => {
    expect(shrinkSteps(steps, () => true, 1_000).steps).toEqual([]);
  });

  test("what was found so far fails too, whenever one stops", () => {
    const shrinking = new Shrinking(steps, 1_000);
    const fails = (found: readonly PlannedStep[]) => at(found).includes(7);
    for (let i = 0; i < 12; i++) {
      const next = shrinking.next();
      if (next !== null) shrinking.tried(fails(next));
      expect(fails(shrinking.found.steps)).toBe(true);
      expect(shrinking.found.runs).toBeLessThanOrEqual(i + 1);
    }
    expect(at(shrinking.found.steps)).toEqual([7]);
  });

  test("ends when its runs are used up, with a list that still fails", () => {
    const fails = (found: readonly PlannedStep[]) => at(found).includes(39);
    const { steps: left, runs } = shrinkSteps(steps, fails, 3);
    expect(runs).toBeLessThanOrEqual(3);
    expect(fails(left)).toBe(true);
  });
});
