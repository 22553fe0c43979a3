import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MeshError } from "../contract/errors.ts";
import { snapshotSchema } from "../contract/protocol.ts";
import { randomEvents } from "../testing/random-events.ts";
import { emptyView } from "./empty.ts";
import { fold, foldAll } from "./fold.ts";
import { decodeSnapshot, encodeSnapshot } from "./snapshot.ts";

function viewOf(seed: number, count: number) {
  const view = emptyView();
  foldAll(view, randomEvents(seed, count));
  return view;
}

/** What arrives after JSON text. */
function overTheWire(value: unknown) {
  return snapshotSchema.parse(JSON.parse(JSON.stringify(value)));
}

describe("snapshots", () => {
  it("arrive as the view they were taken of, through JSON and through structured clone", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (seed) => {
        const view = viewOf(seed, 400);
        expect(decodeSnapshot(overTheWire(encodeSnapshot(view)))).toStrictEqual(view);
        expect(decodeSnapshot(structuredClone(encodeSnapshot(view)))).toStrictEqual(view);
      }),
      { numRuns: 60 },
    );
  });

  it("fold on like the view they were taken of", () => {
    const events = randomEvents(3, 900);
    const view = emptyView();
    foldAll(view, events.slice(0, 450));
    const copy = decodeSnapshot(overTheWire(encodeSnapshot(view)));
    for (const event of events.slice(450)) {
      fold(view, event);
      fold(copy, event);
    }
    expect(copy).toStrictEqual(view);
  });

  it("leave out the oldest text beyond their budget and say how much", () => {
    const view = emptyView();
    const text = "x".repeat(4_096);
    for (let seq = 1; seq <= 1_000; seq += 1) {
      fold(view, { seq, at: seq, type: "log", level: "info", topic: "t", text });
    }
    const { logs } = decodeSnapshot(encodeSnapshot(view));
    expect(logs.lines.length).toBeLessThan(1_000);
    expect(logs.lines.length + logs.dropped).toBe(1_000);
    expect(logs.lines.at(-1)?.seq).toBe(1_000);
  });

  const good = () => {
    const view = viewOf(5, 10);
    const link = { type: "link.up", node: "A", peer: "B", reason: "join" } as const;
    const doubt = { type: "member.state", node: "A", member: "B", state: "dead" } as const;
    fold(view, { seq: 11, at: 11, ...link });
    fold(view, { seq: 12, at: 12, ...doubt, incarnation: 0, reason: "quorum" });
    return overTheWire(encodeSnapshot(view));
  };
  const broken: [string, (view: Record<string, never>) => unknown][] = [
    ["nothing", () => null],
    ["a foreign key", (view) => ({ ...view, extra: 1 })],
    ["a node with a bad name", (view) => ({ ...view, nodes: [{ id: "no spaces" }] })],
    [
      "links of nodes that are not listed",
      (view) => {
        return {
          ...view,
          nodes: [],
          beliefs: { ...(view["beliefs"] as unknown as object), member: [] },
        };
      },
    ],
    ["beliefs about nodes that are not listed", (view) => ({ ...view, nodes: [], links: [] })],
    [
      "a link that is listed twice",
      (view) => {
        const links = view["links"] as unknown as unknown[];
        return { ...view, links: [...links, ...links] };
      },
    ],
    [
      "an event of an unknown type",
      (view) => {
        return { ...view, timeline: { dropped: 0, entries: [{ seq: 1, at: 1, type: "nope" }] } };
      },
    ],
    [
      "columns of different length",
      (view) => {
        const beliefs = { ...(view["beliefs"] as unknown as Record<string, unknown>) };
        return { ...view, beliefs: { ...beliefs, since: [] } };
      },
    ],
  ];
  for (const [what, breakIt] of broken) {
    it(`refuse ${what}`, () => {
      const snapshot = good();
      const damaged = { ...snapshot, view: breakIt(snapshot.view as Record<string, never>) };
      expect(() => decodeSnapshot(damaged)).toThrow(MeshError);
      expect(() => decodeSnapshot(damaged)).toThrow(/cannot be read/);
    });
  }
});
