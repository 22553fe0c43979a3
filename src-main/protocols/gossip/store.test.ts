import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_DIGEST_STREAMS } from "./limits.ts";
import { RumourStore, type StoreLimits } from "./store.ts";
import type { Rumour } from "./types.ts";

const LIMITS: StoreLimits = { windowPerOrigin: 4, maxRumours: 100, maxStreams: 100 };

function rumour(origin: string, sequence: number, lamport = sequence): Rumour {
  const id = { origin, epoch: 0, sequence };
  return { id, topic: "t", payload: new Uint8Array(0), urgent: false, lamport };
}

function storeOf(rumours: readonly Rumour[], limits: Partial<StoreLimits> = {}): RumourStore {
  const store = new RumourStore({ ...LIMITS, ...limits });
  rumours.forEach((one) => store.add(one, 1));
  return store;
}

const keys = (rumours: readonly { readonly key: string }[]) => rumours.map((one) => one.key);

describe("taking rumours in", () => {
  it("takes each id once", () => {
    const store = storeOf([]);
    expect(store.add(rumour("A", 1), 2)).toMatchObject({ kind: "new", stored: { hops: 2 } });
    expect(store.add(rumour("A", 1), 1)).toEqual({ kind: "duplicate" });
    expect(store.size).toBe(1);
    expect(store.get({ origin: "A", epoch: 0, sequence: 1 })?.hops).toBe(2);
  });

  it("tells epochs of one origin apart", () => {
    const store = storeOf([rumour("A", 1)]);
    const reborn: Rumour = { ...rumour("A", 1, 5), id: { origin: "A", epoch: 9, sequence: 1 } };
    expect(store.add(reborn, 1).kind).toBe("new");
    expect(store.size).toBe(2);
  });

  it("counts the bytes a rumour takes on the wire", () => {
    const store = storeOf([{ ...rumour("A", 1), payload: new Uint8Array(10) }]);
    // origin 1+1, epoch 1, sequence 1, flags 1, lamport 1, topic 1+1, payload 1+10.
    expect(store.get({ origin: "A", epoch: 0, sequence: 1 })?.bytes).toBe(19);
  });
});

describe("the window of an origin", () => {
  it("keeps the newest sequences and drops what is older, for ever", () => {
    const store = storeOf([1, 2, 3, 4, 5].map((sequence) => rumour("A", sequence)));
    expect(store.size).toBe(4);
    expect(store.add(rumour("A", 1), 1).kind).toBe("too-old");
  });

  it("takes the oldest sequence that is still inside, not the one before it", () => {
    const store = storeOf([rumour("A", 10)]);
    expect(store.add(rumour("A", 6), 1).kind).toBe("too-old");
    expect(store.add(rumour("A", 7), 1).kind).toBe("new");
  });

  it("does not let one origin push out another", () => {
    const store = storeOf([rumour("B", 1), ...[1, 2, 3, 4, 5, 6].map((s) => rumour("A", s))]);
    expect(store.get({ origin: "B", epoch: 0, sequence: 1 })).toBeDefined();
  });
});

describe("the bound on all rumours", () => {
  it("lets the oldest Lamport time go first and does not take it again", () => {
    const store = storeOf([rumour("A", 1, 5), rumour("B", 1, 3)], { maxRumours: 2 });
    expect(store.add(rumour("C", 1, 4), 1).kind).toBe("new");
    expect(store.size).toBe(2);
    expect(store.add(rumour("B", 1, 3), 1).kind).toBe("too-old");
    expect(store.get({ origin: "A", epoch: 0, sequence: 1 })).toBeDefined();
  });

  it("does not take one that would be the oldest of a full store", () => {
    const store = storeOf([rumour("A", 1, 5), rumour("B", 1, 6)], { maxRumours: 2 });
    expect(store.add(rumour("C", 1, 4), 1).kind).toBe("too-old");
    expect(store.size).toBe(2);
  });

  it("forgets the origin that is silent longest, without ever delivering it again", () => {
    const store = storeOf([rumour("A", 1, 1), rumour("B", 1, 2)], { maxStreams: 2 });
    expect(store.add(rumour("C", 1, 3), 1).kind).toBe("new");
    expect(store.add(rumour("A", 1, 1), 1).kind).toBe("too-old");
    expect(store.digest("").streams.map((one) => one.origin)).toEqual(["B", "C"]);
  });
});

