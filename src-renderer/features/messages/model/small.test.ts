import { describe, expect, it } from "vitest";
import { Coverage } from "./coverage.ts";
import { presentable } from "./presentable.ts";
import { seqRange } from "./seq-range.ts";
import { shivizLog } from "./shiviz.ts";
import { storeOf } from "./testing.ts";

describe("what is known of time", () => {
  it("grows together, and tells the first stretch that is missing", () => {
    const coverage = new Coverage();
    expect(coverage.missing({ from: 5, to: 9 })).toEqual({ from: 5, to: 9 });
    coverage.add({ from: 0, to: 10 });
    coverage.add({ from: 20, to: 30 });
    expect(coverage.missing({ from: 5, to: 25 })).toEqual({ from: 11, to: 19 });
    coverage.add({ from: 11, to: 19 });
    expect(coverage.ranges).toEqual([{ from: 0, to: 30 }]);
    expect(coverage.missing({ from: 5, to: 30 })).toBeUndefined();
    expect(coverage.missing({ from: 25, to: 40 })).toEqual({ from: 31, to: 40 });
  });

  it("loses what is forgotten or lies outside of what is kept", () => {
    const coverage = new Coverage();
    coverage.add({ from: 0, to: 100 });
    coverage.forget({ from: 40, to: 50 });
    expect(coverage.ranges).toEqual([
      { from: 0, to: 39 },
      { from: 51, to: 100 },
    ]);
    coverage.keep({ from: 10, to: 60 });
    expect(coverage.ranges).toEqual([
      { from: 10, to: 39 },
      { from: 51, to: 60 },
    ]);
    coverage.add({ from: 9, to: 8 });
    expect(coverage.ranges).toHaveLength(2);
  });
});

describe("numbers of the events of a stretch", () => {
  const known = [
    { seq: 3, at: 100 },
    { seq: 8, at: 200 },
    { seq: 20, at: 300 },
  ];

  it("are bounded by the known events around it", () => {
    expect(seqRange(known, { from: 150, to: 250 }, 90)).toEqual({ fromSeq: 4, toSeq: 19 });
    expect(seqRange(known, { from: 0, to: 50 }, 90)).toEqual({ fromSeq: 1, toSeq: 2 });
    expect(seqRange(known, { from: 301, to: 900 }, 90)).toEqual({ fromSeq: 21, toSeq: 90 });
    expect(seqRange([], { from: 1, to: 2 }, 9)).toEqual({ fromSeq: 1, toSeq: 9 });
  });
});

describe("the log for ShiViz", () => {
  /** Its default parser. */
  const PARSER = /(?<host>\S*) (?<clock>{.*})\n(?<event>.*)/g;

  it("has a vector clock with each event, which its parser reads", () => {
    const store = storeOf([
      { serial: 0, from: "A", to: "node two", at: 10, arrives: 30, kind: "swim.ping" },
      { serial: 1, from: "node two", to: "A", at: 40, outcome: "lost", kind: "swim.ack" },
    ]);
    const log = shivizLog(store, Uint32Array.from([0, 1]));
    const events = [...log.matchAll(PARSER)].map(({ groups = {} }) => ({
      host: groups["host"],
      clock: JSON.parse(groups["clock"] ?? "") as unknown,
      event: groups["event"],
    }));
    expect(events).toEqual([
      { host: "A", clock: { A: 1 }, event: "send swim.ping to node_two #0 at 10 us" },
      {
        host: "node_two",
        clock: { A: 1, node_two: 1 },
        event: "receive swim.ping from A #0 at 30 us",
      },
      {
        host: "node_two",
        clock: { A: 1, node_two: 2 },
        event: "send swim.ack to A #1 at 40 us (lost)",
      },
    ]);
  });

  it("never takes a clock back, when a message overtakes another", () => {
    const store = storeOf([
      { serial: 0, from: "A", to: "B", at: 10, arrives: 100 },
      { serial: 1, from: "A", to: "B", at: 15, arrives: 20 },
    ]);
    const lines = shivizLog(store, Uint32Array.from([0, 1]))
      .trim()
      .split("\n");
    expect(lines.at(-2)).toBe('B {"A":2,"B":2}');
  });

  it("is empty without messages", () => {
    expect(shivizLog(storeOf([]), new Uint32Array(0))).toBe("");
  });
});

describe("content", () => {
  it("is broken into lines, without what turns the direction of reading", () => {
    expect(presentable('{"a":"x\\u202ey"}')).toBe('{\n  "a": "xy"\n}');
  });

  it("stays as it came where it was cut, and within bounds", () => {
    expect(presentable('{"a":')).toBe('{"a":');
    expect(presentable(`[${"1,".repeat(5_000)}1]`).split("\n").length).toBeLessThanOrEqual(2_001);
  });
});
