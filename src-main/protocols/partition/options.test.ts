import { describe, expect, it } from "vitest";
import { ms } from "#main/kernel/time.ts";
import { hasMajority, majorityOf } from "./majority.ts";
import {
  PARTITION_DEFAULTS,
  stableAfterBySize,
  unstableCap,
  validatePartitionOptions,
} from "./options.ts";

describe("stableAfterBySize", () => {
  // Pekko, split-brain-resolver, the table of recommended values.
  it.each([
    [5, 7_000],
    [10, 10_000],
    [20, 13_000],
    [50, 17_000],
    [100, 20_000],
    [1_000, 30_000],
  ])("is Pekko's recommendation at %i nodes", (n, milliseconds) => {
    expect(stableAfterBySize(n)).toBe(ms(milliseconds));
  });

  it.each([
    [1, 7_000],
    [4, 7_000],
    [1_001, 30_000],
    [10_000, 30_000],
  ])("stays at the nearest row outside of the table (%i nodes)", (n, milliseconds) => {
    expect(stableAfterBySize(n)).toBe(ms(milliseconds));
  });

  it("is linear in log n between two rows", () => {
    expect(stableAfterBySize(9) / 1_000).toBeCloseTo(9_544, -1);
    expect(stableAfterBySize(316) / 1_000).toBeCloseTo(25_000, -1);
  });

  it("never falls when the mesh grows", () => {
    for (let n = 2; n < 1_200; n++) {
      expect(stableAfterBySize(n)).toBeGreaterThanOrEqual(stableAfterBySize(n - 1));
    }
  });
});

describe("unstableCap", () => {
  it("is the window and three quarters of it", () => {
    expect(unstableCap(ms(10_000))).toBe(ms(17_500));
  });
});

describe("majorityOf", () => {
  it.each([
    [0, 1],
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [9, 5],
    [10, 6],
  ])("of %i is %i without a tie-breaker", (of, needed) => {
    expect(majorityOf(of, false)).toBe(needed);
  });

  it.each([
    [0, 1],
    [1, 1],
    [2, 1],
    [9, 5],
    [10, 5],
  ])("of %i is %i with the tie-breaker", (of, needed) => {
    expect(majorityOf(of, true)).toBe(needed);
  });

  it("is reached, not exceeded", () => {
    expect(hasMajority({ reachable: 5, needed: 5, of: 9 })).toBe(true);
    expect(hasMajority({ reachable: 4, needed: 5, of: 9 })).toBe(false);
  });
});

describe("validatePartitionOptions", () => {
  it("accepts the defaults and the limits", () => {
    expect(validatePartitionOptions(PARTITION_DEFAULTS)).toEqual([]);
    expect(validatePartitionOptions({ stableAfterMs: 1, tieBreaker: "A" })).toEqual([]);
    expect(validatePartitionOptions({ stableAfterMs: 3_600_000, tieBreaker: null })).toEqual([]);
  });

  it("reports all problems at once", () => {
    const problems = validatePartitionOptions({ stableAfterMs: 0, tieBreaker: "" });
    expect(problems).toEqual([
      "stableAfterMs must be 1 to 3600000, or null",
      "tieBreaker must name a member, or be null",
    ]);
    expect(validatePartitionOptions({ stableAfterMs: Number.NaN, tieBreaker: null })).toHaveLength(
      1,
    );
  });
});
