import { raftMesh, traitor } from "#shared/testing/agreement.ts";
import { emptyView } from "#shared/view/empty.ts";
import type { MeshView, NodeView } from "#shared/view/model.ts";
import { describe, expect, it } from "vitest";
import { cardFace, loadOf, sameFace } from "./card-face.ts";
import { nodeView } from "./testing.ts";

function viewWith(node: NodeView, others = 50): MeshView {
  const view = emptyView();
  view.nodes.set(node.id, node);
  for (let at = 0; at < others; at += 1) view.nodes.set(`x${at}`, nodeView(`x${at}`));
  return view;
}

const faceOf = (changes: Partial<NodeView>, detail: "full" | "dot" = "full") =>
  cardFace(viewWith(nodeView("A", { zone: "eu", ...changes })), "A", detail);

describe("the face of a card", () => {
  it("stays the same while only telemetry changes", () => {
    const telemetry = { receivedPerSecond: 9, sentPerSecond: 3, changedAt: 77, refutations: 4 };
    expect(sameFace(faceOf({}), faceOf(telemetry))).toBe(true);
    expect(sameFace(faceOf({}, "dot"), faceOf(telemetry, "dot"))).toBe(true);
  });

  it.each<[string, Partial<NodeView>]>([
    ["health", { localHealth: 1 }],
    ["process", { process: "paused" }],
    ["mode", { mode: "read-only" }],
    ["leaving", { leaving: true }],
    ["incarnation", { incarnation: 2 }],
    ["doubt", { suspectedBy: 1 }],
  ])("changes with %s at every detail", (_, changes) => {
    expect(sameFace(faceOf({}), faceOf(changes))).toBe(false);
    expect(sameFace(faceOf({}, "dot"), faceOf(changes, "dot"))).toBe(false);
  });

  it("changes when the node comes to lead, and when it is told to lie, but not with each term", () => {
    const { view, tell } = raftMesh(["A", "B", "C"]);
    const led = cardFace(view, "A", "dot");
    expect(led).toMatchObject({ role: "leader", term: 1, traitor: false });
    const followed = cardFace(view, "B", "dot");
    expect(followed?.term).toBeUndefined();
    tell({ type: "consensus.role", node: "B", role: "follower", term: 2, reason: "higher-term" });
    expect(sameFace(followed, cardFace(view, "B", "dot"))).toBe(true);
    tell(traitor("f1", "A"));
    expect(sameFace(led, cardFace(view, "A", "dot"))).toBe(false);
    tell({ type: "node.stopped", node: "A", reason: "killed" });
    expect(cardFace(view, "A", "dot")?.role).toBeUndefined();
  });

  it("counts every observer where the count is written, and not from afar", () => {
    const [two, three] = [{ suspectedBy: 2 }, { suspectedBy: 3 }];
    expect(sameFace(faceOf(two), faceOf(three))).toBe(false);
    expect(sameFace(faceOf(two, "dot"), faceOf(three, "dot"))).toBe(true);
    expect(faceOf(three)?.suspicion).toMatchObject({ observers: 3, quorum: 26, of: 51 });
  });

  it("from afar shows a single doubt, and no verdict before it is one", () => {
    expect(faceOf({ suspectedBy: 1 }, "dot")?.suspicion?.progress).toBeCloseTo(1 / 12);
    expect(faceOf({ suspectedBy: 25 }, "dot")?.suspicion?.progress).toBeCloseTo(11 / 12);
    expect(faceOf({ suspectedBy: 26 }, "dot")?.suspicion?.progress).toBeCloseTo(11 / 12);
    expect(faceOf({ deadBy: 1 }, "dot")?.suspicion).toMatchObject({ progress: 1, confirmed: true });
  });

  it("notes who doubts the node, else where it lives, else its links; nothing from afar", () => {
    expect(faceOf({ suspectedBy: 1 })?.note).toEqual({ kind: "doubt" });
    expect(faceOf({})?.note).toEqual({ kind: "place", place: "eu" });
    expect(faceOf({ zone: undefined, degree: 3 })?.note).toEqual({ kind: "links", degree: 3 });
    expect(faceOf({ suspectedBy: 1 }, "dot")?.note).toBeUndefined();
  });

  it("of a node that left does not speak of doubt", () => {
    expect(faceOf({ suspectedBy: 1, leftBy: 1 })?.note).toEqual({ kind: "place", place: "eu" });
  });

  it("is none without its node", () => {
    expect(cardFace(emptyView(), "A", "full")).toBeUndefined();
    expect(sameFace(undefined, faceOf({}))).toBe(false);
    expect(sameFace(undefined, undefined)).toBe(true);
  });
});

describe("load", () => {
  it("adds both ways, and is unknown where neither is told", () => {
    expect(loadOf(nodeView("A", { receivedPerSecond: 4, sentPerSecond: 3 }))).toBe(7);
    expect(loadOf(nodeView("A", { sentPerSecond: 0 }))).toBe(0);
    expect(loadOf(nodeView("A"))).toBeUndefined();
    expect(loadOf(undefined)).toBeUndefined();
  });
});
