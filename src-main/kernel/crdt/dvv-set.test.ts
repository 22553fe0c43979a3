// "Scalable and accurate causality tracking" (2014) claim by claim, and what a lost disk does.
import { describe, expect, test } from "vitest";
import { actorOf } from "./actor.ts";
import { type Clock, compareClocks, EMPTY_CLOCK, tick } from "./clock.ts";
import {
  type DvvSet,
  dvvContext,
  dvvDiscard,
  dvvSync,
  dvvValues,
  dvvWrite,
  siblingCount,
} from "./dvv-set.ts";

const A = actorOf("a", 0);
const B = actorOf("b", 0);
const EMPTY: DvvSet<string> = new Map();

function put(
  set: DvvSet<string>,
  actor: string,
  value: string,
  context: Clock = EMPTY_CLOCK,
): DvvSet<string> {
  return dvvSync(set, dvvWrite(set, { actor, context, value }));
}

describe("dotted version vector sets", () => {
  test("two clients that write through one server without having read leave two siblings", () => {
    const set = put(put(EMPTY, A, "one"), A, "two");
    expect(dvvValues(set)).toEqual(["two", "one"]);
    expect([...set]).toEqual([[A, { known: 2, values: ["two", "one"] }]]);
  });

  test("a version vector of servers cannot: the second write looks like the successor", () => {
    const first = tick(EMPTY_CLOCK, A);
    const second = tick(first, A);
    expect(compareClocks(first, second)).toBe("before");
  });

  test("two clients that read the same and write through one server leave two siblings", () => {
    const start = put(EMPTY, A, "start");
    const read = dvvContext(start);
    const set = put(put(start, A, "one", read), A, "two", read);
    expect(dvvValues(set)).toEqual(["two", "one"]);
  });

  test("a write discards what its context has seen and nothing else", () => {
    const seen = put(EMPTY, A, "seen");
    const read = dvvContext(seen);
    const unseen = dvvSync(put(seen, A, "unseen"), put(EMPTY, B, "elsewhere"));
    expect(dvvValues(put(unseen, A, "new", read))).toEqual(["new", "unseen", "elsewhere"]);
  });

  test("a write with the whole context resolves all siblings, on every replica", () => {
    const at = { a: put(EMPTY, A, "one"), b: put(EMPTY, B, "two") };
    const both = dvvSync(at.a, at.b);
    expect(dvvValues(both)).toEqual(["one", "two"]);
    const resolved = put(both, A, "merged", dvvContext(both));
    expect(dvvValues(dvvSync(at.b, resolved))).toEqual(["merged"]);
    expect(dvvValues(dvvSync(dvvSync(at.a, at.b), resolved))).toEqual(["merged"]);
  });

  test("a discarded value does not come back with a replica that still has it", () => {
    const old = put(EMPTY, A, "old");
    const gone = dvvSync(old, dvvDiscard(dvvContext(old)));
    expect(siblingCount(gone)).toBe(0);
    expect(dvvValues(dvvSync(gone, old))).toEqual([]);
    expect(dvvValues(dvvSync(old, gone))).toEqual([]);
  });

  test("the delta of a write says to others just what the whole state says", () => {
    const base = dvvSync(put(put(EMPTY, A, "one"), A, "two"), put(EMPTY, B, "three"));
    const read = new Map([[A, 1]]);
    const delta = dvvWrite(base, { actor: A, context: read, value: "four" });
    expect(dvvSync(base, delta)).toEqual(put(base, A, "four", read));
    expect(dvvValues(dvvSync(EMPTY, delta))).toEqual(["four", "two"]);
  });

  test("size grows with servers, not with writes or clients", () => {
    let set = EMPTY;
    for (let i = 0; i < 100; i++) {
      set = put(set, i % 2 === 0 ? A : B, `v${i}`, dvvContext(set));
    }
    expect(set.size).toBe(2);
    expect(siblingCount(set)).toBe(1);
  });
});

describe("a server that lost its disk", () => {
  const before = put(EMPTY, A, "acknowledged before the loss");

  test("under its old name it reuses a dot: replicas differ for ever", () => {
    const after = put(EMPTY, A, "acknowledged after the loss");
    const onB = dvvSync(before, after);
    const onA = dvvSync(after, before);
    expect(dvvValues(onB)).not.toEqual(dvvValues(onA));
    expect(dvvSync(onA, onB)).toEqual(onA);
    expect(dvvSync(onB, onA)).toEqual(onB);
  });

  test("under the name of a new life it loses nothing", () => {
    const after = put(EMPTY, actorOf("a", 1), "acknowledged after the loss");
    const onB = dvvSync(before, after);
    expect(onB).toEqual(dvvSync(after, before));
    expect(dvvValues(onB)).toHaveLength(2);
  });

  test("a context that knows more of it than it does itself is heeded", () => {
    const set = put(EMPTY, A, "new", new Map([[A, 7]]));
    expect([...set]).toEqual([[A, { known: 8, values: ["new"] }]]);
  });
});
