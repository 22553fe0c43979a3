import { describe, expect, it } from "vitest";
import { MAX_COPIES, MAX_COPIES_BYTES } from "./limits.ts";
import { RoundLedger } from "./round-ledger.ts";
import type { StoredRumour } from "./stream.ts";

function entries(count: number, bytes: number): StoredRumour[] {
  const id = { origin: "A", epoch: 0, sequence: 1 };
  const rumour = { id, topic: "t", payload: new Uint8Array(0), urgent: false, lamport: 1 };
  const key = "A@0#1";
  return Array.from({ length: count }, () => ({ rumour, key, hops: 0, bytes, copiesSent: 0 }));
}

const PLENTY = 1e9;

describe("RoundLedger", () => {
  it("fills the round's budget to the byte, and no further", () => {
    const ledger = new RoundLedger();
    expect(ledger.admit(entries(4, 100), 300)).toHaveLength(3);
    expect(ledger.admit(entries(1, 1), 300)).toHaveLength(0);
    expect(ledger.close(1, false, 0)).toMatchObject({ copies: 3, bytes: 300, deferred: 2 });
  });

  it("begins every round with a full budget and empty books", () => {
    const ledger = new RoundLedger();
    ledger.admit(entries(3, 100), 300);
    ledger.close(1, false, 0);
    expect(ledger.admit(entries(3, 100), 300)).toHaveLength(3);
    ledger.close(2, true, 5);
    expect(ledger.close(3, true, 5)).toEqual({
      round: 3,
      antiEntropy: true,
      messages: 0,
      copies: 0,
      bytes: 0,
      deferred: 0,
      duplicates: 0,
      tooOld: 0,
      hot: 5,
    });
  });

  it("puts no more copies in a message than a receiver decodes", () => {
    expect(new RoundLedger().admit(entries(MAX_COPIES + 1, 1), PLENTY)).toHaveLength(MAX_COPIES);
  });

  it("puts no more bytes in a message than its limit, and as many as that", () => {
    const half = MAX_COPIES_BYTES / 2;
    expect(new RoundLedger().admit(entries(3, half), PLENTY)).toHaveLength(2);
    expect(new RoundLedger().admit(entries(3, half + 1), PLENTY)).toHaveLength(1);
  });

  it("lets a small one pass a large one that does not fit", () => {
    const [large, small] = [entries(1, 200), entries(1, 50)];
    expect(new RoundLedger().admit([...large, ...small], 100)).toEqual(small);
  });

  it("counts the copies of each rumour", () => {
    const [one] = entries(1, 10);
    const ledger = new RoundLedger();
    ledger.admit(one === undefined ? [] : [one, one], PLENTY);
    expect(one?.copiesSent).toBe(2);
  });
});
