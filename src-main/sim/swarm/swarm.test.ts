import { describe, expect, test } from "vitest";
import { meshFactory } from "../mesh-factory.ts";
import { swarmRun } from "./swarm.ts";

/** A failing seed found elsewhere gets a name and a place below. */
const SEEDS = Array.from({ length: 16 }, (_, i) => i + 1);

describe("whatever happens, promises are kept and the mesh agrees again", () => {
  test.each(SEEDS)("seed %i", (seed) => {
    const { broken, options, commands } = swarmRun(seed, meshFactory);
    const story = { seed, options, commands };
    expect(broken, JSON.stringify(story, null, 1)).toEqual([]);
  });
});
