import { describe, expect, it } from "vitest";
import { Tombstones } from "./tombstones.ts";

describe("tombstones", () => {
  it("keep the highest incarnation, for the set time and no longer", () => {
    const stones = new Tombstones(100, 10);
    stones.bury("A", 3, 0);
    stones.bury("A", 1, 50);
    expect(stones.incarnation("A", 149)).toBe(3);
    expect(stones.incarnation("A", 150)).toBeUndefined();
    stones.sweep(149);
    expect(stones.size).toBe(1);
    stones.sweep(150);
    expect(stones.size).toBe(0);
  });

  it("are limited in number: the oldest burial gives way", () => {
    const stones = new Tombstones(100, 2);
    stones.bury("A", 0, 0);
    stones.bury("B", 0, 1);
    stones.bury("A", 0, 2);
    stones.bury("C", 0, 3);
    expect(["A", "B", "C"].map((id) => stones.incarnation(id, 4))).toEqual([0, undefined, 0]);
  });
});
