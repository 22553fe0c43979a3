/** The search, with all it leaves out, against the definition: all orders tried. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unreachable } from "#main/kernel/assert.ts";
import { createRandom } from "#main/kernel/prng.ts";
import { checkHistory } from "./check.ts";
import { Decider } from "./decide.ts";
import { type History, HistoryReader, type ModelHistory } from "./history.ts";
import {
  isLinearizable,
  type Step,
  stepCounter,
  stepRegister,
  stepSet,
} from "./testing/brute-force.ts";
import { clientHistory, type ClientsPlan } from "./testing/clients.ts";
import type { ModelName } from "./types.ts";
import { MemoPool } from "./word-table.ts";

const RUNS = 1_500;
const LONG_RUNS = 60;

function read(plan: ClientsPlan): History {
  const reader = new HistoryReader();
  for (const event of clientHistory(plan)) reader.addEvent(event);
  return reader.finish();
}

function plans(model: ModelName): fc.Arbitrary<Omit<ClientsPlan, "random"> & { seed: number }> {
  return fc.record({
    seed: fc.nat(2 ** 30),
    model: fc.constant(model),
    operations: fc.integer({ min: 1, max: 9 }),
    clients: fc.integer({ min: 1, max: 6 }),
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

  it("is never refused what a real one did, however long and however many clients", () => {
    const long = fc.record({
      operations: fc.integer({ min: 20, max: 200 }),
      clients: fc.integer({ min: 2, max: 12 }),
    });
    fc.assert(
      fc.property(plans(model), long, ({ seed, ...plan }, { operations, clients }) => {
        const real = { ...plan, operations, clients, random: createRandom(seed), wrong: 0 };
        const { verdict } = checkHistory(read(real), { maxSteps: 50_000 });
        expect(verdict).not.toBe("not-linearizable");
      }),
      { numRuns: LONG_RUNS },
    );
  });

  it("is only called linearizable with an order that works", () => {
    fc.assert(
      fc.property(plans(model), fc.integer({ min: 10, max: 100 }), (plan, operations) => {
        const history = read({ ...plan, operations, random: createRandom(plan.seed) });
        expectOrders(history);
      }),
      { numRuns: LONG_RUNS },
    );
  });
});

function expectOrders({ objects }: History): void {
  switch (objects.kind) {
    case "register":
      return expectOrdersOf(objects, stepRegister);
    case "counter":
      return expectOrdersOf(objects, stepCounter);
    case "set":
      return expectOrdersOf(objects, stepSet);
    default:
      return unreachable(objects);
  }
}

/** Whatever order the search finds is one of the operations, in real time, with these results. */
function expectOrdersOf<Call, State>(
  { model, keys }: ModelHistory<Call, State>,
  step: Step<Call, State>,
): void {
  for (const { initials, operations } of keys) {
    const limits = { allowance: { steps: 50_000 }, perTrial: 50_000 };
    const { answer, order } = new Decider(model, new MemoPool(1 << 20), limits).decide({
      initials,
      operations,
    });
    if (answer !== "linearizable") continue;
    let [state] = initials;
    let latestBegin = -1;
    const left = new Map(operations.map((one) => [one.begin, one]));
    for (const begin of order) {
      const one = left.get(begin);
      left.delete(begin);
      expect(one?.end).toBeGreaterThan(latestBegin);
      latestBegin = Math.max(latestBegin, begin);
      if (one !== undefined && state !== undefined) state = step(state, one.call);
      expect(state).toBeDefined();
    }
    expect([...left.values()].every(({ end }) => end === Infinity)).toBe(true);
  }
}
