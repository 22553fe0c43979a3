// What each replicated type promises beyond the common laws (RR-7506, RR-8083), claim by claim.
import { describe, expect, test } from "vitest";
import { seconds } from "../time.ts";
import { actorOf, nodeOfActor } from "./actor.ts";
import { cloudSize, contextHas, contextOf, mergeContexts, nextDot } from "./causal-context.ts";
import { count, gCounter, increment, pnCounter } from "./counters.ts";
import { includesState } from "./crdt.ts";
import { MAX_CLOCK_AHEAD_US } from "./limits.ts";
import {
  lwwMap,
  lwwRegister,
  type LwwWrite,
  pruneRemovals,
  withoutEarlyWrites,
  writeKey,
} from "./lww.ts";
import { addElement, type OrSet, orSet, removeElement } from "./or-set.ts";
import { isTooEarly, stampWrite } from "./stamp.ts";
import { keysOf } from "./testing/histories.ts";

const A = actorOf("a", 0);
const B = actorOf("b", 0);
const NOW = seconds(1_000);

const write = (at: number, node: string, byte: number | null): LwwWrite => ({
  stamp: { at, node },
  value: byte === null ? null : Uint8Array.of(byte),
});
const add = (state: OrSet, actor: string, element: string): OrSet =>
  orSet.merge(state, addElement(state, actor, element));
const remove = (state: OrSet, element: string): OrSet =>
  orSet.merge(state, removeElement(state, element));

describe("actors", () => {
  test("two lives of a node are two actors of one node", () => {
    expect(actorOf("n#1", 4)).not.toBe(actorOf("n#1", 5));
    expect(nodeOfActor(actorOf("n#1", 4))).toBe("n#1");
  });
});

describe("counters", () => {
  test("counts of several actors add up, and arriving twice changes nothing", () => {
    const atA = increment(gCounter.bottom, A, 3);
    const atB = increment(gCounter.bottom, B, 4);
    const both = gCounter.merge(atA, atB);
    expect(gCounter.value(both)).toBe(7);
    expect(gCounter.value(gCounter.merge(gCounter.merge(both, atA), both))).toBe(7);
  });

  test("up and down are counted apart, so that a decrement survives every merge", () => {
    const up = count(pnCounter.bottom, A, 5);
    const down = pnCounter.merge(up, count(up, A, -7));
    expect(pnCounter.value(down)).toBe(-2);
    expect(pnCounter.value(pnCounter.merge(down, up))).toBe(-2);
    expect(() => count(up, A, 0)).toThrow("cannot count by");
    expect(() => count(up, A, 0.5)).toThrow("cannot count by");
  });

  test("a node that lost its count and goes on under its old name loses updates", () => {
    const before = increment(gCounter.bottom, A, 3);
    const sameName = increment(gCounter.bottom, A, 2);
    const newLife = increment(gCounter.bottom, actorOf("a", 1), 2);
    expect(gCounter.value(gCounter.merge(before, sameName))).toBe(3);
    expect(gCounter.value(gCounter.merge(before, newLife))).toBe(5);
  });
});

describe("last writer wins", () => {
  test("the later stamp wins, whichever arrives last", () => {
    const [early, late] = [write(1, "z", 1), write(2, "a", 2)];
    expect(lwwRegister.merge(early, late)).toBe(late);
    expect(lwwRegister.merge(late, early)).toBe(late);
  });

  test("between equal times the greater node name wins, by code units and not by locale", () => {
    const [upper, lower] = [write(1, "Z", 2), write(1, "a", 1)];
    expect(lwwRegister.merge(upper, lower)).toBe(lower);
    expect(lwwRegister.merge(lower, upper)).toBe(lower);
  });

  test("should two writes share a stamp, replicas still agree", () => {
    const [one, two] = [write(1, "a", 1), write(1, "a", 2)];
    expect(lwwRegister.merge(one, two)).toBe(lwwRegister.merge(two, one));
    const removal = write(1, "a", null);
    expect(lwwRegister.merge(one, removal)).toBe(removal);
    expect(lwwRegister.merge(removal, one)).toBe(removal);
  });

  test("a write comes after what it has seen, although the writer's clock is behind", () => {
    const seen = { at: NOW, node: "z" };
    expect(stampWrite({ node: "a", now: NOW - 500, seen })).toEqual({ at: NOW + 1, node: "a" });
  });

  test("a client's time far ahead is cut to the limit; one that is behind is kept", () => {
    const claim = (claimed: number) => stampWrite({ node: "a", now: NOW, claimed }).at;
    expect(claim(NOW + seconds(86_400))).toBe(NOW + MAX_CLOCK_AHEAD_US);
    expect(claim(NOW - 5)).toBe(NOW - 5);
  });

  test("a stamp that is ahead of every right clock waits, and is taken when its time comes", () => {
    const ahead = write(NOW + MAX_CLOCK_AHEAD_US + 1, "z", 1);
    expect(isTooEarly(ahead.stamp, NOW)).toBe(true);
    expect(isTooEarly(ahead.stamp, NOW + 1)).toBe(false);
    const map = lwwMap.merge(writeKey("early", ahead), writeKey("right", write(NOW, "z", 1)));
    expect(keysOf(withoutEarlyWrites(map, NOW))).toBe("right");
    expect(keysOf(withoutEarlyWrites(map, NOW + 1))).toBe("early right");
  });

  test("in a map a removal is a write, so an older value does not come back", () => {
    const value = writeKey("k", write(1, "a", 1));
    const removed = lwwMap.merge(value, writeKey("k", write(2, "a", null)));
    expect(lwwMap.value(lwwMap.merge(removed, value)).size).toBe(0);
    const again = lwwMap.merge(removed, writeKey("k", write(3, "a", 9)));
    expect(lwwMap.value(again)).toEqual(new Map([["k", Uint8Array.of(9)]]));
  });

  test("a removal pruned before everybody knows it brings the value back", () => {
    const value = writeKey("k", write(1, "a", 1));
    const removed = lwwMap.merge(value, writeKey("k", write(2, "a", null)));
    expect(pruneRemovals(removed, 2)).toEqual(removed);
    const pruned = pruneRemovals(removed, 3);
    expect(pruned.size).toBe(0);
    expect(lwwMap.value(lwwMap.merge(pruned, value)).size).toBe(1);
  });
});

