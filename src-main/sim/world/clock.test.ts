import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { AssertionError } from "#main/kernel/assert.ts";
import { NodeClock } from "./clock.ts";

describe("NodeClock", () => {
  test("shows mesh time until it is set", () => {
    expect(new NodeClock().read(123)).toBe(123);
  });

  test("runs fast or slow from then on, and jumps once", () => {
    const clock = new NodeClock();
    clock.set(1_000, 500_000, 0);
    expect([clock.read(1_000), clock.read(2_000)]).toEqual([1_000, 2_500]);
    clock.set(2_000, -500_000, 100);
    expect([clock.read(2_000), clock.read(4_000)]).toEqual([2_600, 3_600]);
  });

  test("keeps its reading when the drift ends", () => {
    const clock = new NodeClock();
    clock.set(0, 1_000_000, 0);
    clock.set(1_000, 0, 0);
    expect([clock.read(1_000), clock.read(1_500)]).toEqual([2_000, 2_500]);
  });

  test("set back, it stands still until its time comes round again", () => {
    const clock = new NodeClock();
    expect(clock.read(1_000)).toBe(1_000);
    clock.set(1_000, 0, -400);
    expect([clock.read(1_000), clock.read(1_399), clock.read(1_401)]).toEqual([
      1_000, 1_000, 1_001,
    ]);
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
          clock.read(now);
          clock.set(now, driftPpm, jump);
        }
        const shown = clock.read(now);
        const due = clock.worldTimeOf(local, now);
        expect(due).toBeGreaterThanOrEqual(now);
        if (due > now) {
          expect(shown).toBeLessThan(local);
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
