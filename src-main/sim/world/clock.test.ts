import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { AssertionError } from "#main/kernel/assert.ts";
import { NodeClock } from "./clock.ts";

describe("NodeClock", () => {
  test("shows mesh time until it is set", () => {
    const clock = new NodeClock();
    expect(clock.read(123)).toBe(123);
    expect(clock.wallOf(123)).toBe(123);
  });

  test("runs fast or slow from then on", () => {
    const clock = new NodeClock();
    clock.set(1_000, 500_000, 0);
    expect([clock.read(1_000), clock.read(2_000)]).toEqual([1_000, 2_500]);
    clock.set(2_000, -500_000, 0);
    expect([clock.read(2_000), clock.read(4_000)]).toEqual([2_500, 3_500]);
  });

  test("keeps its reading when the drift ends", () => {
    const clock = new NodeClock();
    clock.set(0, 1_000_000, 0);
    clock.set(1_000, 0, 0);
    expect([clock.read(1_000), clock.read(1_500)]).toEqual([2_000, 2_500]);
  });

  test("a jump moves the wall clock alone: timers go on", () => {
    const clock = new NodeClock();
    clock.set(1_000, 0, -400);
    expect([clock.read(1_000), clock.read(1_001)]).toEqual([1_000, 1_001]);
    expect(clock.wallOf(clock.read(1_001))).toBe(601);
    clock.set(2_000, 0, 1_000);
    expect(clock.wallOf(clock.read(2_000))).toBe(2_600);
  });

  test("the wall clock shows no time before the beginning", () => {
    const clock = new NodeClock();
    clock.set(100, 0, -5_000);
    expect(clock.wallOf(clock.read(100))).toBe(0);
  });

  test("finds the first mesh time at which it shows a given time", () => {
    const change = fc.record({
      after: fc.nat(10_000),
      driftPpm: fc.integer({ min: -500_000, max: 500_000 }),
      jump: fc.integer({ min: -5_000, max: 5_000 }),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4 }), fc.nat(40_000), (changes, local) => {
        const clock = new NodeClock();
        let now = 0;
        for (const { after, driftPpm, jump } of changes) {
          now += after;
          clock.set(now, driftPpm, jump);
        }
        const due = clock.worldTimeOf(local, now);
        expect(due).toBeGreaterThanOrEqual(now);
        if (due > now) {
          expect(clock.read(due - 1)).toBeLessThan(local);
        }
        expect(clock.read(due)).toBeGreaterThanOrEqual(local);
      }),
    );
  });

  test("does not run backwards", () => {
    expect(() => new NodeClock().set(0, -1_000_000, 0)).toThrow(AssertionError);
  });
});
