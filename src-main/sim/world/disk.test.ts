import { describe, expect, test } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { SimDisk } from "./disk.ts";

const record = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);

function disk(): SimDisk {
  return new SimDisk(createRandom(1));
}

describe("SimDisk", () => {
  test("a record is there only when its write is complete", () => {
    const it = disk();
    expect(it.begin(record(1, 2, 3, 4))).toBeGreaterThanOrEqual(200);
    expect(it.records).toEqual([]);
    it.complete();
    expect(it.records).toEqual([record(1, 2, 3, 4)]);
    expect(it.completed).toBe(1);
  });

  test("a crash loses the write under way and nothing else", () => {
    const it = disk();
    it.begin(record(1));
    it.complete();
    it.begin(record(2));
    it.crash(false);
    it.complete();
    expect(it.records).toEqual([record(1)]);
  });

  test("torn: the first half of the write under way survives, what was complete stays whole", () => {
    const it = disk();
    it.begin(record(1));
    it.complete();
    it.begin(record(5, 6, 7, 8));
    it.crash(true);
    expect(it.records).toEqual([record(1), record(5, 6)]);
    expect(it.completed).toBe(1);
  });

  test("torn with no write under way: a write had just begun", () => {
    const it = disk();
    it.crash(true);
    expect(it.records).toEqual([]);
    it.begin(record(1, 2));
    it.complete();
    it.crash(true);
    expect(it.records).toEqual([record(1, 2), record(1)]);
  });

  test("wipe leaves nothing", () => {
    const it = disk();
    it.begin(record(1));
    it.complete();
    it.wipe();
    expect([it.records.length, it.completed]).toEqual([0, 0]);
  });

  test("a checkpoint takes the place of its own machine's records, only when it is complete", () => {
    const it = disk();
    for (const bytes of [record(3, 1), record(2, 2), record(3, 4)]) {
      it.begin(bytes);
      it.complete();
    }
    it.begin(record(3, 9), true);
    expect(it.records).toHaveLength(3);
    it.crash(false);
    expect(it.records).toHaveLength(3);
    it.begin(record(3, 9), true);
    it.complete();
    expect(it.records).toEqual([record(2, 2), record(3, 9)]);
  });

  test("can be torn again and again, down to nothing", () => {
    const it = disk();
    it.begin(record(1, 2, 3, 4));
    it.complete();
    for (let i = 0; i < 12; i++) {
      expect(it.damage("tear-last")).toBe(true);
    }
    expect(it.records.at(-1)).toHaveLength(0);
    expect(it.damage("lose-last")).toBe(true);
    expect(it.damage("flip-bit")).toBe(false);
  });
});
