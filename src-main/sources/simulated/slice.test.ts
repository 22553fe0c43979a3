import { describe, expect, it } from "vitest";
import { Slicer } from "./slice.ts";

/** An engine of equal steps on a clock of its own: one step a microsecond of mesh time. */
function setUp(stepMs: () => number): { slicer: Slicer; now: () => number; at: () => number } {
  let [now, at] = [0, 0];
  const runUntil = (target: number, maxSteps: number): number => {
    let steps = 0;
    while (steps < maxSteps && at < target) {
      at += 1;
      now += stepMs();
      steps += 1;
    }
    return steps;
  };
  return { slicer: new Slicer({ runUntil }, () => now), now: () => now, at: () => at };
}

describe("a slice of simulating", () => {
  it.each([0.001, 0.01, 0.1, 0.5])("with steps of %s ms takes about 8 ms", (stepMs) => {
    const { slicer, now } = setUp(() => stepMs);
    for (let slice = 0; slice < 20; slice += 1) {
      const began = now();
      expect(slicer.run(1e9)).toBe(false);
      expect(now() - began).toBeGreaterThanOrEqual(8);
      expect(now() - began).toBeLessThan(8 + 2.1);
    }
  });

  it("with long steps takes one more than fits", () => {
    const { slicer, now } = setUp(() => 5);
    slicer.run(1e9);
    expect(now()).toBe(10);
  });

  it("finds back to its measure when steps become long", () => {
    let stepMs = 0.001;
    const { slicer, now } = setUp(() => stepMs);
    for (let slice = 0; slice < 10; slice += 1) slicer.run(1e9);
    stepMs = 1;
    for (let slice = 0; slice < 12; slice += 1) slicer.run(1e9);
    const began = now();
    slicer.run(1e9);
    expect(now() - began).toBeLessThanOrEqual(10);
  });

  it("ends when the target is reached", () => {
    const { slicer, at } = setUp(() => 0.001);
    expect(slicer.run(37)).toBe(true);
    expect(at()).toBe(37);
    expect(slicer.run(37)).toBe(true);
  });
});
