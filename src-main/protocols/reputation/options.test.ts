import { describe, expect, it } from "vitest";
import { lowestScore } from "./formulas.ts";
import {
  REPUTATION_DEFAULTS,
  type ReputationOptions,
  validateReputationOptions,
} from "./options.ts";
import { Reputation } from "./reputation.ts";

function problems(change: Partial<ReputationOptions>): string[] {
  return validateReputationOptions({ ...REPUTATION_DEFAULTS, ...change });
}

describe("validateReputationOptions", () => {
  it("accepts the defaults, in which every threshold can be reached", () => {
    expect(problems({})).toEqual([]);
    expect(lowestScore(REPUTATION_DEFAULTS)).toBeLessThan(REPUTATION_DEFAULTS.banThreshold);
  });

  it("accepts the ends of a range and nothing beyond them", () => {
    expect(problems({ exploreShare: 0, burst: 1, retainMs: 0 })).toEqual([]);
    expect(problems({ exploreShare: 1.01 })).toEqual(["exploreShare must be 0 to 1"]);
    expect(problems({ maxMembers: 1.5 })).toHaveLength(1);
    expect(problems({ goodDecay: 1 })).toHaveLength(1);
    expect(problems({ banMs: Number.NaN })).toHaveLength(1);
  });

  it("wants thresholds in order: ban < graylist < publish < gossip < 0", () => {
    const order = "thresholds must rise: ban < graylist < publish < gossip < 0";
    expect(problems({ publishThreshold: -10 })).toEqual([order]);
    expect(problems({ graylistThreshold: -20 })).toEqual([order]);
    expect(problems({ banThreshold: -40 })).toEqual([order]);
    expect(problems({ gossipThreshold: 0 })).toContain(order);
  });

  it("does not let opinions alone lead to the graylist", () => {
    expect(problems({ hearsayCap: 39.9 })).toEqual([]);
    expect(problems({ hearsayCap: 40 })).toHaveLength(1);
  });

  it("reports all problems at once, those of faults too", () => {
    const { faults } = REPUTATION_DEFAULTS;
    const broken = { ...faults, "time-out": { weight: 1, tolerance: 5, cap: 4, decay: 0.9 } };
    expect(problems({ faults: broken, burst: 0 })).toEqual([
      "burst must be 1 to 1000000000",
      "faults.time-out must have weight >= 0, 0 <= tolerance <= cap, 0 <= decay < 1",
    ]);
  });

  it("guards the books", () => {
    const options = { ...REPUTATION_DEFAULTS, burst: 0 };
    const setup = { self: "A", members: () => [], verify: () => true, restore: [] };
    expect(() => new Reputation({ ...setup, options })).toThrow("burst");
  });
});
