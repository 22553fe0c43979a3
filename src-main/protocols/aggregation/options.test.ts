import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { Aggregation } from "./aggregation.ts";
import {
  AGGREGATION_DEFAULTS,
  type AggregationOptions,
  validateAggregationOptions,
} from "./options.ts";

const LOAD = { name: "load", lowest: 0, highest: 1 };

function problems(change: Partial<AggregationOptions>): string[] {
  return validateAggregationOptions({ ...AGGREGATION_DEFAULTS, ...change });
}

describe("validateAggregationOptions", () => {
  it("accepts the defaults", () => {
    expect(problems({})).toEqual([]);
  });

  it("accepts the ends of a range and nothing beyond them", () => {
    expect(problems({ maxOutstanding: 1_024, minRounds: 1, clockSkewMs: 0 })).toEqual([]);
    expect(problems({ maxOutstanding: 0 })).toEqual([
      "maxOutstanding must be a whole number from 1 to 1024",
    ]);
    expect(problems({ reportEvery: 1.5 })).toHaveLength(1);
    expect(problems({ roundIntervalMs: Number.NaN })).toHaveLength(1);
  });

  it("wants an epoch in which something can come out, and that clocks can agree on", () => {
    expect(problems({ epochMs: 2_499, clockSkewMs: 0 })).toEqual([
      "epochMs must leave more than minRounds rounds",
    ]);
    expect(problems({ epochMs: 2_500, clockSkewMs: 1_250 })).toEqual([]);
    expect(problems({ epochMs: 2_500, clockSkewMs: 1_251 })).toHaveLength(1);
  });

  it("wants 1 to 8 metrics with different names and finite ranges", () => {
    expect(problems({ metrics: [] })).toHaveLength(1);
    expect(problems({ metrics: [LOAD, LOAD] })).toEqual(["metrics must have different names"]);
    const nine = Array.from({ length: 9 }, (_, i) => ({ ...LOAD, name: `m${i}` }));
    expect(problems({ metrics: nine })).toEqual(["metrics must be 1 to 8"]);
    expect(problems({ metrics: [{ ...LOAD, name: "" }] })).toHaveLength(1);
    expect(problems({ metrics: [{ ...LOAD, highest: Number.POSITIVE_INFINITY }] })).toHaveLength(1);
    expect(problems({ metrics: [{ ...LOAD, lowest: 2 }] })).toHaveLength(1);
  });

  it("guards the machine", () => {
    const options = { ...AGGREGATION_DEFAULTS, metrics: [] };
    const setup = { self: "A", random: createRandom(1), peers: () => [], isMember: () => true };
    expect(() => new Aggregation({ ...setup, options })).toThrow("metrics");
  });
});
