import type { MeshEvent } from "#shared/contract/events.ts";
import { emptyNode, emptyView } from "#shared/view/empty.ts";
import type { Belief, LinkView, MeshView } from "#shared/view/model.ts";
import { describe, expect, it } from "vitest";
import { neighboursOf } from "./neighbours.ts";
import { observationOf } from "./observers.ts";
import { ratesOf } from "./rates.ts";
import { concerns, lastWhere } from "./recent.ts";
import { sparkOf } from "./spark.ts";

const running = (id: string) => ({ ...emptyNode(id, 0), process: "running" as const });
const belief = (state: Belief["state"], since: number): Belief => ({
  state,
  incarnation: 1,
  reason: "no-ack",
  since,
});
const link = (a: string, b: string, aUp: boolean, bUp: boolean): LinkView => ({
  key: `${a}~${b}`,
  a,
  b,
  aUp,
  bUp,
  reason: "",
  rttMs: 5,
  since: 0,
});

function viewWith(part: Partial<MeshView>): MeshView {
  const nodes = new Map([..."ABCDE"].map((id) => [id, running(id)]));
  return { ...emptyView(), nodes, ...part };
}

describe("what others believe", () => {
  const beliefs = new Map([
    [
      "E",
      new Map([
        ["A", belief("suspect", 20)],
        ["B", belief("dead", 30)],
        ["C", belief("suspect", 10)],
        ["D", belief("alive", 40)],
        ["E", belief("suspect", 50)],
      ]),
    ],
  ]);

  it("is sorted by severity, then by who was first; the node itself has no say", () => {
    const { doubting, trusting } = observationOf(viewWith({ beliefs }), "E");
    expect(doubting.map((observer) => observer.id)).toEqual(["B", "C", "A"]);
    expect(trusting).toBe(1);
  });

  it("counts only running ones as trusting", () => {
    const view = viewWith({});
    view.nodes.set("A", { ...running("A"), process: "stopped" });
    expect(observationOf(view, "E")).toEqual({ doubting: [], trusting: 3 });
  });
});

it("neighbours are seen from the node, whichever end of the link it is", () => {
  const links = new Map(
    [link("A", "B", true, false), link("B", "C", false, true), link("A", "C", true, true)].map(
      (entry) => [entry.key, entry],
    ),
  );
  const found = neighboursOf(viewWith({ links }), "B");
  expect(found.map(({ peer, mine, theirs }) => [peer, mine, theirs])).toEqual([
    ["A", false, true],
    ["C", false, true],
  ]);
});

describe("recent entries", () => {
  it("come newest first, up to the count", () => {
    expect(lastWhere([1, 2, 3, 4, 5], 2, (value) => value % 2 === 1)).toEqual([5, 3]);
    expect(lastWhere([1], 2, () => true)).toEqual([1]);
  });

  it("gives up on a long search", () => {
    const long = [7, ...Array.from({ length: 2_000 }, () => 0)];
    expect(lastWhere(long, 1, (value) => value === 7)).toEqual([]);
    expect(lastWhere(long.slice(0, 2_000), 1, (value) => value === 7)).toEqual([7]);
  });

  it.each<[MeshEvent, boolean]>([
    [{ seq: 1, at: 0, type: "node.paused", node: "E" }, true],
    [{ seq: 1, at: 0, type: "node.paused", node: "A" }, false],
    [{ seq: 1, at: 0, type: "link.up", node: "A", peer: "E", reason: "" }, true],
    [{ seq: 1, at: 0, type: "probe.missed", node: "A", member: "E", relays: [] }, true],
    [{ seq: 1, at: 0, type: "mesh.topology", kind: "grid" }, false],
  ])("%j", (event, concerned) => expect(concerns(event, "E")).toBe(concerned));
});

describe("sparklines", () => {
  it("span the width and touch the top at the peak", () => {
    expect(sparkOf([0, 5, 10], 100, 20)).toEqual({
      line: "M0,20L50,10L100,0",
      area: "M0,20L0,20L50,10L100,0L100,20Z",
      peak: 10,
    });
  });

  it("leave a gap where nothing was measured", () => {
    expect(sparkOf([1, undefined, 1], 10, 2)?.line).toBe("M0,0M10,0");
  });

  it("draw nothing from less than two values, and a flat line from zeros", () => {
    expect(sparkOf([3, undefined], 10, 2)).toBeUndefined();
    expect(sparkOf([0, 0], 10, 2)).toMatchObject({ line: "M0,2L10,2", peak: 0 });
  });
});

it("rates are per second of mesh time, and unknown for a window without length", () => {
  const window = { at: 0, windowUs: 500_000, sent: 9, delivered: 8, dropped: 1, bytes: 100 };
  const rows = ratesOf(
    [
      { ...window, latencyMs: undefined },
      { ...window, latencyMs: 4 },
      { ...window, windowUs: 0, latencyMs: undefined },
    ],
    2,
  );
  expect(rows).toEqual([
    { delivered: 16, dropped: 2, bytes: 200, latencyMs: 4 },
    { delivered: undefined, dropped: undefined, bytes: undefined, latencyMs: undefined },
  ]);
});
