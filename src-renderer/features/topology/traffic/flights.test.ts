import { describe, expect, it } from "vitest";
import type { TraceBatch } from "#shared/contract/trace.ts";
import { dotAt, type Flight, flightsOf, keepFlying, MAX_FLIGHTS } from "./flights.ts";

const batch: TraceBatch = {
  nodes: ["A", "B"],
  kinds: ["swim.ping", "gossip.push"],
  sentAt: [1_000_000, 1_050_000, 1_100_000],
  arrivedAt: [1_005_000, -1, 3_100_000],
  from: [0, 1, 0],
  to: [1, 0, 1],
  kind: [0, 1, 0],
  bytes: [40, 80, 40],
  outcome: [1, 2, 1],
  skipped: 0,
};
const flight = (changes: Partial<Flight> = {}): Flight => ({
  from: "A",
  to: "B",
  family: "swim",
  outcome: "delivered",
  startMs: 100,
  endMs: 500,
  ...changes,
});

describe("flights of a batch", () => {
  it("start spread over the tenth of a second that a batch stands for, in order of sending", () => {
    const flights = flightsOf(batch, 10_000, 1);
    expect(flights.map((dot) => dot.startMs)).toEqual([10_000, 10_050, 10_100]);
    expect(flights.map((dot) => [dot.from, dot.to, dot.family])).toEqual([
      ["A", "B", "swim"],
      ["B", "A", "gossip"],
      ["A", "B", "swim"],
    ]);
  });

  it("last long enough to be seen and end before they bore", () => {
    const lasts = flightsOf(batch, 0, 1).map((dot) => Math.round(dot.endMs - dot.startMs));
    expect(lasts).toEqual([380, 380, 1_300]);
    const slowed = flightsOf(batch, 0, 0.01).map((dot) => Math.round(dot.endMs - dot.startMs));
    expect(slowed[0]).toBe(500);
  });

  it("skips rows that point outside their lists", () => {
    expect(flightsOf({ ...batch, from: [9, 1, 0], outcome: [1, 77, 1] }, 0, 1)).toHaveLength(1);
  });

  it("a batch of a single moment does not divide by zero", () => {
    const one = { ...batch, sentAt: [5], arrivedAt: [9] };
    expect(flightsOf(one, 7, 1)[0]?.startMs).toBe(7);
  });
});

describe("dots", () => {
  it("are there from their start and gone at their end", () => {
    expect(dotAt(flight(), 99)).toBeUndefined();
    expect(dotAt(flight(), 100)).toEqual({ progress: 0, alpha: 1 });
    expect(dotAt(flight(), 300)).toEqual({ progress: 0.5, alpha: 1 });
    expect(dotAt(flight(), 500)).toBeUndefined();
  });

  it.each(["lost", "cut"] as const)("%s ones stop half way and fade", (outcome) => {
    expect(dotAt(flight({ outcome }), 400)).toEqual({ progress: 0.5, alpha: 0.5 });
  });

  it("what reaches a dead receiver travels all the way while it fades", () => {
    const dot = dotAt(flight({ outcome: "dead-receiver" }), 300);
    expect(dot?.progress).toBe(0.5);
    expect(dot?.alpha).toBeCloseTo(0.65);
  });

  it("keep to a cap, the newest win", () => {
    const many = Array.from({ length: MAX_FLIGHTS }, () => flight());
    const kept = keepFlying(many, [flight({ from: "new" })], 200);
    expect(kept).toHaveLength(MAX_FLIGHTS);
    expect(kept.at(-1)?.from).toBe("new");
    expect(keepFlying(many, [], 500)).toEqual([]);
  });
});
