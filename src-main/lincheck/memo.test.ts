import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { Memo } from "./memo.ts";
import { MemoPool, WordTable } from "./word-table.ts";

const ROOM = 1 << 20;

describe("the table of keys", () => {
  it("numbers keys as they come, through many growths, and never mixes two up", () => {
    const table = new WordTable(2, new MemoPool(ROOM));
    const key = (at: number): Int32Array => Int32Array.of(at % 7, -at);
    for (let at = 0; at < 5_000; at++) expect(table.add(key(at))).toBe(at);
    for (let at = 0; at < 5_000; at += 37) expect(table.add(key(at))).toBe(at);
  });

  it("takes nothing up without room, and still knows what it has", () => {
    const table = new WordTable(1, new MemoPool(200));
    for (let at = 0; at < 64; at++) table.add(Int32Array.of(at));
    expect(table.add(Int32Array.of(64))).toBe(-1);
    expect(table.add(Int32Array.of(63))).toBe(63);
  });

  it("gives its room back", () => {
    const pool = new MemoPool(200);
    const table = new WordTable(1, pool);
    table.add(Int32Array.of(1));
    expect(pool.take(200)).toBe(false);
    table.release();
    expect(pool.take(200)).toBe(true);
  });
});

describe("the memo", () => {
  it("has seen what uses up more than a known configuration, and nothing else", () => {
    const memo = new Memo(1, 1, new MemoPool(ROOM));
    expect(memo.add(Int32Array.of(1, 0b0110))).toBe(true);
    expect(memo.add(Int32Array.of(1, 0b0110))).toBe(false);
    expect(memo.add(Int32Array.of(1, 0b1110))).toBe(false);
    expect(memo.add(Int32Array.of(2, 0b1110))).toBe(true);
    expect(memo.add(Int32Array.of(1, 0b1001))).toBe(true);
    expect(memo.add(Int32Array.of(1, 0b0010))).toBe(true);
    expect(memo.add(Int32Array.of(1, 0b0011))).toBe(false);
  });

  it("agrees with a list of all configurations, even where chains overflow", () => {
    const memo = new Memo(1, 1, new MemoPool(ROOM));
    const random = createRandom(3);
    const exact = new Set<string>();
    for (let at = 0; at < 4_000; at++) {
      const [key, set] = [random.int(2), random.int(1 << 12)];
      const isNew = memo.add(Int32Array.of(key, set));
      // What is called new was never added; what is called seen contains something added.
      if (isNew) expect(exact.has(`${key} ${set}`)).toBe(false);
      else expect([...exact].some((one) => contains(one, key, set))).toBe(true);
      exact.add(`${key} ${set}`);
    }
  });

  it("calls all new that it had no room for", () => {
    const memo = new Memo(1, 1, new MemoPool(0));
    expect(memo.add(Int32Array.of(1, 1))).toBe(true);
    expect(memo.add(Int32Array.of(1, 1))).toBe(true);
  });
});

function contains(entry: string, key: number, set: number): boolean {
  const [otherKey = 0, otherSet = 0] = entry.split(" ").map(Number);
  return otherKey === key && (otherSet & ~set) === 0;
}
