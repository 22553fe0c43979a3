/** Windows are reasons: what is left out never makes a good history look bad. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unreachable } from "#main/kernel/assert.ts";
import { createRandom } from "#main/kernel/prng.ts";
import { Decider, upTo } from "./decide.ts";
import { type History, HistoryReader, type ModelHistory } from "./history.ts";
import { cutBefore, shrink } from "./shrink.ts";
import { hasOrder, type Step, stepCounter, stepRegister, stepSet } from "./testing/brute-force.ts";
import { clientHistory } from "./testing/clients.ts";
import { historyOf } from "./testing/histories.ts";
import type { Model, ModelName, ObjectHistory } from "./types.ts";
import { MemoPool } from "./word-table.ts";

const RUNS = 400;
const MODELS: readonly ModelName[] = ["register", "cas-register", "counter", "set"];

interface Check {
  <Call, State>(
    history: ObjectHistory<Call, State>,
    model: Model<Call, State>,
    step: Step<Call, State>,
  ): void;
}

function forEachKey(history: History, check: Check): void {
  const all = <Call, State>(
    { model, keys }: ModelHistory<Call, State>,
    step: Step<Call, State>,
  ): void => {
    for (const one of keys) for (const part of model.split(one)) check(part, model, step);
  };
  const { objects } = history;
  switch (objects.kind) {
    case "register":
      return all(objects, stepRegister);
    case "counter":
      return all(objects, stepCounter);
    case "set":
      return all(objects, stepSet);
    default:
      return unreachable(objects);
  }
}

const histories = fc
  .record({
    seed: fc.nat(2 ** 30),
    model: fc.constantFrom(...MODELS),
    operations: fc.integer({ min: 2, max: 8 }),
    clients: fc.integer({ min: 2, max: 4 }),
    keys: fc.constant(1),
    values: fc.constantFrom(0, 2, 3),
    info: fc.constantFrom(0, 0.2),
    fail: fc.constantFrom(0, 0.1),
    wrong: fc.constantFrom(0, 0.3),
  })
  .map(({ seed, ...plan }) => {
    const reader = new HistoryReader();
    for (const event of clientHistory({ ...plan, random: createRandom(seed) })) {
      reader.addEvent(event);
    }
    return reader.finish();
  });

/** Every way to make a history one notch smaller. */
function smaller<Call, State>(
  history: ObjectHistory<Call, State>,
  model: Model<Call, State>,
): ReadonlyArray<ObjectHistory<Call, State>> {
  const { operations } = history;
  const cuts = operations.map(({ begin }) => cutBefore(model, history, begin));
  return [
    ...operations.map((one) => model.reduce(history, new Set([one]))),
    model.reduce(history, new Set(operations.slice(0, operations.length >>> 1))),
    ...model.aspects(history),
    ...cuts.filter((cut) => cut !== undefined),
    ...operations.map(({ begin }) => upTo(history, begin)),
  ];
}

describe("making a history smaller", () => {
  it("never turns a linearizable one into one that is not", () => {
    fc.assert(
      fc.property(histories, (history) => {
        forEachKey(history, (part, model, step) => {
          if (!hasOrder(part, step)) return;
          for (const less of smaller(part, model)) {
            expect(hasOrder(less, step)).toBe(true);
            for (const least of smaller(less, model)) expect(hasOrder(least, step)).toBe(true);
          }
        });
      }),
      { numRuns: RUNS },
    );
  });

  it("keeps a write that nobody reads while a refused swap may have met it", () => {
    const history = historyOf([
      [0, 1, 2, "write", 2],
      [0, 3, 4, "write", 1],
      [1, 5, 6, "cas", [2, 3], false],
    ]);
    forEachKey(history, (part, model, step) => {
      expect(hasOrder(part, step)).toBe(true);
      for (const less of smaller(part, model)) expect(hasOrder(less, step)).toBe(true);
    });
  });

  it("ends with a window that no order explains and of which nothing can go", () => {
    let windows = 0;
    fc.assert(
      fc.property(histories, (history) => {
        forEachKey(history, (part, model, step) => {
          if (hasOrder(part, step)) return;
          windows += 1;
          const limits = { allowance: { steps: 100_000 }, perTrial: 10_000 };
          const decider = new Decider(model, new MemoPool(100_000), limits);
          const shrinking = shrink(decider, part);
          let next = shrinking.next();
          while (next.done !== true) next = shrinking.next();
          expect(decider.gaveUp).toBe(false);
          const { window } = next.value;
          expect(hasOrder(window, step)).toBe(false);
          for (const one of window.operations) {
            const less = model.reduce(window, new Set([one]));
            const went = less.operations.length < window.operations.length;
            expect(went && !hasOrder(less, step)).toBe(false);
          }
        });
      }),
      { numRuns: RUNS },
    );
    expect(windows).toBeGreaterThan(RUNS / 20);
  });
});
