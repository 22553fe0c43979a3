import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cone, coneOf, FUTURE, PAST } from "./causality.ts";
import type { MessageStore } from "./message-store.ts";
import { type Sent, storeOf } from "./testing.ts";

function coneOfMessage(store: MessageStore, serial: number): Cone {
  const row = store.rowOf(serial);
  const { from, to, sentAt, arrivedAt } = store.columns;
  const arrived = arrivedAt[row] ?? -1;
  const effect = arrived < 0 ? undefined : { node: to[row] ?? 0, at: arrived };
  return coneOf(store, { node: from[row] ?? 0, at: sentAt[row] ?? 0 }, effect);
}

const sidesOf = (store: MessageStore, cone: Cone, side: number): readonly number[] =>
  [...store.columns.serial.subarray(0, store.count)].filter((_, row) => cone.sides[row] === side);

describe("happened before", () => {
  // A → B → C in turn; D speaks to C too late, E to nobody who speaks on.
  const chain: readonly Sent[] = [
    { serial: 1, from: "A", to: "B", at: 10, arrives: 20 },
    { serial: 2, from: "E", to: "D", at: 15, arrives: 90 },
    { serial: 3, from: "B", to: "C", at: 30, arrives: 40 },
    { serial: 4, from: "D", to: "C", at: 31, arrives: 60 },
    { serial: 5, from: "C", to: "A", at: 50, arrives: 70 },
    { serial: 6, from: "A", to: "E", at: 80, arrives: 95 },
  ];

  it("follows chains of messages backwards and forwards", () => {
    const store = storeOf(chain);
    const cone = coneOfMessage(store, 3);
    expect(sidesOf(store, cone, PAST)).toEqual([1]);
    expect(sidesOf(store, cone, FUTURE)).toEqual([5, 6]);
    expect([cone.past, cone.future]).toEqual([1, 2]);
  });

  it("counts what arrived after the moment as neither", () => {
    const store = storeOf(chain);
    const past = sidesOf(store, coneOfMessage(store, 5), PAST);
    expect(past).toEqual([1, 3]);
    expect(past).not.toContain(4);
  });

  it("holds that a message that never arrived led to nothing", () => {
    const lost = chain.map((sent): Sent => {
      if (sent.serial !== 3) return sent;
      return { serial: 3, from: "B", to: "C", at: 30, outcome: "lost" };
    });
    const store = storeOf(lost);
    expect(coneOfMessage(store, 3).future).toBe(0);
    expect(sidesOf(store, coneOfMessage(store, 5), PAST)).toEqual([]);
  });

  it("takes an answer in the same microsecond for an answer", () => {
    const store = storeOf([
      { serial: 1, from: "A", to: "B", at: 10, arrives: 10 },
      { serial: 2, from: "B", to: "C", at: 10, arrives: 10 },
      { serial: 3, from: "C", to: "A", at: 10, arrives: 12 },
    ]);
    expect(sidesOf(store, coneOfMessage(store, 3), PAST)).toEqual([1, 2]);
    expect(sidesOf(store, coneOfMessage(store, 1), FUTURE)).toEqual([2, 3]);
  });

  it("tells for each node up to when it belongs to the past and from when to the future", () => {
    const store = storeOf(chain);
    const cone = coneOfMessage(store, 3);
    const node = (id: string): number => store.nodes.find(id);
    expect(cone.pastUntil[node("A")]).toBe(10);
    expect(cone.pastUntil[node("B")]).toBe(30);
    expect(cone.pastUntil[node("D")]).toBe(Number.NEGATIVE_INFINITY);
    expect(cone.futureFrom[node("C")]).toBe(40);
    expect(cone.futureFrom[node("A")]).toBe(70);
    expect(cone.cut).toBe(false);
  });

  it("is what vector clocks say, on any run", () => {
    const ids = ["A", "B", "C", "D"];
    const message = fc.record({
      from: fc.constantFrom(...ids),
      to: fc.constantFrom(...ids),
      gap: fc.integer({ min: 1, max: 5 }),
      took: fc.integer({ min: 1, max: 30 }),
      lost: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(message, { minLength: 2, maxLength: 40 }), fc.nat(), (list, pick) => {
        let at = 0;
        const sent = list.map(({ from, to, gap, took, lost }, serial): Sent => {
          // Odd departures and even arrivals: no two events of a node share an instant.
          at += gap * 2;
          const base = { serial, from, to, at: at * 100 + 1 };
          const arrives = (at + took * 2) * 100 + 2 * (serial + 1);
          return lost ? { ...base, outcome: "lost" } : { ...base, arrives };
        });
        const store = storeOf(sent);
        const chosen = sent[pick % sent.length];
        if (chosen === undefined) return;
        const cone = coneOfMessage(store, chosen.serial);
        expect(sidesOf(store, cone, PAST)).toEqual(pastBySearch(sent, chosen));
        expect(sidesOf(store, cone, FUTURE)).toEqual(futureBySearch(sent, chosen));
      }),
      { numRuns: 100 },
    );
  });
});

/** By the definition: messages from whose arrival a chain leads to the departure of `chosen`. */
function pastBySearch(sent: readonly Sent[], chosen: Sent): readonly number[] {
  const found = new Set<Sent>();
  const open = [chosen];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const other of sent) {
      const leads =
        other.to === next.from && other.arrives !== undefined && other.arrives <= next.at;
      if (!leads || found.has(other)) continue;
      found.add(other);
      open.push(other);
    }
  }
  return [...found].map(({ serial }) => serial).sort((a, b) => a - b);
}

function futureBySearch(sent: readonly Sent[], chosen: Sent): readonly number[] {
  const found = new Set<Sent>();
  const open = [chosen];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { to, arrives } = next;
    if (arrives === undefined) continue;
    for (const other of sent) {
      if (other.from !== to || other.at < arrives || found.has(other)) continue;
      found.add(other);
      open.push(other);
    }
  }
  return [...found].map(({ serial }) => serial).sort((a, b) => a - b);
}
