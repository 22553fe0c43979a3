// What a decision costs in messages: about n log n, where all-to-all voting costs n squared.
import { describe, expect, it } from "vitest";
import { seconds } from "#main/kernel/time.ts";
import { EpidemicMesh } from "./testing/epidemic-mesh.ts";

/** The proposal to all, and every member's word for it to all. */
function allToAll(n: number): number {
  return n - 1 + n * (n - 1);
}

/** Messages of one decision in a mesh at rest, until all executed it and it is quiet again. */
function measure(n: number, fanout: number): { messages: number; decided: boolean } {
  const options = { fanout, patienceMs: 60_000, antiEntropyIntervalMs: 3_600_000 };
  const mesh = new EpidemicMesh(n, options, 7);
  mesh.runFor(seconds(20));
  const before = mesh.sent.length;
  const first = mesh.ids[0] ?? "";
  mesh.propose(first, "one");
  mesh.runFor(seconds(20));
  const decided = mesh.ids.every((id) => mesh.entries(id).length === 1);
  return { messages: mesh.sent.length - before, decided };
}

describe("messages of one decision", () => {
  it("grow like n log n", () => {
    for (const n of [4, 8, 16, 32, 64]) {
      const { messages, decided } = measure(n, 1);
      expect(decided).toBe(true);
      const perNLogN = messages / (n * Math.log2(n));
      expect(perNLogN).toBeGreaterThan(1);
      expect(perNLogN).toBeLessThan(6);
    }
  });

  it("are fewer than all-to-all in a large mesh, and more in a small one", () => {
    expect(measure(64, 1).messages).toBeLessThan(allToAll(64) / 1.5);
    expect(measure(4, 1).messages).toBeGreaterThan(allToAll(4));
  });

  it("at rest are one probe a member and interval, whatever was decided before", () => {
    const mesh = new EpidemicMesh(8, { antiEntropyIntervalMs: 1_000 }, 3);
    mesh.propose("n1", "too early");
    mesh.runFor(seconds(1));
    mesh.propose("n1", "a");
    mesh.runFor(seconds(30));
    const before = mesh.sent.length;
    mesh.runFor(seconds(10));
    const late = mesh.sent.slice(before);
    expect(late.every(({ message }) => message.type === "probe")).toBe(true);
    expect(Math.abs(late.length - 80)).toBeLessThanOrEqual(8);
  });
});
