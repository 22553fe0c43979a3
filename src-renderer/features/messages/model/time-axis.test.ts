import { describe, expect, it } from "vitest";
import { stepFor, tickLabel, ticksOf } from "./ticks.ts";
import {
  fitRange,
  MAX_US_PER_PX,
  MIN_US_PER_PX,
  panBy,
  placeAt,
  timeAt,
  type TimeView,
  windowOf,
  xOf,
  zoomAt,
} from "./time-axis.ts";

const WIDTH = 800;
/** Microseconds since 1970, as meshes with a wall clock count. */
const TODAY = 1_795_000_000_000_000;

describe("a view of time", () => {
  it("keeps the instant under the pointer in place, from a day to a microsecond", () => {
    let view: TimeView = fitRange({ from: TODAY, to: TODAY + 86_400_000_000 }, WIDTH);
    const anchor = 313;
    const at = Math.round(timeAt(view, anchor));
    view = placeAt(view, at, anchor);
    for (let step = 0; step < 200; step += 1) {
      view = zoomAt(view, anchor, 1.3);
      expect(Math.abs(xOf(view, at) - anchor)).toBeLessThan(0.01);
    }
    expect(view.usPerPx).toBe(MIN_US_PER_PX);
    expect(xOf(view, at + 1) - xOf(view, at)).toBeCloseTo(100, 6);
  });

  it("comes back to the same place after many small moves", () => {
    const begin = placeAt({ origin: 0, shiftPx: 0, usPerPx: 0.013 }, TODAY, 400);
    let view = begin;
    for (let step = 0; step < 1_000; step += 1) view = panBy(view, 7.25);
    for (let step = 0; step < 1_000; step += 1) view = panBy(view, -7.25);
    expect(xOf(view, TODAY)).toBeCloseTo(400, 3);
    expect(Number.isSafeInteger(view.origin)).toBe(true);
  });

  it("never holds a fraction of a microsecond in its origin", () => {
    const view = zoomAt(panBy(fitRange({ from: 5, to: 17 }, WIDTH), 3.3), 12.7, 1.7);
    expect(Number.isSafeInteger(view.origin)).toBe(true);
  });

  it("shows a range with room on both sides, and no more than the limits", () => {
    const view = fitRange({ from: 1_000, to: 2_000 }, WIDTH);
    expect(xOf(view, 1_000)).toBeGreaterThan(10);
    expect(xOf(view, 2_000)).toBeLessThan(WIDTH - 10);
    expect(fitRange({ from: 0, to: 1e15 }, WIDTH).usPerPx).toBe(MAX_US_PER_PX);
    expect(zoomAt(view, 0, 1e-12).usPerPx).toBe(MAX_US_PER_PX);
  });

  it("says which instants it shows", () => {
    const view = placeAt({ origin: 0, shiftPx: 0, usPerPx: 10 }, 5_000, 0);
    expect(windowOf(view, 100)).toEqual({ from: 5_000, to: 6_000 });
    expect(windowOf(placeAt(view, 0, 50), 100).from).toBe(0);
  });
});

describe("ticks", () => {
  it("stand at round distances: decimal below a second, as on a clock above", () => {
    expect(stepFor(0.01, 100)).toBe(1);
    expect(stepFor(3, 100)).toBe(500);
    expect(stepFor(90_000, 100)).toBe(10_000_000);
    expect(stepFor(150_000, 100)).toBe(15_000_000);
    expect(stepFor(1e6, 100)).toBe(120_000_000);
    expect(stepFor(1e8, 100)).toBe(21_600_000_000 / 2);
  });

  it("are at whole steps, as far apart as asked for", () => {
    const view = fitRange({ from: 1_000_000, to: 2_000_000 }, WIDTH);
    const ticks = ticksOf(view, { width: WIDTH, minGapPx: 100, offsetUs: 0 });
    expect(ticks.map(({ at }) => at)).toEqual([
      1_000_000, 1_200_000, 1_400_000, 1_600_000, 1_800_000, 2_000_000,
    ]);
    expect(ticks[1]?.label).toBe("00:01.200");
  });

  it("fall on local hours where time is that of a clock", () => {
    const view = fitRange({ from: TODAY, to: TODAY + 8 * 3_600_000_000 }, WIDTH);
    const half = 1_800_000_000;
    for (const { at } of ticksOf(view, { width: WIDTH, minGapPx: 100, offsetUs: half })) {
      expect((at + half) % 3_600_000_000).toBe(0);
    }
  });

  it("say as much as their distance needs", () => {
    const at = 3_723_004_005;
    expect(tickLabel(at, 60_000_000)).toBe("01:02");
    expect(tickLabel(at, 1_000_000)).toBe("01:02:03");
    expect(tickLabel(at, 1_000)).toBe("02:03.004");
    expect(tickLabel(at, 1)).toBe("03.004 005");
    expect(tickLabel(2 * 86_400_000_000, 86_400_000_000)).toBe("2 d");
    expect(tickLabel(0, 86_400_000_000)).toBe("0 d");
    expect(tickLabel(TODAY, 86_400_000_000)).toBe("2026-11-18");
  });
});
