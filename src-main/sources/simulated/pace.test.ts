import { describe, expect, it } from "vitest";
import { Pace } from "./pace.ts";

function playing(ratio: number): Pace {
  const pace = new Pace();
  pace.setRatio(ratio, 0, 0);
  pace.play(1_000, 500);
  return pace;
}

describe("the pace of virtual time", () => {
  it.each([
    [0.01, 10],
    [1, 1_000],
    [1_000, 1_000_000],
  ])("at %s× reaches %s µs a millisecond", (ratio, micros) => {
    expect(playing(ratio).target(1_001)).toBe(500 + micros);
  });

  it("starts from where it is when the ratio changes", () => {
    const pace = playing(1);
    pace.setRatio(10, 1_010, 10_500);
    expect(pace.target(1_011)).toBe(20_500);
  });

  it("does not go back with a clock that does", () => {
    expect(playing(1).target(900)).toBe(500);
  });

  it("catches up on a debt of 100 ms and forgives a longer one", () => {
    const pace = playing(1);
    pace.reached(1_100, 500);
    expect(pace.target(1_100)).toBe(100_500);
    pace.reached(1_101, 500);
    expect(pace.target(1_101)).toBe(500);
    expect(pace.target(1_102)).toBe(1_500);
  });

  it("tells the reached ratio only when it falls short, after a second of measuring", () => {
    const pace = playing(100);
    for (let ms = 0; ms < 1_000; ms += 10) pace.reached(1_000 + ms, ms * 50_000);
    expect(pace.shortfall()).toBeUndefined();
    pace.reached(2_000, 1_000 * 50_000);
    expect(pace.shortfall()).toBeCloseTo(50);
    for (let ms = 1_000; ms <= 2_100; ms += 10) pace.reached(1_000 + ms, ms * 96_000);
    expect(pace.shortfall()).toBeUndefined();
  });

  it("measures anew after a pause", () => {
    const pace = playing(100);
    for (let ms = 0; ms <= 1_000; ms += 10) pace.reached(1_000 + ms, 0);
    expect(pace.shortfall()).toBe(0);
    pace.pause();
    expect(pace.shortfall()).toBeUndefined();
    expect(pace.playing).toBe(false);
  });
});
