import { emptyNode, emptyView } from "#shared/view/empty.ts";
import type { RumourView } from "#shared/view/model.ts";
import { describe, expect, it } from "vitest";
import { digestGroups, expectedBand, spreadCurve } from "./spread.ts";

function rumour(arrivals: readonly number[], convergedAt?: number): RumourView {
  return {
    id: "r",
    origin: "n0",
    topic: "t",
    payload: "p",
    bytes: 1,
    urgent: true,
    publishedAt: 1_000_000,
    reached: new Map(
      arrivals.map((at, index) => [`n${index}`, { at, from: undefined, via: "push", hops: 1 }]),
    ),
    cooled: 0,
    messages: 0,
    trafficBytes: 0,
    convergedAt,
  };
}

describe("spreadCurve", () => {
  it("counts arrivals in order of time, in milliseconds since publication", () => {
    const curve = spreadCurve(rumour([1_000_000, 1_900_000, 1_400_000], 1_900_000), 9_000_000);
    expect(curve).toEqual([
      { ms: 0, reached: 1 },
      { ms: 400, reached: 2 },
      { ms: 900, reached: 3 },
    ]);
  });

  it("goes on to now while the rumour still spreads", () => {
    expect(spreadCurve(rumour([1_000_000]), 3_000_000).at(-1)).toEqual({ ms: 2_000, reached: 1 });
  });

  it("is thinned, and keeps the first and the last arrival", () => {
    const times = Array.from({ length: 1_000 }, (_, at) => 1_000_000 + at * 1_000);
    const curve = spreadCurve(rumour(times, 1_999_000), 9_000_000);
    expect(curve).toHaveLength(119);
    expect(curve[0]).toEqual({ ms: 0, reached: 1 });
    expect(curve.at(-1)).toEqual({ ms: 999, reached: 1_000 });
  });
});

describe("expectedBand", () => {
  it("is unknown without settings or without anybody to tell", () => {
    const view = emptyView();
    const calm = { ...rumour([]), urgent: false };
    expect(expectedBand(view, calm)).toBeUndefined();
    view.mesh = { ...view.mesh, gossip: { mode: "push", fanout: 1, intervalMs: 1_000 } };
    view.counts = { ...view.counts, running: 1 };
    expect(expectedBand(view, calm)).toBeUndefined();
    view.counts = { ...view.counts, running: 9 };
    expect(expectedBand(view, calm)).toBeDefined();
    expect(expectedBand(view, { ...calm, urgent: true })).toBeUndefined();
  });

  it("lies around the theoretical number of rounds", () => {
    const view = emptyView();
    view.mesh = { ...view.mesh, gossip: { mode: "push", fanout: 1, intervalMs: 1_000 } };
    view.counts = { ...view.counts, running: 1_000 };
    const band = expectedBand(view, { ...rumour([]), urgent: false });
    // log2 n + ln n (Pittel 1987)
    expect(band?.rounds).toBeCloseTo(16.87, 2);
    expect(band?.fromMs).toBeCloseTo(5_906, -1);
    expect(band?.toMs).toBeCloseTo(16_874, -1);
  });
});

it("groups running nodes by what they hold, unknown apart", () => {
  const node = (id: string, members: string | undefined, process: "running" | "stopped") => ({
    ...emptyNode(id, 0),
    process,
    digest: members === undefined ? undefined : { members, rumours: "r" },
  });
  const nodes = [
    node("A", "x", "running"),
    node("B", "y", "running"),
    node("C", "y", "running"),
    node("D", undefined, "running"),
    node("E", "z", "stopped"),
  ];
  expect(digestGroups(nodes, "members")).toEqual([
    { digest: "y", nodes: ["B", "C"] },
    { digest: "x", nodes: ["A"] },
    { digest: undefined, nodes: ["D"] },
  ]);
});
