// What RR-7506 asks of every state-based type, and the delta paper of every delta, on states that
// three replicas reach by writing and merging at random.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DecodeError } from "../wire.ts";
import { actorOf } from "./actor.ts";
import { contextOf } from "./causal-context.ts";
import { count, gCounter, increment, pnCounter } from "./counters.ts";
import { absorb, type Crdt, decodeState, encodeState, includesState } from "./crdt.ts";
import { dvvWrite } from "./dvv-set.ts";
import { CRDTS } from "./kinds.ts";
import * as limits from "./limits.ts";
import { lwwMap, lwwRegister, writeKey } from "./lww.ts";
import { mvRegister } from "./mv-register.ts";
import { addElement, orSet } from "./or-set.ts";
import * as subjects from "./testing/histories.ts";

const RUNS = { numRuns: 60 };
const DRAWS = fc.array(fc.nat({ max: 100_000 }), { maxLength: 30 });

/** Shuffles by keys drawn beside the items; some items come twice. */
function shuffled<Item>(items: readonly Item[], keys: readonly number[]): Item[] {
  const twice = items.flatMap((item, i) => ((keys[i] ?? 0) % 3 === 0 ? [item, item] : [item]));
  return twice
    .map((item, i) => ({ item, key: keys[(i * 7) % Math.max(1, keys.length)] ?? 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

function describeLaws<State>(subject: subjects.Subject<State>): void {
  const { crdt } = subject;
  const text = (state: State): string => encodeState(crdt, state).toString();
  const join = (states: readonly State[]): State =>
    states.reduce((a, b) => crdt.merge(a, b), crdt.bottom);
  const onHistories = (law: (history: subjects.History<State>, draws: readonly number[]) => void) =>
    fc.assert(
      fc.property(DRAWS, (draws) => law(subjects.runHistory(subject, draws), draws)),
      RUNS,
    );

  describe(crdt.kind, () => {
    test("merge is commutative, associative and idempotent", () => {
      onHistories(({ states: [a = crdt.bottom, b = crdt.bottom, c = crdt.bottom] }) => {
        expect(text(crdt.merge(a, b))).toBe(text(crdt.merge(b, a)));
        expect(text(crdt.merge(crdt.merge(a, b), c))).toBe(text(crdt.merge(a, crdt.merge(b, c))));
        expect(text(crdt.merge(a, a))).toBe(text(a));
        expect(text(crdt.merge(a, crdt.bottom))).toBe(text(a));
      });
    });

    test("neither a merge nor a write loses anything: states only grow", () => {
      onHistories(({ states: [a = crdt.bottom, b = crdt.bottom] }, draws) => {
        const merged = crdt.merge(a, b);
        expect(includesState(crdt, merged, a) && includesState(crdt, merged, b)).toBe(true);
        const written = crdt.merge(a, subject.write(a, subjects.REPLICAS[0] ?? "", draws.length));
        expect(includesState(crdt, written, a)).toBe(true);
      });
    });

    test("the same updates make the same state, in any order and any number of times", () => {
      onHistories(({ states, deltas }, draws) => {
        const whole = text(join(states));
        expect(text(join(deltas))).toBe(whole);
        expect(text(join(shuffled(deltas, draws)))).toBe(whole);
      });
    });

    test("equal states are equal bytes and read back as themselves", () => {
      onHistories(({ states: [a = crdt.bottom, b = crdt.bottom] }) => {
        const merged = crdt.merge(a, b);
        const read = decodeState(crdt, encodeState(crdt, merged));
        expect(text(read)).toBe(text(merged));
        expect(crdt.value(read)).toEqual(crdt.value(crdt.merge(b, a)));
      });
    });

    test("bytes from outside are a state or a DecodeError, whatever is changed in them", () => {
      fc.assert(
        fc.property(DRAWS, fc.nat(), fc.nat({ max: 255 }), (draws, at, byte) => {
          const bytes = encodeState(crdt, join(subjects.runHistory(subject, draws).states));
          bytes[at % bytes.length] = byte;
          expectStateOrError(crdt, bytes);
          expectStateOrError(crdt, bytes.subarray(0, at % bytes.length));
        }),
        RUNS,
      );
    });
  });
}

function expectStateOrError<State>(crdt: Crdt<State, unknown>, bytes: Uint8Array): void {
  let state: State;
  try {
    state = decodeState(crdt, bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(DecodeError);
    return;
  }
  expect(crdt.overLimit(state)).toBeNull();
  expect(encodeState(crdt, decodeState(crdt, encodeState(crdt, state)))).toEqual(
    encodeState(crdt, state),
  );
}

describeLaws(subjects.gCounterSubject);
describeLaws(subjects.pnCounterSubject);
describeLaws(subjects.lwwRegisterSubject);
describeLaws(subjects.lwwMapSubject);
describeLaws(subjects.orSetSubject);
describeLaws(subjects.mvRegisterSubject);

test("every kind stands in the table under its own name", () => {
  expect(Object.entries(CRDTS).map(([name, crdt]) => name === crdt.kind)).toEqual(
    Array.from({ length: 6 }, () => true),
  );
});

describe("limits", () => {
  const actor = actorOf("a", 1);
  const stamp = { at: 1, node: "a" };
  const tooLarge = new Uint8Array(limits.MAX_VALUE_BYTES + 1);
  const manyActors = Array.from({ length: limits.MAX_ACTORS + 1 }, (_, i) => actorOf(`n${i}`, 0));

  test("a merge over a limit is refused by the name of the limit", () => {
    const refused = (outcome: { kind: string; limit?: string }) =>
      outcome.kind === "refused" ? outcome.limit : outcome.kind;
    const most = increment(gCounter.bottom, actor, limits.MAX_COUNT_PER_ACTOR);
    expect(refused(absorb(gCounter, gCounter.bottom, most))).toBe("merged");
    expect(refused(absorb(gCounter, most, increment(most, actor)))).toBe("MAX_COUNT_PER_ACTOR");
    const crowd = new Map(manyActors.map((name) => [name, 1]));
    expect(refused(absorb(gCounter, gCounter.bottom, crowd))).toBe("MAX_ACTORS");
    const down = count(pnCounter.bottom, actor, -limits.MAX_COUNT_PER_ACTOR - 1);
    expect(refused(absorb(pnCounter, pnCounter.bottom, down))).toBe("MAX_COUNT_PER_ACTOR");
    const write = { stamp, value: tooLarge };
    expect(refused(absorb(lwwRegister, null, write))).toBe("MAX_VALUE_BYTES");
    const map = writeKey("k".repeat(limits.MAX_KEY_BYTES + 1), { stamp, value: null });
    expect(refused(absorb(lwwMap, lwwMap.bottom, map))).toBe("MAX_KEY_BYTES");
    const blind = dvvWrite(mvRegister.bottom, { actor, context: new Map(), value: tooLarge });
    expect(refused(absorb(mvRegister, mvRegister.bottom, blind))).toBe("MAX_VALUE_BYTES");
    const long = addElement(orSet.bottom, actor, "é".repeat(limits.MAX_ELEMENT_BYTES));
    expect(refused(absorb(orSet, orSet.bottom, long))).toBe("MAX_ELEMENT_BYTES");
  });

  test("text that UTF-8 cannot carry is refused: two elements would become one", () => {
    const half = addElement(orSet.bottom, actor, "\ud800");
    expect(absorb(orSet, orSet.bottom, half).kind).toBe("refused");
    expect(absorb(orSet, orSet.bottom, addElement(orSet.bottom, actor, "😀")).kind).toBe("merged");
  });

  test("an element too many is refused and what was held stays", () => {
    const dots = Array.from({ length: limits.MAX_ELEMENTS }, (_, i) => ({ actor, counter: i + 1 }));
    const adds = new Map(dots.map((dot) => [`e${dot.counter}`, [dot]]));
    const full = { adds, context: contextOf(dots) };
    expect(orSet.overLimit(full)).toBeNull();
    const outcome = absorb(orSet, full, addElement(full, actor, "one more"));
    expect(outcome).toEqual({ kind: "refused", limit: "MAX_ELEMENTS" });
  });

  test("a merge says whether it changed anything", () => {
    const delta = increment(gCounter.bottom, actor);
    const first = absorb(gCounter, gCounter.bottom, delta);
    expect(first).toMatchObject({ kind: "merged", changed: true });
    expect(absorb(gCounter, delta, delta)).toMatchObject({ kind: "merged", changed: false });
  });

  test("keys out of order, actors without a life and counts of zero are not ours", () => {
    const refusedBytes = [
      // Two actors, the second before the first.
      [2, 3, 0x62, 0x23, 0x30, 1, 3, 0x61, 0x23, 0x30, 1],
      // An actor "a" without "#life", and one with a life that has two names.
      [1, 1, 0x61, 1],
      [1, 4, 0x61, 0x23, 0x30, 0x31, 1],
      [1, 3, 0x61, 0x23, 0x30, 0],
    ];
    for (const bytes of refusedBytes) {
      expect(() => decodeState(gCounter, Uint8Array.from(bytes))).toThrow(DecodeError);
    }
  });
});
