import { describe, expect, it } from "vitest";
import { retentionSites } from "#main/kernel/crdt/retention.ts";
import { MemoryMesh } from "./testing/mesh.ts";

const PATHS = ["last/k", "all/k", "sum/k", "tags/k"] as const;
const MINUTE_MS = 60_000;
/** tau 1 of one minute, tau 2 of an hour. */
const options = { certificateMs: MINUTE_MS, dormantMs: 60 * MINUTE_MS, retentionSites: 2 };

describe.each(PATHS)("a delete of %s", (path) => {
  it("wins over a member that was away meanwhile and still holds the value", () => {
    const mesh = new MemoryMesh("ABCDE", { options });
    mesh.write("A", path, "1");
    mesh.runFor(500);
    mesh.cut("ABCD");
    expect(mesh.delete("A", path).code).toBe("ok");
    mesh.runFor(10_000);
    expect(mesh.shown(path)).toMatchObject({ D: "", E: mesh.shown(path)["E"] });
    expect(mesh.shown(path)["E"]).not.toBe("");
    mesh.heal();
    mesh.runFor(20_000);
    expect(mesh.same(path)).toBe("");
  });

  it("wins even when it is dormant already: the certificate wakes up and spreads once more", () => {
    const mesh = new MemoryMesh("ABCDE", { options });
    mesh.write("A", path, "1");
    mesh.runFor(500);
    mesh.stop("E");
    mesh.delete("A", path);
    mesh.runFor(10 * MINUTE_MS);
    expect(
      mesh.of("changed").filter(({ at, event }) => at > 0 && event.values.length === 0).length,
    ).toBe(4);
    mesh.boot("E");
    expect(mesh.shown(path)["E"]).not.toBe("");
    mesh.runFor(MINUTE_MS);
    expect(mesh.same(path)).toBe("");
  });

  it("does not take a value that was written after it", () => {
    const mesh = new MemoryMesh("ABCDE", { options });
    mesh.write("A", path, "1");
    mesh.runFor(500);
    mesh.delete("A", path);
    mesh.runFor(10 * MINUTE_MS);
    mesh.write("B", path, "2");
    mesh.runFor(MINUTE_MS);
    expect(mesh.same(path)).toMatch("2");
    expect(mesh.same(path)).not.toMatch("1");
  });

  it("holds also for parts that come back after the key was written anew", () => {
    const mesh = new MemoryMesh("ABCDE", { options });
    mesh.write("A", path, "1");
    mesh.runFor(500);
    mesh.cut("ABCD");
    mesh.delete("A", path);
    mesh.runFor(500);
    mesh.write("B", path, "2");
    mesh.runFor(5_000);
    mesh.heal();
    mesh.runFor(20_000);
    expect(mesh.same(path)).toMatch("2");
    expect(mesh.same(path)).not.toMatch("1");
  });

  it("takes the older parts of a state that somebody goes on writing to unaware", () => {
    const mesh = new MemoryMesh("ABCDE", { options });
    mesh.write("A", path, "1");
    mesh.runFor(500);
    mesh.cut("ABCD");
    mesh.delete("A", path);
    mesh.runFor(500);
    mesh.write("E", path, "2");
    mesh.heal();
    mesh.runFor(20_000);
    expect(mesh.same(path)).toBe(path === "tags/k" ? '["2"]' : "2");
  });

  it("takes them also where nobody but one peer knows of the delete", () => {
    const mesh = new MemoryMesh("AE", { options });
    mesh.write("A", path, "1");
    mesh.runFor(500);
    mesh.cut();
    mesh.delete("A", path);
    mesh.runFor(20_000);
    mesh.write("E", path, "2");
    // The push comes first: what is new in it, without what it was added to.
    mesh.drop = (_from, _to, message) => message.kind === "roots";
    mesh.runFor(1_000);
    mesh.heal();
    mesh.runFor(20_000);
    expect(mesh.same(path)).toBe(path === "tags/k" ? '["2"]' : "2");
  });
});

describe("certificates", () => {
  it("are forgotten after tau 1, but for the retention sites", () => {
    const mesh = new MemoryMesh("ABCDE", { options });
    mesh.write("A", "last/k", "1");
    mesh.runFor(500);
    mesh.delete("A", "last/k");
    mesh.runFor(2 * MINUTE_MS);
    const keepers = [...mesh.nodes].filter(([, node]) => node.keys > 0).map(([id]) => id);
    expect(keepers).toEqual(retentionSites("k", [..."ABCDE"], 2));
    // Asleep they are no difference that anybody would look into.
    mesh.sent.length = 0;
    mesh.runFor(MINUTE_MS);
    expect(new Set(mesh.sent.map(({ message }) => message.kind))).toEqual(new Set(["roots"]));
    mesh.runFor(70 * MINUTE_MS);
    expect([...mesh.nodes.values()].map((node) => node.keys)).toEqual([0, 0, 0, 0, 0]);
  });

  it("outlive a restart of their keeper", () => {
    const mesh = new MemoryMesh("AB", { options });
    mesh.write("A", "last/k", "1");
    mesh.runFor(100);
    mesh.stop("B");
    mesh.delete("A", "last/k");
    mesh.runFor(10 * MINUTE_MS);
    mesh.stop("A");
    mesh.boot("A");
    mesh.boot("B");
    mesh.runFor(MINUTE_MS);
    expect(mesh.same("last/k")).toBe("");
  });

  it("that sleep outlive a compaction of the disk", () => {
    const mesh = new MemoryMesh("AB", { options });
    mesh.write("A", "last/k", "1");
    mesh.runFor(100);
    mesh.stop("B");
    mesh.delete("A", "last/k");
    mesh.runFor(10 * MINUTE_MS);
    for (let i = 0; i < 600; i++) {
      mesh.write("A", "last/other", `${i}`);
    }
    expect(mesh.disks.get("A")?.length).toBeLessThan(200);
    mesh.stop("A");
    mesh.boot("A");
    mesh.boot("B");
    mesh.runFor(MINUTE_MS);
    expect(mesh.same("last/k")).toBe("");
  });

  it("that are over on the disk do not bring back what they deleted", () => {
    const mesh = new MemoryMesh("A", { options: { ...options, dormantMs: 0 } });
    mesh.write("A", "last/k", "1");
    mesh.delete("A", "last/k");
    mesh.runFor(10 * MINUTE_MS);
    mesh.stop("A");
    mesh.boot("A");
    expect(mesh.same("last/k")).toBe("");
  });
});
