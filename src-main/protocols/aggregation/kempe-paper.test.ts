/** Kempe, Dobra, Gehrke: Gossip-based computation of aggregate information (FOCS 2003). */
import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { Cycles } from "./testing/cycles.ts";

const NODES = 200;
const CYCLES = 20;
const SEEDS = 5;

/** Factor per cycle, the geometric mean over cycles and seeds. */
function factorPerCycle(measure: (cycles: Cycles) => number): number {
  let logs = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const cycles = new Cycles(NODES, createRandom(seed));
    cycles.run();
    const before = measure(cycles);
    for (let i = 0; i < CYCLES; i++) {
      cycles.run();
    }
    logs += Math.log(measure(cycles) / before) / CYCLES;
  }
  return Math.exp(logs / SEEDS);
}

describe("push-sum", () => {
  it("halves the potential in every cycle (lemma 2.3: 1/2 - 1/2n)", () => {
    const factor = factorPerCycle((cycles) => cycles.potential());
    expect(factor).toBeGreaterThan(0.46);
    expect(factor).toBeLessThan(0.52);
  });

  it("lets the variance of the estimates fall by the same factor, 1/2 within 6 %", () => {
    const factor = factorPerCycle((cycles) => cycles.variance());
    expect(factor).toBeGreaterThan(0.44);
    expect(factor).toBeLessThan(0.53);
  });
});
