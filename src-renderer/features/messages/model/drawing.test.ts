import type { MeshEvent } from "#shared/contract/events.ts";
import { describe, expect, it } from "vitest";
import { densityOf } from "./density.ts";
import { countProtocols, NO_FILTER, sieveOf, sift } from "./filter.ts";
import { HUES, hueOf } from "./hues.ts";
import { levelFor } from "./level.ts";
import { type Mark, markOf, thinMarks } from "./marks.ts";
import type { MessageStore } from "./message-store.ts";
import { SegmentIndex } from "./pick.ts";
import { layoutRows, maxScroll, MIN_ROW_PX, rowsOfNodes, shownIds } from "./rows.ts";
import { type Place, rowsInSight, segmentsOf } from "./segments.ts";
import { stretchesOf } from "./stretches.ts";
import { type Sent, storeOf } from "./testing.ts";

const SENT: readonly Sent[] = [
  { serial: 0, from: "A", to: "B", at: 100, arrives: 200, kind: "swim.ping" },
  { serial: 1, from: "B", to: "C", at: 300, arrives: 400, kind: "raft.append" },
  { serial: 2, from: "C", to: "A", at: 500, outcome: "lost", kind: "raft.append-reply" },
  { serial: 3, from: "A", to: "C", at: 700, outcome: "in-flight", kind: "gossip.push" },
];

function placeOf(store: MessageStore, ids: readonly string[]): Place {
  const layout = layoutRows(ids, 300);
  return {
    view: { origin: 0, shiftPx: 0, usPerPx: 1 },
    layout,
    scroll: 0,
    rowOfNode: rowsOfNodes(layout, store.nodes.words),
  };
}

const allRows = (store: MessageStore): Uint32Array =>
  Uint32Array.from({ length: store.count }, (_, row) => row);

describe("the filter", () => {
  const store = storeOf(SENT);
  const kept = (filter: Partial<typeof NO_FILTER>, ids: readonly string[] = ["A", "B", "C"]) => {
    const rows = allRows(store);
    const sieve = sieveOf({ ...NO_FILTER, ...filter }, store, new Set(ids));
    return [...rows.subarray(0, sift(store, sieve, rows, rows.length))];
  };

  it("lets everything through at first", () => {
    expect(kept({})).toEqual([0, 1, 2, 3]);
  });

  it("goes by protocol, outcome, part of a kind, and nodes", () => {
    expect(kept({ hiddenProtocols: new Set(["raft"]) })).toEqual([0, 3]);
    expect(kept({ outcome: "failed" })).toEqual([2]);
    expect(kept({ outcome: "in-flight" })).toEqual([3]);
    expect(kept({ text: " Append " })).toEqual([1, 2]);
    expect(kept({}, ["A", "B"])).toEqual([0]);
    expect(kept({ text: "append", outcome: "delivered" })).toEqual([1]);
  });

  it("counts protocols before it hides any", () => {
    expect(countProtocols(store, allRows(store), 4)).toEqual([
      { protocol: "gossip", count: 1 },
      { protocol: "raft", count: 2 },
      { protocol: "swim", count: 1 },
    ]);
  });
});

describe("lines of nodes", () => {
  it("are in the order of the mesh, all or only the chosen ones", () => {
    expect(shownIds(["C", "A", "B"], new Set(["B", "C"]), true)).toEqual(["C", "B"]);
    expect(shownIds(["C", "A", "B"], new Set(["B"]), false)).toEqual(["C", "A", "B"]);
  });

  it("scroll once they would be too close to tell apart", () => {
    const few = layoutRows(["A", "B"], 400);
    expect(maxScroll(few, 400)).toBe(0);
    const many = layoutRows(
      Array.from({ length: 200 }, (_, index) => `n${index}`),
      400,
    );
    expect(many.rowHeight).toBe(MIN_ROW_PX);
    expect(maxScroll(many, 400)).toBe(200 * MIN_ROW_PX - 400);
  });
});

describe("segments", () => {
  const store = storeOf(SENT);
  const place = placeOf(store, ["A", "B", "C"]);
  const { points } = segmentsOf(store, place, allRows(store), 4);
  const line = (index: number) => [...points.subarray(index * 4, index * 4 + 4)];

  it("lead from the sender when it sent to the receiver when it got it", () => {
    expect(line(0)).toEqual([100, 50, 200, 150]);
    expect(line(1)).toEqual([300, 150, 400, 250]);
  });

  it("end on the way where the message did not arrive", () => {
    const [, y0 = 0, , y1 = 0] = line(2);
    expect(y0).toBe(250);
    expect(y1).toBeGreaterThan(50);
    expect(y1).toBeLessThan(250);
    const [, , , flying = 0] = line(3);
    expect(flying).toBeGreaterThan(150);
    expect(flying).toBeLessThan(250);
  });

  it("leave out what passes between nodes that are scrolled away", () => {
    const inSight = (scroll: number, height: number) => [
      ...rowsInSight(store, { ...place, scroll }, allRows(store), height),
    ];
    expect(inSight(0, 300)).toEqual([0, 1, 2, 3]);
    expect(inSight(0, 100)).toEqual([0, 2, 3]);
    expect(inSight(200, 100)).toEqual([1, 2, 3]);
    expect(inSight(120, 20)).toEqual([0, 2, 3]);
  });

  it("are found within reach, the nearest first, and not beyond", () => {
    const index = new SegmentIndex(segmentsOf(store, place, allRows(store), 4), 1_000);
    expect(index.nearest(150, 100, 6)).toBe(0);
    expect(index.nearest(352, 200, 6)).toBe(1);
    expect(index.nearest(150, 130, 6)).toBe(-1);
    expect(index.nearest(100, 44, 6)).toBe(0);
    expect(index.nearest(100, 43, 6)).toBe(-1);
  });

  it("are found across columns of the index as by looking at each", () => {
    const many = storeOf(
      Array.from({ length: 300 }, (_, serial): Sent => {
        const [from, to] = serial % 2 === 0 ? ["A", "C"] : ["C", "B"];
        return {
          serial,
          from,
          to,
          at: serial * 7,
          arrives: serial * 7 + 1 + ((serial * 37) % 160),
        };
      }),
    );
    const segments = segmentsOf(many, placeOf(many, ["A", "B", "C"]), allRows(many), 300);
    const index = new SegmentIndex(segments, 800);
    const whole = new SegmentIndex(segments, 1);
    for (let x = 5; x < 800; x += 41) {
      for (let y = 60; y < 250; y += 23) {
        expect(index.nearest(x, y, 6)).toBe(whole.nearest(x, y, 6));
      }
    }
  });
});

