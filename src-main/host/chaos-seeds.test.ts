import { describe, expect, it } from "vitest";
import { meshFactory } from "#main/sim/mesh-factory.ts";
import type { MeshFactory } from "#main/sim/types.ts";
import { ChaosSeeds } from "./chaos-seeds.ts";

/** A disk that forgets what was written last, at every restart of a node. */
const forgetful: MeshFactory = (options, formed, shared) => {
  const maker = meshFactory(options, formed, shared);
  return { ...maker, create: (boot) => maker.create({ ...boot, disk: boot.disk.slice(0, 3) }) };
};

const goOn = () => Promise.resolve(true);
const MAX_SEED = 20;

describe("chaos", () => {
  it("a good seed is a good seed, each time the same", () => {
    const seeds = new ChaosSeeds("raft");
    const run = seeds.run(1);
    expect(run).toMatchObject({ seed: 1, ok: true, whys: [], failure: "" });
    expect(seeds.run(1).hash).toBe(run.hash);
  });

  it("a bug is found, made smaller, and found again by the steps that are left", async () => {
    const seeds = new ChaosSeeds("raft", undefined, forgetful);
    let failed = seeds.run(1);
    for (let seed = 2; failed.ok && seed <= MAX_SEED; seed++) failed = seeds.run(seed);
    expect(failed.ok).toBe(false);
    const smaller = await seeds.shrink(failed, undefined, { maxRuns: 12, goOn });
    expect(smaller.steps.length).toBeLessThan(smaller.of / 2);
    const places = smaller.steps.map(({ place }) => place);
    const again = new ChaosSeeds("raft", places, forgetful).run(failed.seed);
    expect(again.failure).toBe(failed.failure);
  });

  it("refuses steps that the plan does not have", () => {
    expect(() => new ChaosSeeds("raft", [99_999]).run(1)).toThrow(/has steps 1 to \d+, and no/);
  });
});
