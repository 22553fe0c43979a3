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
      serial: [0, 1, 2],
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

  test("reads a stretch of time, both ends included", () => {
    const ring = ringOf(4, 8);
    const batch = ring.between({ from: 20, to: 50, limit: 10 }, NAMES);
    expect([batch.serial, batch.sentAt, batch.skipped]).toEqual([
      [2, 3, 4, 5],
      [20, 30, 40, 50],
      0,
    ]);
    expect(ring.between({ from: 21, to: 29, limit: 10 }, NAMES).sentAt).toEqual([]);
    expect(ring.between({ from: 50, to: 20, limit: 10 }, NAMES).sentAt).toEqual([]);
    expect(ring.between({ from: 71, to: 1e15, limit: 10 }, NAMES).sentAt).toEqual([]);
  });

  test("of a stretch of time gives the oldest, and counts those over the limit", () => {
    const window = { from: 0, to: 70, nodes: new Set([0]), limit: 2 };
    const batch = ringOf(4, 8).between(window, NAMES);
    expect([batch.serial, batch.skipped]).toEqual([[0, 2], 3]);
  });

  test("of a stretch of time tells how many were overwritten, to within two marks", () => {
    const ring = ringOf(7, 1_000);
    const kept = ring.between({ from: 0, to: 1e6, limit: 1_000 }, NAMES);
    expect([kept.serial?.length, kept.skipped]).toEqual([128, 872]);
    const gone = ring.between({ from: 1_000, to: 5_000, limit: 1_000 }, NAMES);
    expect(gone.serial).toEqual([]);
    expect(Math.abs(gone.skipped - 401)).toBeLessThanOrEqual(64);
    expect(ring.between({ from: 9_000, to: 1e6, limit: 1_000 }, NAMES).skipped).toBe(0);
  });

  test("keeps its marks bounded in a long run, and still counts", () => {
    const ring = ringOf(4, 3_000_000);
    const { skipped } = ring.between({ from: 0, to: 9_999_999, limit: 10 }, NAMES);
    expect(Math.abs(skipped - 1_000_000)).toBeLessThanOrEqual(256);
  });

  test("finds one message by its serial, as long as it is kept", () => {
    const ring = ringOf(2, 6);
    expect(ring.row(5)).toEqual({ from: 2, to: 0, name: "k1", bytes: 5, sentAt: 50 });
    expect([ring.row(1), ring.row(6)]).toEqual([undefined, undefined]);
  });
});
