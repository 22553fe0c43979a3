import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { AssertionError } from "./assert.ts";
import { createRandom } from "./prng.ts";

function draws(random: { next(): number }, count: number): number[] {
  return Array.from({ length: count }, () => random.next());
}

describe("createRandom", () => {
  test("the same seed draws the same numbers for ever", () => {
    const random = createRandom(1);
    expect(Array.from({ length: 4 }, () => random.int(1_000_000))).toEqual([
      265_097, 146_265, 769_252, 206_002,
    ]);
  });

  test("neighbouring seeds, and seeds that differ only above 32 bits, share nothing", () => {
    const streams = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 52].map((seed) =>
      draws(createRandom(seed), 4).join(),
    );
    expect(new Set(streams).size).toBe(streams.length);
  });

  test("a fork depends on seed and name, never on draws made before", () => {
    const fresh = createRandom(7);
    const used = createRandom(7);
    draws(used, 100);
    expect(draws(used.fork("disk"), 5)).toEqual(draws(fresh.fork("disk"), 5));
    expect(draws(fresh.fork("disk"), 5)).not.toEqual(draws(fresh.fork("network"), 5));
    expect(draws(fresh.fork("a").fork("b"), 5)).not.toEqual(draws(fresh.fork("b").fork("a"), 5));
  });

  test("a fork does not disturb its parent", () => {
    const plain = createRandom(9);
    const forked = createRandom(9);
    forked.fork("x").next();
    expect(draws(forked, 5)).toEqual(draws(plain, 5));
  });

  test("int stays in [0, bound) and reaches every value evenly", () => {
    const random = createRandom(3);
    const counts = Array.from({ length: 6 }, () => 0);
    for (let i = 0; i < 60_000; i++) {
      const value = random.int(6);
      counts[value] = (counts[value] ?? Number.NaN) + 1;
    }
    for (const count of counts) {
      expect(Math.abs(count - 10_000)).toBeLessThan(400);
    }
  });

  test("int takes any safe bound and refuses what is no bound", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), fc.nat(), (bound, seed) => {
        const value = createRandom(seed).int(bound);
        return Number.isInteger(value) && value >= 0 && value < bound;
      }),
    );
    for (const bound of [0, -1, 1.5, 2 ** 53, Number.NaN]) {
      expect(() => createRandom(1).int(bound)).toThrow(AssertionError);
    }
  });

  test("wide bounds are drawn evenly too, down to the lowest bit", () => {
    const random = createRandom(6);
    const draws = Array.from({ length: 20_000 }, () => random.int(3 * 2 ** 40));
    const thirds = draws.filter((value) => value < 2 ** 40).length;
    const odd = draws.filter((value) => value % 2 === 1).length;
    expect(Math.abs(thirds - 6_667)).toBeLessThan(350);
    expect(Math.abs(odd - 10_000)).toBeLessThan(350);
  });

  test("next is uniform in [0, 1)", () => {
    const values = draws(createRandom(5), 100_000);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.min(...values.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(values.every((value) => value < 1)).toBe(true);
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.005);
  });

  test("a seed that is no non-negative integer is a bug of the caller", () => {
    for (const seed of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => createRandom(seed)).toThrow(AssertionError);
    }
  });
});