describe("the hash", () => {
  it("is that of the set, in whatever order it came", () => {
    const all = [rumour("A", 1), rumour("A", 2), rumour("B", 1)];
    expect(storeOf(all).hash).toBe(storeOf(all.toReversed()).hash);
    expect(storeOf(all).hash).not.toBe(storeOf(all.slice(1)).hash);
    expect(storeOf([]).hash).toBe("0000000000000000");
  });

  it("forgets what fell out of the window", () => {
    const late = [5, 6, 7, 8].map((sequence) => rumour("A", sequence));
    expect(storeOf([rumour("A", 1), ...late]).hash).toBe(storeOf(late).hash);
  });
});

describe("comparing digests", () => {
  it("names floor, highest and gaps", () => {
    const digest = storeOf([rumour("A", 7), rumour("A", 10)]).digest("");
    expect(digest.streams).toEqual([
      { origin: "A", epoch: 0, floor: 6, highest: 10, missing: [8, 9] },
    ]);
    expect(digest).toMatchObject({ after: "", until: null });
  });

  it("finds exactly what the other lacks and would take", () => {
    const here = storeOf([2, 3, 4, 5].map((s) => rumour("A", s)).concat(rumour("B", 1)));
    const there = storeOf([rumour("A", 1), rumour("A", 3), rumour("A", 4)]);
    expect(keys(here.lackedBy(there.digest("")))).toEqual(["A@0#2", "A@0#5", "B@0#1"]);
    expect(there.lackedHere(here.digest(""), 10)).toEqual([
      { origin: "A", epoch: 0, sequence: 2 },
      { origin: "A", epoch: 0, sequence: 5 },
      { origin: "B", epoch: 0, sequence: 1 },
    ]);
    expect(there.lackedHere(here.digest(""), 2)).toHaveLength(2);
    expect(here.lackedHere(there.digest(""), 10)).toEqual([]);
  });

  it("does not ask for what fell out of its own window", () => {
    const here = storeOf([rumour("A", 9), rumour("A", 10)]);
    const there = storeOf([rumour("A", 5), rumour("A", 6), rumour("A", 7)]);
    expect(here.lackedHere(there.digest(""), 10)).toEqual([{ origin: "A", epoch: 0, sequence: 7 }]);
  });

  it("goes through a large set range by range", () => {
    const names = Array.from({ length: MAX_DIGEST_STREAMS + 3 }, (_, i) => `n${i}`);
    const limits = { maxStreams: 1_000, maxRumours: 1_000 };
    const full = storeOf(
      names.map((name) => rumour(name, 1)),
      limits,
    );
    const first = full.digest("");
    expect(first.streams).toHaveLength(MAX_DIGEST_STREAMS);
    const second = full.digest(first.until ?? "");
    expect(second.streams).toHaveLength(3);
    expect(second.until).toBeNull();
    const empty = storeOf([], limits);
    expect(empty.lackedHere(first, 1_000).length + empty.lackedHere(second, 1_000).length).toBe(
      names.length,
    );
    // A digest of a range says nothing of streams outside of it.
    expect(full.lackedBy(first)).toEqual([]);
    expect(full.lackedBy({ ...first, streams: [] })).toHaveLength(MAX_DIGEST_STREAMS);
    expect(full.lackedBy({ ...second, streams: [] })).toHaveLength(3);
  });

  it("makes two stores equal, whatever they held", () => {
    const rumours = fc.array(
      fc.record({
        origin: fc.constantFrom("A", "B", "C"),
        sequence: fc.integer({ min: 1, max: 12 }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(rumours, rumours, (left, right) => {
        const make = (list: typeof left) =>
          storeOf(list.map((one) => rumour(one.origin, one.sequence)));
        const [a, b] = [make(left), make(right)];
        const toB = a.lackedBy(b.digest(""));
        const toA = b.lackedBy(a.digest(""));
        toB.forEach((one) => b.add(one.rumour, 1));
        toA.forEach((one) => a.add(one.rumour, 1));
        expect(a.hash).toBe(b.hash);
        expect(a.lackedBy(b.digest(""))).toEqual([]);
      }),
    );
  });
});
