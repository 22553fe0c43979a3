import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { MemberTable } from "./table.ts";
import type { MemberState } from "./types.ts";

const STATES: readonly MemberState[] = ["alive", "suspect", "unreachable", "dead", "left"];
const PLAIN = { zone: "", address: "", tags: {} };

function member(id: string, state: MemberState = "alive") {
  return { id, state, incarnation: 0, metadata: PLAIN, agreed: true };
}

describe("the member table", () => {
  it("keeps its figures and lists true through any history", () => {
    const step = fc.record({
      id: fc.constantFrom("A", "B", "C", "D", "E"),
      state: fc.constantFrom(...STATES),
      incarnation: fc.integer({ min: 0, max: 3 }),
      act: fc.constantFrom("state", "agree", "disagree", "remove"),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const table = new MemberTable("A");
        for (const { id, state, incarnation, act } of steps) {
          const entry = table.get(id) ?? table.add(member(id), 0);
          if (act === "state") {
            table.setState(entry, state, incarnation, 1);
          } else if (act === "remove") {
            table.remove(entry);
          } else if (entry.state !== "left") {
            table.setAgreed(entry, act === "agree");
          }
          expectTruth(table);
        }
      }),
    );
  });

  it("has equal digests for equal contents, however they came about", () => {
    const one = new MemberTable("A");
    one.add(member("A"), 0);
    one.setState(one.add(member("B"), 0), "suspect", 4, 9);
    one.remove(one.add(member("C"), 0));
    const other = new MemberTable("B");
    other.add({ ...member("B", "suspect"), incarnation: 4 }, 5);
    other.add(member("A"), 7);
    expect(one.digest()).toBe(other.digest());
    expect(one.digest()).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each([
    ["state", { ...member("B"), state: "suspect" as const }],
    ["incarnation", { ...member("B"), incarnation: 1 }],
    ["large incarnation", { ...member("B"), incarnation: 2 ** 32 }],
    ["name", member("C")],
  ])("has another digest for another %s", (_, different) => {
    const one = new MemberTable("A");
    one.add(member("B"), 0);
    const other = new MemberTable("A");
    other.add(different, 0);
    expect(other.digest()).not.toBe(one.digest());
  });

  it("equal changes of two members do not cancel out", () => {
    const calm = new MemberTable("A");
    const table = new MemberTable("A");
    for (const id of ["B", "C"]) {
      calm.add(member(id), 0);
      table.setState(table.add(member(id), 0), "dead", 1, 0);
    }
    expect(table.digest()).not.toBe(calm.digest());
    expect(table.digest()).not.toBe(new MemberTable("A").digest());
  });

  it("agreement shows only in the digest for the full exchange", () => {
    const table = new MemberTable("A");
    const entry = table.add(member("B"), 0);
    const before = [table.digest(), table.syncDigest()];
    table.setAgreed(entry, false);
    expect(table.digest()).toBe(before[0]);
    expect(table.syncDigest()).not.toBe(before[1]);
  });

  it("picks distinct members, never this node, and lost ones only on request", () => {
    const table = new MemberTable("A");
    table.add(member("A"), 0);
    for (const id of ["B", "C", "D"]) {
      table.add(member(id), 0);
    }
    table.add(member("E", "dead"), 0);
    table.add(member("F", "left"), 0);
    const random = createRandom(1);
    const seen = new Set<string>();
    for (let i = 0; i < 200; i++) {
      const picked = table.pick(3, random, () => false);
      expect(new Set(picked).size).toBe(picked.length);
      for (const id of picked) {
        seen.add(id);
      }
    }
    expect([...seen].sort()).toEqual(["B", "C", "D"]);
    for (let i = 0; i < 200; i++) {
      for (const id of table.pick(3, random, () => true)) {
        seen.add(id);
      }
    }
    expect([...seen].sort()).toEqual(["B", "C", "D", "E"]);
  });

  it("reuses the slot of a removed member, and never shares one", () => {
    const table = new MemberTable("A");
    const first = table.add(member("B"), 0);
    table.add(member("C"), 0);
    table.remove(first);
    expect(table.atSlot(first.slot)).toBeUndefined();
    const next = table.add(member("D"), 0);
    expect(next.slot).toBe(first.slot);
    expect(table.atSlot(next.slot)?.id).toBe("D");
  });
});

function expectTruth(table: MemberTable): void {
  const all = [...table.entries()];
  const reachable = all.filter(({ state }) => state === "alive" || state === "suspect");
  const lost = all.filter(({ state }) => state === "unreachable" || state === "dead");
  const others = (entries: typeof all) =>
    entries
      .map(({ id }) => id)
      .filter((id) => id !== "A")
      .sort();
  expect([...table.live].sort()).toEqual(others(reachable));
  expect([...table.lost].sort()).toEqual(others(lost));
  expect(table.agreedSize).toBe(all.filter(({ agreed }) => agreed).length);
  expect(all.filter(({ agreed, state }) => agreed && state === "left")).toEqual([]);
  expect(table.reachableAgreed).toBe(reachable.filter(({ agreed }) => agreed).length);
  expect(table.present).toBe(reachable.length + lost.length);
  const suspects = all.filter(({ state }) => state === "suspect");
  expect(table.accused).toBe(suspects.length + lost.length);
  const fresh = new MemberTable("A");
  for (const { id, state, incarnation, metadata, agreed } of all) {
    fresh.add({ id, state, incarnation, metadata, agreed }, 0);
  }
  expect(table.digest()).toBe(fresh.digest());
}
