import { describe, expect, it } from "vitest";
import {
  expectedAccusers,
  joinBackoffMs,
  minSuspicionMs,
  retransmitLimit,
  suspicionMs,
  syncScale,
} from "./formulas.ts";

describe("retransmitLimit, memberlist LAN (PROTOCOLS §2.1)", () => {
  it.each([
    [1, 4],
    [9, 4],
    [10, 8],
    [50, 8],
    [99, 8],
    [100, 12],
    [999, 12],
    [1_000, 16],
  ])("n = %i: %i sends", (n, sends) => {
    expect(retransmitLimit(4, n)).toBe(sends);
  });
});

describe("the shortest and longest suspicion, memberlist LAN in seconds (PROTOCOLS §2.1)", () => {
  it.each([
    [1, 4, 24],
    [10, 4, 24],
    [50, 6.8, 40.8],
    [100, 8, 48],
    [1_000, 12, 72],
  ])("n = %i: %d to %d", (n, min, max) => {
    const shortest = minSuspicionMs(4, n, 1_000) / 1_000;
    expect(shortest).toBeCloseTo(min, 1);
    expect(shortest * 6).toBeCloseTo(max, 0);
  });
});

describe("K, the accusers that bring the shortest suspicion (memberlist suspectNode)", () => {
  it.each([
    [4, 3, 0],
    [4, 4, 2],
    [4, 100, 2],
    [6, 5, 0],
    [6, 6, 4],
    [2, 100, 0],
    [1, 100, 0],
  ])("multiplier %i, n = %i: %i", (multiplier, n, k) => {
    expect(expectedAccusers(multiplier, n)).toBe(k);
  });
});

describe("LHA-Suspicion (Lifeguard §IV-B; memberlist TestSuspicion_remainingSuspicionTime)", () => {
  const bounds = { minMs: 2_000, maxMs: 30_000 };
  it.each([
    [0, 3, 30_000],
    [1, 3, 16_000],
    [2, 3, 7_810],
    [3, 3, 2_000],
    [4, 3, 2_000],
    [5, 3, 2_000],
    [0, 0, 2_000],
  ])("after %i of %i further accusers: %i ms", (accusers, expected, length) => {
    expect(suspicionMs(accusers, expected, bounds)).toBeCloseTo(length, -1);
  });
});

describe("syncScale (memberlist pushPullScale)", () => {
  it.each([
    [1, 1],
    [32, 1],
    [33, 2],
    [64, 2],
    [65, 3],
    [128, 3],
    [1_000, 6],
  ])("n = %i: × %i", (n, scale) => {
    expect(syncScale(n)).toBe(scale);
  });
});

describe("joinBackoffMs", () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [5, 16_000],
    [6, 30_000],
    [60, 30_000],
  ])("attempt %i: %i ms", (attempt, pause) => {
    expect(joinBackoffMs(attempt, 1_000, 30_000)).toBe(pause);
  });
});
