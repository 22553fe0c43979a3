import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { MemberDirectory } from "./directory.ts";
import { LinkTable } from "./link-table.ts";

describe("LinkTable", () => {
  it("counts links and offers, and an offer that became a link once", () => {
    const table = new LinkTable();
    table.offered("B", "repair", 100);
    expect([table.degree, table.promised]).toEqual([0, 1]);
    table.add("B", "repair");
    expect([table.degree, table.promised]).toEqual([1, 1]);
    expect(table.isFree("B")).toBe(false);
    expect(table.remove("B")).toBe(true);
    expect(table.remove("B")).toBe(false);
    expect(table.isFree("B")).toBe(true);
  });

  it("lets unanswered offers lapse and then leaves the peer alone for a while", () => {
    const table = new LinkTable();
    table.offered("B", "repair", 100);
    table.expire(99, 50);
    expect(table.hasOffered("B")).toBe(true);
    expect(table.nextExpiry()).toBe(100);
    table.expire(100, 50);
    expect(table.hasOffered("B")).toBe(false);
    expect(table.isFree("B")).toBe(false);
    expect(table.nextExpiry()).toBe(150);
    table.expire(150, 50);
    expect(table.isFree("B")).toBe(true);
    expect(table.nextExpiry()).toBeNull();
  });

  it("tells the reason of the offer that an answer settles, once", () => {
    const table = new LinkTable();
    table.offered("B", "optimise", 100);
    expect(table.settleOffer("B")).toBe("optimise");
    expect(table.settleOffer("B")).toBeNull();
  });

  it("lists the peers it has now, sorted, whenever it was asked before", () => {
    const table = new LinkTable();
    expect(table.peers).toEqual([]);
    table.add("C", "join");
    table.add("B", "join");
    expect(table.peers).toEqual(["B", "C"]);
    table.remove("C");
    expect(table.peers).toEqual(["B"]);
    table.add("A", "repair");
    expect(table.peers).toEqual(["A", "B"]);
  });
});

describe("MemberDirectory", () => {
  const formed = {
    members: new Map([..."ABCDE"].map((id) => [id, { id, zone: "z" }])),
    neighbours: new Map(),
    digest: "",
    robustness: { components: 1, weak: [] },
  };

  it("counts who can be reached, itself included", () => {
    const directory = new MemberDirectory("A", "z", formed);
    expect(directory.size).toBe(5);
    directory.set("B", "suspect", "z");
    expect(directory.size).toBe(5);
    directory.set("B", "unreachable", "z");
    directory.set("B", "dead", "z");
    expect(directory.size).toBe(4);
    directory.set("B", "alive", "y");
    directory.set("F", "alive", "z");
    expect(directory.size).toBe(6);
    expect(directory.zone("B")).toBe("y");
    expect(directory.state("X")).toBeUndefined();
  });

  it("knows itself in a mesh that is not formed", () => {
    const directory = new MemberDirectory("A", "z", null);
    expect([directory.size, directory.usable("A"), directory.zone("A")]).toEqual([1, true, "z"]);
    expect([...directory.others()]).toEqual([]);
  });

  it("draws from those who can be reached, never itself, all of them when they are few", () => {
    const directory = new MemberDirectory("A", "z", formed);
    directory.set("B", "dead", "z");
    expect(directory.sample(3, createRandom(1))).toEqual(["C", "D", "E"]);
    for (let seed = 0; seed < 50; seed++) {
      const drawn = directory.sample(2, createRandom(seed));
      expect(new Set(drawn).size).toBe(2);
      expect(drawn).not.toContain("A");
      expect(drawn).not.toContain("B");
    }
  });
});
