import type { MeshEvent } from "#shared/contract/events.ts";
import { expect, it } from "vitest";
import { binMarks } from "./marks.ts";

const killed = (at: number): MeshEvent => ({
  seq: 1,
  at,
  type: "node.stopped",
  node: "A",
  reason: "killed",
});
const started = (at: number): MeshEvent => ({
  seq: 2,
  at,
  type: "node.started",
  node: "A",
  incarnation: 1,
  disk: "kept",
});

it("puts events into the column of their time, both ends included", () => {
  const bins = binMarks([killed(0), started(50), killed(100)], { from: 0, to: 100 }, 10);
  expect(bins[0]).toBe("failed");
  expect(bins[5]).toBe("healthy");
  expect(bins[9]).toBe("failed");
  expect(bins.filter((tone) => tone !== undefined)).toHaveLength(3);
});

it("lets the worst of a column win, in any order", () => {
  expect(binMarks([started(5), killed(6)], { from: 0, to: 100 }, 10)[0]).toBe("failed");
  expect(binMarks([killed(6), started(5)], { from: 0, to: 100 }, 10)[0]).toBe("failed");
});

it("leaves out what history no longer reaches", () => {
  const bins = binMarks([killed(9), killed(201)], { from: 10, to: 200 }, 4);
  expect(bins.every((tone) => tone === undefined)).toBe(true);
});

it("stands a mesh whose time has not moved", () => {
  expect(binMarks([killed(0)], { from: 0, to: 0 }, 3)).toEqual(["failed", undefined, undefined]);
});