describe("observed-remove set", () => {
  test("add wins over a concurrent remove", () => {
    const start = add(orSet.bottom, A, "x");
    const removed = remove(start, "x");
    const addedAgain = add(start, B, "x");
    expect(orSet.value(orSet.merge(removed, addedAgain))).toEqual(["x"]);
  });

  test("a remove takes away only the adds it has seen", () => {
    const atA = add(orSet.bottom, A, "x");
    const atB = add(orSet.bottom, B, "x");
    expect(orSet.value(orSet.merge(remove(atA, "x"), atB))).toEqual(["x"]);
    expect(orSet.value(remove(orSet.merge(atA, atB), "x"))).toEqual([]);
  });

  test("a remove leaves all other elements, here and where its delta goes", () => {
    const both = add(add(orSet.bottom, A, "x"), A, "y");
    expect(orSet.value(remove(both, "x"))).toEqual(["y"]);
    expect(orSet.value(remove(both, "never there"))).toEqual(["x", "y"]);
  });

  test("a removed element does not come back with a replica that still has it", () => {
    const added = add(orSet.bottom, A, "x");
    const removed = remove(added, "x");
    expect(orSet.value(orSet.merge(removed, added))).toEqual([]);
    expect(orSet.value(orSet.merge(added, removed))).toEqual([]);
  });

  test("removed elements leave nothing behind but one number per actor", () => {
    let state = orSet.bottom;
    for (let i = 0; i < 50; i++) {
      state = remove(add(state, A, `e${i}`), `e${i}`);
    }
    expect(state.adds.size).toBe(0);
    expect([...state.context.vector]).toEqual([[A, 50]]);
    expect(cloudSize(state.context)).toBe(0);
  });

  test("adding again takes one dot in place of all that were seen", () => {
    const both = orSet.merge(add(orSet.bottom, A, "x"), add(orSet.bottom, B, "x"));
    expect(both.adds.get("x")).toHaveLength(2);
    expect(add(both, A, "x").adds.get("x")).toEqual([{ actor: A, counter: 2 }]);
  });

  test("a remove heard before its add still removes it", () => {
    const added = addElement(orSet.bottom, A, "x");
    const removal = removeElement(added, "x");
    expect(orSet.value(orSet.merge(orSet.merge(orSet.bottom, removal), added))).toEqual([]);
  });

  test("a node that lost its disk and goes on under its old name has its adds swallowed", () => {
    const known = remove(add(orSet.bottom, A, "old"), "old");
    const sameName = add(orSet.bottom, A, "new");
    const newLife = add(orSet.bottom, actorOf("a", 1), "new");
    expect(orSet.value(orSet.merge(known, sameName))).toEqual([]);
    expect(orSet.value(orSet.merge(known, newLife))).toEqual(["new"]);
  });
});

describe("causal contexts", () => {
  const dots = (...counters: number[]) =>
    contextOf(counters.map((counter) => ({ actor: A, counter })));

  test("a gap is remembered, and closes when the missing dot comes", () => {
    const gap = dots(1, 3, 4);
    expect([...gap.vector]).toEqual([[A, 1]]);
    expect([...gap.cloud]).toEqual([[A, [3, 4]]]);
    expect([1, 2, 3, 4, 5].map((counter) => contextHas(gap, { actor: A, counter }))).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
    expect(mergeContexts(gap, dots(2))).toEqual({ vector: new Map([[A, 4]]), cloud: new Map() });
  });

  test("the next dot is above all known ones, those above a gap included", () => {
    expect(nextDot(dots(1, 2), A)).toEqual({ actor: A, counter: 3 });
    expect(nextDot(dots(1, 7), A)).toEqual({ actor: A, counter: 8 });
    expect(nextDot(dots(1, 7), B)).toEqual({ actor: B, counter: 1 });
  });

  test("a state includes its past and not its future", () => {
    const past = add(orSet.bottom, A, "x");
    const future = remove(past, "x");
    expect(includesState(orSet, future, past)).toBe(true);
    expect(includesState(orSet, past, future)).toBe(false);
  });
});
