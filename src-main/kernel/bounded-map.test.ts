import { describe, expect, test } from "vitest";
import { AssertionError } from "./assert.ts";
import { BoundedMap } from "./bounded-map.ts";

function keysOf(map: BoundedMap<number, string>, upTo: number): number[] {
  return Array.from({ length: upTo }, (_, key) => key).filter((key) => map.get(key) !== undefined);
}

describe("a bounded map", () => {
  test("forgets what was put in first", () => {
    const map = new BoundedMap<number, string>(3);
    [0, 1, 2, 3, 4].forEach((key) => map.set(key, `v${key}`));
    expect(keysOf(map, 10)).toEqual([2, 3, 4]);
    expect(map.size).toBe(3);
  });

  test("does not make a key younger that is set again", () => {
    const map = new BoundedMap<number, string>(2);
    map.set(0, "a");
    map.set(1, "b");
    map.set(0, "c");
    expect(map.get(0)).toBe("c");
    map.set(2, "d");
    expect(keysOf(map, 5)).toEqual([1, 2]);
  });

  test("holds its limit over many keys, also when some are deleted and come again", () => {
    const map = new BoundedMap<number, string>(10);
    for (let i = 0; i < 5_000; i++) {
      map.set(i, "v");
      if (i % 3 === 0) {
        map.delete(i);
      }
      if (i % 6 === 0) {
        map.set(i, "again");
      }
      expect(map.size).toBeLessThanOrEqual(10);
    }
    expect(map.get(4_999)).toBe("v");
    expect(map.someKey((key) => key === 4_998)).toBe(true);
    expect(map.someKey((key) => key === 1)).toBe(false);
  });

  test("needs room", () => {
    expect(() => new BoundedMap(0)).toThrow(AssertionError);
  });
});
