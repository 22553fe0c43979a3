import { describe, expect, it } from "vitest";
import { MemoryMesh } from "./testing/mesh.ts";

const MODES = [
  { mode: "lww", path: "last/k", left: "1", right: "2", merged: "2" },
  { mode: "register", path: "all/k", left: "1", right: "2", merged: "1 | 2" },
  { mode: "counter", path: "sum/k", left: "3", right: "-5", merged: "-2" },
  { mode: "set", path: "tags/k", left: "x", right: "y", merged: '["x","y"]' },
] as const;

describe.each(MODES)("a key of mode $mode", ({ path, left, right, merged }) => {
  it("reaches every node by pushes alone", () => {
    const mesh = new MemoryMesh("ABCDE", { options: { antiEntropyMs: 3_600_000 } });
    mesh.runFor(10);
    expect(mesh.write("A", path, left).code).toBe("ok");
    mesh.runFor(200);
    expect(mesh.same(path)).not.toBe("");
  });

  it("converges after a partition, with what both sides wrote", () => {
    const mesh = new MemoryMesh("ABCDE");
    mesh.cut("AB", "CDE");
    mesh.write("A", path, left);
    mesh.runFor(1);
    mesh.write("D", path, right);
    mesh.runFor(10_000);
    expect(mesh.shown(path)["A"]).toBe(mesh.shown(path)["B"]);
    expect(mesh.shown(path)["A"]).not.toBe(mesh.shown(path)["C"]);
    mesh.heal();
    mesh.runFor(20_000);
    expect(mesh.same(path)).toBe(merged);
  });

  it("stays deleted, and begins anew when it is written again", () => {
    const mesh = new MemoryMesh("ABCDE");
    mesh.write("A", path, left);
    mesh.runFor(500);
    expect(mesh.delete("C", path).code).toBe("ok");
    mesh.runFor(20_000);
    expect(mesh.same(path)).toBe("");
    mesh.write("E", path, right);
    mesh.runFor(20_000);
    expect(mesh.same(path)).toBe(path === "tags/k" ? '["y"]' : right);
  });
});
