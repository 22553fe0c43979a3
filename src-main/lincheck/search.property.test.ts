/** The search, with all it leaves out, against the definition: all orders tried. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { checkHistory } from "./check.ts";
import { type History, HistoryReader } from "./history.ts";
import { clientHistory, type ClientsPlan } from "./testing/clients.ts";
import { isLinearizable } from "./testing/brute-force.ts";
import type { ModelName } from "./types.ts";

const RUNS = Number(process.env["LINCHECK_RUNS"] ?? 1_500);

function read(plan: ClientsPlan): History {
  const reader = new HistoryReader();
  for (const event of clientHistory(plan)) reader.addEvent(event);
  return reader.finish();
}

function plans(model: ModelName): fc.Arbitrary<Omit<ClientsPlan, "random"> & { seed: number }> {
  return fc.record({
    seed: fc.nat(2 ** 30),
    model: fc.constant(model),
    operations: fc.integer({ min: 1, max: 8 }),
    clients: fc.integer({ min: 1, max: 5 }),
    keys: fc.constantFrom(1, 1, 2),
    values: fc.constantFrom(0, 1, 2, 3),
    info: fc.constantFrom(0, 0.2, 0.5),
    fail: fc.constantFrom(0, 0.1),
    wrong: fc.constantFrom(0, 0.2, 0.5),
  });
}

describe.each<ModelName>(["register", "cas-register", "counter", "set"])("a %s", (model) => {
  it("is linearizable exactly when one of all orders works", () => {
    const found = { good: 0, bad: 0 };
    fc.assert(
      fc.property(plans(model), ({ seed, ...plan }) => {
        const history = read({ ...plan, random: createRandom(seed) });
        const expected = isLinearizable(history);
        found[expected ? "good" : "bad"] += 1;
        const { verdict } = checkHistory(history);
        expect(verdict).toBe(expected ? "linearizable" : "not-linearizable");
      }),
      { numRuns: RUNS },
    );
    // A generator that only makes good histories would prove nothing.
    expect(Math.min(found.good, found.bad)).toBeGreaterThan(RUNS / 10);
  });
});
