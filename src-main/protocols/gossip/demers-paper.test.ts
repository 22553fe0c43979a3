// One test per claim of Demers et al., "Epidemic algorithms for replicated database maintenance"
// (CSL-89-1), with section or table, and of the figures of push, pull and push-pull.
import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import type { GossipOptions } from "./options.ts";
import { type CycleResult, spreadInCycles } from "./testing/cycles.ts";
import { mongeringResidue } from "./theory.ts";

interface Mean {
  readonly rounds: number;
  readonly residue: number;
  readonly traffic: number;
}

function average(n: number, runs: number, options: Partial<GossipOptions>, urgent = false): Mean {
  const results: CycleResult[] = [];
  for (let run = 0; run < runs; run++) {
    const random = createRandom(run + 1).fork(JSON.stringify(options));
    results.push(spreadInCycles({ n, options, urgent, random }));
  }
  const mean = (pick: (result: CycleResult) => number) =>
    results.reduce((sum, result) => sum + pick(result), 0) / runs;
  return {
    rounds: mean((result) => result.lastCycle),
    residue: mean((result) => result.residue),
    traffic: mean((result) => result.traffic),
  };
}

describe("simple epidemics (section 1.3), n = 100, fanout 1", () => {
  it("push reaches all in about log2 n + ln n rounds", () => {
    const { rounds, traffic } = average(100, 60, { mode: "push" });
    expect(rounds).toBeGreaterThan(11.4);
    expect(rounds).toBeLessThan(13.4);
    expect(traffic).toBeGreaterThan(5.1);
    expect(traffic).toBeLessThan(6.3);
  });

  it("pull squares the ignorant share in every round of the tail, and sends no copy in vain", () => {
    const { rounds, traffic } = average(100, 60, { mode: "pull" });
    expect(rounds).toBeGreaterThan(8.7);
    expect(rounds).toBeLessThan(10.7);
    expect(traffic).toBeCloseTo(0.99, 5);
  });

  it("push-pull is faster than either", () => {
    const { rounds, traffic } = average(100, 60, { mode: "push-pull" });
    expect(rounds).toBeGreaterThan(5.9);
    expect(rounds).toBeLessThan(7.1);
    expect(traffic).toBeGreaterThan(2.3);
    expect(traffic).toBeLessThan(3.3);
  });

  it("a fanout of 3 takes about half the rounds of push", () => {
    const { rounds } = average(100, 60, { mode: "push", fanout: 3 });
    expect(rounds).toBeGreaterThan(5.1);
    expect(rounds).toBeLessThan(6.3);
  });
});

describe("rumour mongering (section 1.4), push, n = 1000", () => {
  // Table 1: feedback and counter. Accepted: twice the residue either way, 1.5 cycles.
  it.each([
    [1, 0.18, 1.7, 16.8],
    [2, 0.037, 3.3, 16.9],
    [3, 0.011, 4.5, 17.4],
  ])("feedback and counter with k = %i leaves the residue of Table 1", (k, s, m, last) => {
    const stop: Partial<GossipOptions> = { stopRule: "feedback-counter", stopAfter: k };
    const { residue, traffic, rounds } = average(1_000, 8, { mode: "push", ...stop }, true);
    expect(residue).toBeGreaterThan(s / 2);
    expect(residue).toBeLessThan(s * 2);
    // Of every node's copies k were in vain in a row; those that were needed come on top.
    expect(traffic).toBeGreaterThan((k + 1) * (1 - residue) - 0.05);
    expect(Math.abs(traffic - m)).toBeLessThan(0.75);
    expect(Math.abs(rounds - last)).toBeLessThan(2.5);
  });

  // The same table as measured by its authors: contacts of a cycle are simultaneous, and the counter
  // starts again with every contact that was needed. Copies and residue then fit to a few per cent.
  it.each([
    [1, 0.18, 1.7],
    [2, 0.037, 3.3],
    [3, 0.011, 4.5],
  ])("a counter that resets, k = %i, leaves Table 1's residue for its traffic", (k, s, m) => {
    const options = { mode: "push", stopAfter: k, counterResets: true } as const;
    const runs = 12;
    let [residue, traffic] = [0, 0];
    for (let run = 0; run < runs; run++) {
      const random = createRandom(run + 1).fork(`table 1, ${k}`);
      const plan = { n: 1_000, options, urgent: true, simultaneous: true, random };
      const result = spreadInCycles(plan);
      residue += result.residue / runs;
      traffic += result.traffic / runs;
    }
    expect(residue / s).toBeGreaterThan(0.75);
    expect(residue / s).toBeLessThan(1.3);
    expect(Math.abs(traffic - m)).toBeLessThan(0.12);
  });

  it("blind and coin leaves far more at k = 2 (Table 2)", () => {
    const stop: Partial<GossipOptions> = { stopRule: "blind-coin", stopAfter: 2 };
    const { residue } = average(1_000, 8, { mode: "push", ...stop }, true);
    expect(residue).toBeGreaterThan(0.1);
    expect(residue).toBeLessThan(0.4);
  });

  it("blind and coin with k = 1 dies at once (Table 2)", () => {
    const stop: Partial<GossipOptions> = { stopRule: "blind-coin", stopAfter: 1 };
    const { residue } = average(1_000, 4, { mode: "push", ...stop }, true);
    expect(residue).toBeGreaterThan(0.9);
  });

  it("blind and counter sends every copy exactly k times", () => {
    const stop: Partial<GossipOptions> = { stopRule: "blind-counter", stopAfter: 3 };
    const { residue, traffic } = average(500, 4, { mode: "push", ...stop }, true);
    // Who knows it sends three copies, who does not sends none.
    expect(traffic).toBeCloseTo(3 * (1 - residue), 1);
    expect(residue).toBeGreaterThan(0.01);
  });

  it("feedback and coin lies between blind and coin, and feedback and counter", () => {
    const run = (stopRule: GossipOptions["stopRule"]) =>
      average(1_000, 8, { mode: "push", stopRule, stopAfter: 3 }, true).residue;
    const coin = run("feedback-coin");
    expect(coin).toBeGreaterThan(run("feedback-counter"));
    expect(coin).toBeLessThan(0.12);
  });

  it("the residue shrinks with e to the minus k", () => {
    expect(mongeringResidue(1)).toBeCloseTo(0.203, 3);
    expect(mongeringResidue(2)).toBeCloseTo(0.0595, 3);
    expect(mongeringResidue(5)).toBeCloseTo(0.0025, 3);
  });
});
