import { describe, expect, test } from "vitest";
import { MESSAGE_OUTCOMES, traceBatchSchema } from "#shared/contract/trace.ts";
import { TraceRing } from "./trace-ring.ts";

const NAMES = ["A", "B", "C"];

function ringOf(bits: number, count: number): TraceRing {
  const ring = new TraceRing(bits);
  for (let i = 0; i < count; i++) {
    ring.sent({ from: i % 3, to: (i + 1) % 3, name: `k${i % 2}`, bytes: i }, i * 10);
  }
  return ring;
}

describe("TraceRing", () => {
  test("reads back in columns what was sent and what became of it", () => {
    const ring = ringOf(4, 3);
    ring.ended(0, "delivered", 55);
    ring.ended(1, "lost", 60);
    const batch = ring.read({ fromSerial: 0, limit: 10 }, NAMES);
    expect(traceBatchSchema.parse(batch)).toEqual({
      nodes: NAMES,
      kinds: ["k0", "k1"],
      sentAt: [0, 10, 20],
      arrivedAt: [55, -1, -1],
      from: [0, 1, 2],
      to: [1, 2, 0],
      kind: [0, 1, 0],
      bytes: [0, 1, 2],
      outcome: [1, 2, 0],
      skipped: 0,
    });
    expect(batch.outcome.map((outcome) => MESSAGE_OUTCOMES[outcome])).toEqual([
      "delivered",
      "lost",
      "in-flight",
    ]);
  });

  test("goes on from a serial, and counts what is over the limit", () => {
    const ring = ringOf(4, 8);
    const batch = ring.read({ fromSerial: 3, limit: 2 }, NAMES);
    expect([batch.bytes, batch.skipped]).toEqual([[3, 4], 3]);
    expect(ring.read({ fromSerial: ring.nextSerial, limit: 2 }, NAMES).sentAt).toEqual([]);
  });

  test("shows messages from or to the nodes that are asked for", () => {
    const batch = ringOf(4, 6).read({ fromSerial: 0, limit: 10, nodes: new Set([0]) }, NAMES);
    expect(batch.bytes).toEqual([0, 2, 3, 5]);
    expect(batch.skipped).toBe(0);
  });

  test("overwrites the oldest, counts them as skipped, and forgets what becomes of them", () => {
    const ring = ringOf(2, 6);
    ring.ended(0, "delivered", 99);
    ring.ended(1, "delivered", 99);
    ring.ended(2, "delivered", 99);
    const batch = ring.read({ fromSerial: 0, limit: 10 }, NAMES);
    expect(batch.bytes).toEqual([2, 3, 4, 5]);
    expect(batch.arrivedAt).toEqual([99, -1, -1, -1]);
    expect(batch.skipped).toBe(2);
  });

  test("a first delivery stays the outcome when the duplicate is dropped", () => {
    const ring = ringOf(2, 1);
    ring.ended(0, "delivered", 5);
    ring.ended(0, "dead-receiver", 9);
    expect(ring.read({ fromSerial: 0, limit: 1 }, NAMES)).toMatchObject({
      arrivedAt: [5],
      outcome: [1],
    });
  });
});
