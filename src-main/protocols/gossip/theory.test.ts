import { describe, expect, it } from "vitest";
import {
  expectedPullRounds,
  expectedPushPullRounds,
  expectedPushRounds,
  mongeringResidue,
} from "./theory.ts";

describe("expected rounds to all", () => {
  // Pittel's formula; and the means of many simulated runs with fanout 1.
  it.each([
    [100, 11.25],
    [1_000, 16.87],
    [10_000, 22.5],
  ])("of push for n = %i", (n, rounds) => {
    expect(expectedPushRounds(n)).toBeCloseTo(rounds, 1);
  });

  it.each([
    [100, 9.7],
    [1_000, 13.8],
    [10_000, 17.5],
  ])("of pull for n = %i", (n, rounds) => {
    expect(Math.abs(expectedPullRounds(n) - rounds)).toBeLessThan(0.2);
  });

  it.each([
    [100, 6.5],
    [1_000, 9.2],
    [10_000, 11.7],
  ])("of push-pull for n = %i", (n, rounds) => {
    expect(Math.abs(expectedPushPullRounds(n) - rounds)).toBeLessThan(0.2);
  });

  it.each([
    [100, 5.7],
    [1_000, 8.1],
    [10_000, 10.5],
  ])("of push with fanout 3 for n = %i, within a round", (n, rounds) => {
    expect(Math.abs(expectedPushRounds(n, 3) - rounds)).toBeLessThan(1);
  });

  it("is nothing for a mesh of one", () => {
    expect(expectedPushRounds(1)).toBe(0);
    expect(expectedPullRounds(1)).toBe(0);
    expect(expectedPushPullRounds(1)).toBe(0);
  });

  it("is finite and positive for a mesh of two", () => {
    expect(expectedPullRounds(2)).toBeGreaterThan(0.9);
    expect(expectedPushPullRounds(2)).toBeGreaterThan(0.5);
    expect(expectedPushPullRounds(2)).toBeLessThan(2);
  });
});

describe("mongeringResidue", () => {
  it.each([
    [1, 0.203],
    [2, 0.0595],
    [3, 0.0198],
    [4, 0.00698],
    [5, 0.00252],
  ])("for k = %i solves the closed form", (k, residue) => {
    expect(mongeringResidue(k)).toBeCloseTo(residue, 3);
    const s = mongeringResidue(k);
    expect(Math.exp(-(k + 1) * (1 - s))).toBeCloseTo(s, 9);
  });
});