describe("how much is drawn", () => {
  it("goes down with the number of messages, to density", () => {
    expect([10, 300, 2_000, 9_000].map((count) => levelFor(count, 1_000))).toEqual([
      "labels",
      "arrows",
      "lines",
      "density",
    ]);
    expect(levelFor(500, 100)).toBe("density");
  });

  it("counts each message where it leaves and where it arrives, in density", () => {
    const store = storeOf(SENT);
    const rows = allRows(store);
    const place = placeOf(store, ["A", "B", "C"]);
    const { columns, counts, failed, most } = densityOf(store, place, { rows, count: 4 }, 900);
    expect(columns).toBe(300);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4 + 2);
    expect(failed.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(failed[2 * columns + Math.floor(500 / 3)]).toBe(1);
    expect(counts[columns + Math.floor(200 / 3)]).toBe(1);
    expect(most).toBe(1);
  });

  it("has a hue for every protocol, always the same", () => {
    for (const protocol of ["raft", "swim", "whatever", ""]) {
      expect(hueOf(protocol)).toBe(hueOf(protocol));
      expect(hueOf(protocol)).toBeLessThan(HUES);
    }
    expect(hueOf("raft")).not.toBe(hueOf("gossip"));
  });
});

describe("stretches without a node", () => {
  const events: readonly MeshEvent[] = [
    { seq: 1, at: 100, type: "node.stopped", node: "A", reason: "killed" },
    { seq: 2, at: 150, type: "node.paused", node: "B" },
    { seq: 3, at: 200, type: "node.started", node: "A", incarnation: 2, disk: "kept" },
    { seq: 4, at: 300, type: "node.resumed", node: "C" },
  ];

  it("begin and end with what is known, and reach beyond it where it must have been so", () => {
    const stretches = stretchesOf(events, new Map());
    expect(stretches.get("A")).toEqual([{ from: 100, to: 200, kind: "stopped" }]);
    expect(stretches.get("B")).toEqual([
      { from: 150, to: Number.POSITIVE_INFINITY, kind: "paused" },
    ]);
    expect(stretches.get("C")).toEqual([{ from: 0, to: 300, kind: "paused" }]);
  });

  it("hold for nodes of which no event is known any more", () => {
    const nodes = new Map([
      ["D", { process: "stopped" as const }],
      ["E", { process: "running" as const }],
    ]);
    const stretches = stretchesOf([], nodes);
    expect(stretches.get("D")?.[0]).toMatchObject({ from: 0, kind: "stopped" });
    expect(stretches.has("E")).toBe(false);
  });
});

describe("marks", () => {
  it("stand for what explains messages: crashes, elections, votes, commits, faults", () => {
    const role = (name: "leader" | "candidate" | "follower"): MeshEvent =>
      ({ seq: 1, at: 1, type: "consensus.role", node: "A", role: name }) as MeshEvent;
    expect(markOf(role("leader"))?.sign).toBe("leader");
    expect(markOf(role("candidate"))?.sign).toBe("candidate");
    expect(markOf(role("follower"))).toBeUndefined();
    const killed: MeshEvent = { seq: 2, at: 2, type: "node.stopped", node: "A", reason: "killed" };
    expect(markOf(killed)).toEqual({ seq: 2, at: 2, node: "A", sign: "stop" });
    const cleared: MeshEvent = {
      seq: 3,
      at: 3,
      type: "fault.cleared",
      fault: "f",
      reason: "expired",
    };
    expect(markOf(cleared)?.node).toBeUndefined();
  });

  it("give way to weightier ones on the same spot of the same line", () => {
    const mark = (seq: number, at: number, sign: Mark["sign"], node = "A"): Mark => ({
      seq,
      at,
      node,
      sign,
    });
    const marks = [
      mark(1, 10, "vote"),
      mark(2, 12, "leader"),
      mark(3, 14, "note"),
      mark(4, 14, "note", "B"),
      mark(5, 40, "vote"),
    ];
    expect(thinMarks(marks, ({ at }) => at, 9).map(({ seq }) => seq)).toEqual([2, 4, 5]);
  });
});
