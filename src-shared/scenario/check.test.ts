import { describe, expect, it } from "vitest";
import { meshOf } from "../testing/meshes.ts";
import type { MeshView } from "../view/model.ts";
import { checkFinal, checkMetric } from "./check.ts";
import { finalCheckSchema } from "./expectation.ts";
import { metricOf } from "./metric.ts";

function verdict(view: MeshView, check: object, count = 0) {
  return checkFinal(view, finalCheckSchema.parse(check), () => count);
}

describe("final checks", () => {
  const { view, tell } = meshOf([..."ABCD"], ["AB", "BC", "CD", "AD"]);
  tell({ type: "node.stopped", node: "D", reason: "killed" });

  it.each<[object, string | undefined]>([
    [{ nodes: ["D"], health: "failed" }, undefined],
    [{ nodes: ["A", "D"], health: "healthy" }, "health of D is failed, not healthy"],
    [{ nodes: "running", process: "running" }, undefined],
    [{ nodes: "all", process: "running" }, "process of D is stopped, not running"],
    [{ nodes: ["A"], mode: "read-write" }, "mode of A is not known, not read-write"],
    [{ nodes: ["X"], health: "failed" }, "X is not listed"],
    [{ nodes: ["A"], incarnation: { atLeast: 1 } }, "the incarnation of A is 0, less than 1"],
    [{ absent: ["X"] }, undefined],
    [{ absent: ["X", "A"] }, "A is listed"],
    [{ links: { atLeast: 1, atMost: 2 } }, undefined],
    [{ links: { atLeast: 2 } }, "the number of links of A is 1, less than 2"],
    [{ links: { atMost: 1 }, of: ["B"] }, "the number of links of B is 2, more than 1"],
    [{ agreement: true }, undefined],
    [{ agreement: false }, "unexpectedly, the running nodes agree"],
    [{ twoDisjointRoutes: true }, "it does not hold that the overlay holds two disjoint routes"],
    [{ rumour: "all" }, "no such rumour was published"],
    [{ events: { type: "log" }, atMost: 2 }, "the number of events log is 3, more than 2"],
    [{ events: { type: "log" }, atLeast: 3 }, undefined],
  ])("%j: %s", (check, expected) => {
    expect(verdict(view, check, 3)).toBe(expected);
  });

  it("count the running nodes that the latest rumour of the topic reached", () => {
    const { view, tell } = meshOf([..."ABC"]);
    const rest = { payload: "", bytes: 0, urgent: true };
    tell({ type: "rumour.published", node: "A", rumour: "r1", topic: "news", ...rest });
    tell({ type: "rumour.published", node: "B", rumour: "r2", topic: "other", ...rest });
    const arrival = { from: "A", via: "push", hops: 1 } as const;
    tell({ type: "rumour.received", node: "B", rumour: "r1", ...arrival });
    expect(verdict(view, { rumour: "all", topic: "news" })).toMatch(/r1 reached is 2, less than 3/);
    tell({ type: "rumour.received", node: "C", rumour: "r1", ...arrival });
    expect(verdict(view, { rumour: "all", topic: "news" })).toBeUndefined();
    expect(verdict(view, { rumour: { atMost: 1 } })).toBeUndefined();
  });
});

describe("metrics", () => {
  it("are means over nodes and time, and unknown without data", () => {
    const { view, tell } = meshOf(["A", "B"], ["AB"]);
    expect(metricOf(view, "latencyMs")).toBeUndefined();
    expect(checkMetric(view, "latencyMs", { atMost: 9 })).toBe("latencyMs is not known");
    const sample = { type: "metrics.sampled", windowUs: 2_000_000 } as const;
    tell({ ...sample, sent: 30, delivered: 10, dropped: 2, bytes: 400, latencyMs: 4 });
    tell({ ...sample, sent: 10, delivered: 30, dropped: 2, bytes: 400, latencyMs: 8 });
    tell({ ...sample, sent: 0, delivered: 0, dropped: 0, bytes: 0 });
    expect(metricOf(view, "latencyMs")).toBe(7);
    expect(metricOf(view, "droppedShare")).toBe(0.1);
    expect(metricOf(view, "messagesPerNodePerSecond")).toBeCloseTo(40 / 6 / 2, 9);
    expect(metricOf(view, "bytesPerNodePerSecond")).toBeCloseTo(800 / 6 / 2, 9);
    expect(metricOf(view, "connectivity")).toBe(100);
    expect(metricOf(view, "recoverySeconds")).toBeUndefined();
    expect(checkMetric(view, "latencyMs", { atLeast: 7, atMost: 7 })).toBeUndefined();
    expect(checkMetric(view, "latencyMs", { atMost: 6.9 })).toBe("latencyMs is 7, more than 6.9");
  });
});
