import { describe, expect, it } from "vitest";
import { decayed, faultPenalty, hearsayPenalty, trustIn } from "./formulas.ts";

describe("a penalty", () => {
  const fault = { weight: 2, tolerance: 3, cap: 8, decay: 0.5 };

  it("is the square of what exceeds the tolerance, and stops at the cap", () => {
    const penalties = [0, 3, 4, 5, 8, 100].map((count) => faultPenalty(count, fault));
    expect(penalties).toEqual([0, 0, 2, 8, 50, 50]);
  });
});

describe("decay", () => {
  it("loses 3 % an interval at 0.97, and ends at zero", () => {
    expect(decayed(100, 0.97, 0, 0.01)).toBe(100);
    expect(decayed(100, 0.97, 1, 0.01)).toBeCloseTo(97);
    expect(decayed(100, 0.97, 23, 0.01)).toBeCloseTo(49.6, 1);
    expect(decayed(100, 0.97, 303, 0.01)).toBe(0);
  });
});

describe("trust in a reporter", () => {
  it("falls from 1 at no bad score to 0 at the graylist", () => {
    expect([5, 0, -10, -20, -40, -90].map((score) => trustIn(score, -40))).toEqual([
      1, 1, 0.75, 0.5, 0, 0,
    ]);
  });
});

describe("opinions", () => {
  const options = { gossipThreshold: -10, hearsayCap: 15 };

  it("reach the gossip threshold with a quorum of full trust, and stop at their cap", () => {
    expect(hearsayPenalty(3, 7, options)).toBeLessThan(10);
    expect(hearsayPenalty(4, 7, options)).toBe(10);
    expect(hearsayPenalty(7, 7, options)).toBe(15);
    expect(hearsayPenalty(2, 4, options)).toBeLessThan(10);
  });
});
