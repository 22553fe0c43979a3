import { describe, expect, it } from "vitest";
import { ms } from "#main/kernel/time.ts";
import { Tally } from "./tally.ts";

const TTL = ms(60_000);

describe("a tally", () => {
  it("counts every observer once", () => {
    const tally = new Tally(TTL, 0);
    expect(tally.add(3, 0, 0)).toBe("new");
    expect(tally.add(3, 0, 0)).toBe("nothing");
    expect(tally.add(700, 0, 0)).toBe("new");
    expect(tally.count).toBe(2);
    expect([tally.has(3), tally.has(4), tally.has(700), tally.has(5_000)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it("drops an observation when its time is up, to within one percent, never later", () => {
    const tally = new Tally(TTL, 0);
    tally.add(1, 0, 0);
    tally.expire(ms(59_300));
    expect(tally.count).toBe(1);
    tally.expire(ms(60_000));
    expect(tally.count).toBe(0);
  });

  it("does not take what has expired already, and takes what has not", () => {
    const tally = new Tally(TTL, ms(100_000));
    expect(tally.add(1, ms(40_000), ms(100_000))).toBe("nothing");
    expect(tally.add(1, ms(40_001), ms(100_000))).toBe("new");
  });

  it("keeps the newest time of each observer, and calls only a real repetition fresher", () => {
    const tally = new Tally(TTL, 0);
    tally.add(1, 0, 0);
    expect(tally.add(1, ms(14_000), ms(14_000))).toBe("nothing");
    expect(tally.add(1, ms(44_000), ms(44_000))).toBe("fresher");
    expect(tally.add(1, ms(10_000), ms(44_000))).toBe("nothing");
    expect(tally.age(1, ms(50_000))).toBeGreaterThanOrEqual(ms(6_000));
    expect(tally.age(1, ms(50_000))).toBeLessThan(ms(6_600));
  });

  it("never makes an observation younger than it is", () => {
    const tally = new Tally(TTL, 0);
    for (let at = 0; at < 2_000_000_000; at += 7_654_321) {
      tally.add(1, at, at);
      expect(tally.age(1, at + 1)).toBeGreaterThanOrEqual(1);
    }
  });

  it("works for days: its clock is rebased, old observations are dropped by that", () => {
    const tally = new Tally(TTL, 0);
    tally.add(1, 0, 0);
    const later = ms(3 * 86_400_000);
    tally.add(2, later, later);
    expect([tally.count, tally.has(1), tally.has(2)]).toEqual([1, false, true]);
    tally.add(3, later + ms(100_000), later + ms(100_000));
    tally.expire(later + ms(100_000));
    expect(tally.count).toBe(1);
  });

  it("keeps recent observations through a rebase", () => {
    const tally = new Tally(TTL, 0);
    tally.add(1, ms(80_000), ms(80_000));
    tally.add(2, ms(110_000), ms(110_000));
    tally.expire(ms(130_000));
    expect(tally.count).toBe(2);
    tally.expire(ms(141_000));
    expect([tally.has(1), tally.has(2)]).toEqual([false, true]);
  });

  it("as a certificate neither expires nor changes, and its votes are fresh for others", () => {
    const tally = new Tally(TTL, 0);
    tally.add(1, 0, 0);
    tally.freeze();
    tally.expire(ms(600_000));
    expect(tally.add(2, ms(600_000), ms(600_000))).toBe("nothing");
    expect(tally.count).toBe(1);
    expect(tally.age(1, ms(600_000))).toBe(0);
  });

  it("gives out chunks from any start, wrapping around, each observer once", () => {
    const tally = new Tally(TTL, 0);
    for (const slot of [2, 5, 9]) {
      tally.add(slot, 0, 0);
    }
    expect(tally.chunk(0, 2)).toEqual([2, 5]);
    expect(tally.chunk(6, 2)).toEqual([9, 2]);
    expect(tally.chunk(5, 10)).toEqual([5, 9, 2]);
  });
});
