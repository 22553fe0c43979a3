import { MESSAGE_OUTCOMES } from "#shared/contract/trace.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MessageStore } from "./message-store.ts";
import { batchOf, type Sent, serialsOf, storeOf } from "./testing.ts";

/** Message `serial` leaves at ten times its number. */
const numbered = (...serials: readonly number[]): readonly Sent[] =>
  serials.map((serial) => ({ serial, at: serial * 10, arrives: serial * 10 + 5 }));

const outcomeOf = (store: MessageStore, serial: number): string | undefined =>
  MESSAGE_OUTCOMES[store.columns.outcome[store.rowOf(serial)] ?? -1];

describe("merging batches", () => {
  it("holds every message once, in the order of sending, however batches overlap", () => {
    const batches = fc.array(fc.array(fc.nat(300), { maxLength: 40 }), { maxLength: 8 });
    fc.assert(
      fc.property(batches, (lists) => {
        const store = new MessageStore();
        for (const list of lists) store.merge(batchOf(numbered(...list)));
        expect(serialsOf(store)).toEqual([...new Set(lists.flat())].sort((a, b) => a - b));
        for (const [row, serial] of serialsOf(store).entries()) {
          expect(store.columns.sentAt[row]).toBe(serial * 10);
          expect(store.columns.arrivedAt[row]).toBe(serial * 10 + 5);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("tells how many messages are new and how many are known better than before", () => {
    const store = storeOf([
      { serial: 1, at: 10 },
      { serial: 2, at: 20 },
    ]);
    const news = batchOf([
      { serial: 1, at: 10, arrives: 30 },
      { serial: 2, at: 20 },
      { serial: 3, at: 40 },
    ]);
    expect(store.merge(news)).toEqual({ added: 1, changed: 1, dropped: undefined });
    const { version } = store;
    expect(store.merge(news)).toEqual({ added: 0, changed: 0, dropped: undefined });
    expect(store.version).toBe(version);
  });

  it("learns how a message under way ended, and never takes an end back", () => {
    const store = storeOf([{ serial: 7, at: 10 }]);
    expect(outcomeOf(store, 7)).toBe("in-flight");
    store.merge(batchOf([{ serial: 7, at: 10, outcome: "lost" }]));
    expect(outcomeOf(store, 7)).toBe("lost");
    store.merge(batchOf([{ serial: 7, at: 10 }]));
    expect(outcomeOf(store, 7)).toBe("lost");
  });

  it("knows nodes and kinds by name, whatever numbers a batch gives them", () => {
    const store = storeOf([{ serial: 1, at: 1, from: "A", to: "B", kind: "raft.vote" }]);
    store.merge(batchOf([{ serial: 2, at: 2, from: "B", to: "A", kind: "gossip.push" }]));
    const { from, to, kind } = store.columns;
    expect([...from.subarray(0, 2)].map((node) => store.nodes.words[node])).toEqual(["A", "B"]);
    expect([...to.subarray(0, 2)].map((node) => store.nodes.words[node])).toEqual(["B", "A"]);
    expect([...kind.subarray(0, 2)].map((word) => store.kinds.words[word])).toEqual([
      "raft.vote",
      "gossip.push",
    ]);
  });

  it("takes nothing that names a node or a time that does not exist", () => {
    const batch = batchOf(numbered(1, 2, 3));
    const broken = {
      ...batch,
      from: [0, 99, 0],
      sentAt: [10, 20, Number.NaN],
    };
    const store = new MessageStore();
    store.merge(broken);
    expect(serialsOf(store)).toEqual([1]);
  });

  it("takes nothing from a host that does not number its messages", () => {
    const { serial: _, ...unnumbered } = batchOf(numbered(1, 2));
    const store = new MessageStore();
    expect(store.merge(unnumbered).added).toBe(0);
  });
});

describe("the bound", () => {
  it("drops the oldest when newer ones come, and the newest when older ones come", () => {
    const store = new MessageStore(4);
    store.merge(batchOf(numbered(10, 11, 12)));
    expect(store.merge(batchOf(numbered(13, 14, 15))).dropped).toBe("oldest");
    expect(serialsOf(store)).toEqual([12, 13, 14, 15]);
    expect(store.merge(batchOf(numbered(1, 2))).dropped).toBe("newest");
    expect(serialsOf(store)).toEqual([1, 2, 12, 13]);
  });
});

describe("what a stretch of time shows", () => {
  const collect = (store: MessageStore, from: number, to: number): readonly number[] => {
    const out = new Uint32Array(store.count);
    const count = store.collect({ from, to }, out);
    return [...out.subarray(0, count)].map((row) => store.columns.serial[row] ?? -1);
  };

  it("are the messages whose line touches it, also those sent long before", () => {
    const store = storeOf([
      { serial: 1, at: 0, arrives: 1_000 },
      { serial: 2, at: 10, arrives: 20 },
      { serial: 3, at: 500, arrives: 510 },
      { serial: 4, at: 900, arrives: 910 },
    ]);
    expect(collect(store, 400, 600)).toEqual([1, 3]);
    expect(collect(store, 20, 20)).toEqual([1, 2]);
    expect(collect(store, 21, 400)).toEqual([1]);
  });

  it("is the same as looking at every message, over many blocks", () => {
    const sent = Array.from({ length: 2_000 }, (_, serial): Sent => {
      const took = serial % 97 === 0 ? 5_000 : 7;
      return { serial, at: serial * 3, arrives: serial * 3 + took };
    });
    const store = storeOf(sent);
    for (const [from, to] of [
      [0, 10],
      [2_995, 3_005],
      [5_990, 9_000],
      [20_000, 30_000],
    ] as const) {
      const wanted = sent.filter(({ at, arrives = at }) => at <= to && arrives >= from);
      expect(collect(store, from, to)).toEqual(wanted.map(({ serial }) => serial));
    }
  });

  it("gives what never arrives the typical length", () => {
    const store = storeOf([...numbered(1, 2, 3), { serial: 4, at: 100, outcome: "lost" }]);
    expect(store.typicalLatency).toBe(5);
    expect(store.endOf(store.rowOf(4))).toBe(105);
  });
});
