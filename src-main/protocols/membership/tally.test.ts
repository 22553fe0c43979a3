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

describe("observers as bits", () => {
  const slots = [9, 4, 30, 7];
  const nobody: readonly number[] = [];

  it("are counted once, by the slots behind the bits, except those that may not count", () => {
    const tally = new Tally(TTL, 0);
    const vote = { bits: Uint8Array.of(0b1111), madeAt: 0 };
    expect(tally.addAll(vote, { slots, except: [4, 7] }, 0)).toBe(false);
    expect(tally.count).toBe(2);
    expect([9, 4, 30, 7].map((slot) => tally.has(slot))).toEqual([true, false, true, false]);
    tally.addAll(vote, { slots, except: nobody }, 0);
    expect(tally.count).toBe(4);
  });

  it("beyond the roster are nobody, and missing bytes are no observers", () => {
    const tally = new Tally(TTL, 0);
    tally.addAll({ bits: Uint8Array.of(0b11110001, 255), madeAt: 0 }, { slots, except: [] }, 0);
    expect(tally.count).toBe(1);
    tally.addAll({ bits: new Uint8Array(), madeAt: 0 }, { slots, except: nobody }, 0);
    expect(tally.count).toBe(1);
  });

  it("expire like all others, and come fresher only when they looked again", () => {
    const tally = new Tally(TTL, 0);
    const among = { slots, except: nobody };
    const bits = Uint8Array.of(0b0001);
    tally.addAll({ bits, madeAt: 0 }, among, 0);
    expect(tally.addAll({ bits, madeAt: ms(15_000) }, among, ms(15_000))).toBe(false);
    expect(tally.addAll({ bits, madeAt: ms(31_000) }, among, ms(31_000))).toBe(true);
    tally.addAll({ bits: Uint8Array.of(0b0010), madeAt: ms(31_000) }, among, ms(91_000));
    tally.expire(ms(91_000));
    expect(tally.count).toBe(0);
  });

  it("change nothing in a certificate", () => {
    const tally = new Tally(TTL, 0);
    tally.freeze();
    tally.addAll({ bits: Uint8Array.of(255), madeAt: 0 }, { slots, except: nobody }, 0);
    expect(tally.count).toBe(0);
  });

  it("travel in groups of at most a quarter of the time to live, as old as their oldest", () => {
    const tally = new Tally(TTL, 0);
    tally.add(9, 0, 0);
    tally.add(4, ms(15_000), ms(15_000));
    tally.add(30, ms(15_600), ms(15_600));
    const indices = new Int32Array(31).fill(-1);
    slots.forEach((slot, index) => {
      indices[slot] = index;
    });
    const groups = tally.groups(indices, ms(16_000));
    expect(groups.map(({ bits }) => bits[0])).toEqual([0b0011, 0b0100]);
    expect(groups[0]?.ageMs).toBe(16_000);
    expect(groups[1]?.ageMs).toBeGreaterThanOrEqual(400);
    expect(groups[1]?.ageMs).toBeLessThanOrEqual(1_000);
    tally.freeze();
    expect(tally.groups(indices, ms(500_000))).toMatchObject([{ ageMs: 0 }]);
  });

  it("leave out who has expired, so that there are never more than five groups", () => {
    const tally = new Tally(TTL, 0);
    for (let slot = 0; slot < 120; slot++) {
      tally.add(slot, ms(slot * 1_000), ms(slot * 1_000));
    }
    const all = Array.from({ length: 120 }, (_, i) => i);
    const groups = tally.groups(Int32Array.from(all), ms(119_000));
    expect(groups.length).toBeLessThanOrEqual(5);
    const told = groups.flatMap(({ bits }) => all.filter((i) => bitOf(bits, i)));
    expect([told.length, Math.min(...told), Math.max(...told)]).toEqual([60, 60, 119]);
    for (const { ageMs, bits } of groups) {
      const oldest = Math.min(...all.filter((i) => bitOf(bits, i)));
      expect(ageMs).toBeGreaterThanOrEqual((119 - oldest) * 1_000);
      expect(ageMs).toBeLessThan(60_000);
    }
  });

  it("are told anew after every change, and older when nothing changed", () => {
    const tally = new Tally(TTL, 0);
    const told = (now: number) =>
      tally.groups(Int32Array.of(0, 1, 2), ms(now)).map(({ ageMs, bits }) => [ageMs, bits[0]]);
    tally.add(0, 0, 0);
    expect(told(0)).toEqual([[0, 0b001]]);
    expect(told(6_000)).toEqual([[6_000, 0b001]]);
    tally.add(1, ms(6_000), ms(6_000));
    expect(told(6_000)).toEqual([[6_000, 0b011]]);
    tally.addAll({ bits: Uint8Array.of(0b100), madeAt: ms(6_000) }, all3, ms(6_000));
    expect(told(6_000)).toEqual([[6_000, 0b111]]);
    tally.remove(0);
    expect(told(6_000)).toEqual([[0, 0b110]]);
    expect(told(65_999)).toEqual([[59_999, 0b110]]);
    expect(told(66_000)).toEqual([]);
    tally.freeze();
    expect(told(66_000)).toEqual([[0, 0b110]]);
  });

  it("leave out observers that the roster does not know", () => {
    const tally = new Tally(TTL, 0);
    tally.add(2, 0, 0);
    tally.add(4, 0, 0);
    expect(tally.groups(Int32Array.of(-1, -1, -1, -1, 0), 0)).toMatchObject([
      { bits: Uint8Array.of(1) },
    ]);
  });
});

function bitOf(bits: Uint8Array, index: number): boolean {
  return ((bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
}

const all3 = { slots: [0, 1, 2], except: [] };
