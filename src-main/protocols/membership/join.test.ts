/** How nodes get in, and when they begin to count: REQUIREMENTS A2, PROTOCOLS §1.1 and §1.8. */
import { describe, expect, it } from "vitest";
import { Cluster, PLAIN } from "./testing/cluster.ts";

const THREE = ["A", "B", "C"];

describe("join", () => {
  it("brings the whole table through one seed, and the joiner to everybody", () => {
    const cluster = new Cluster({ ids: THREE, formed: true, detect: true });
    cluster.boot("X", null, []);
    cluster.input("X", { kind: "join", seeds: ["A"] });
    cluster.run(3_000);
    expect(cluster.eventsOf("joined").map(({ event }) => event)).toEqual([
      { kind: "joined", via: "A", members: 4 },
    ]);
    for (const id of THREE) {
      expect(cluster.machine(id).stateOf("X")).toBe("alive");
    }
    expect(cluster.machine("X").digest()).toBe(cluster.machine("B").digest());
  });

  it("asks all seeds, and one that answers is enough", () => {
    const cluster = new Cluster({ ids: THREE, formed: true });
    cluster.kill("A");
    cluster.boot("X", null, []);
    cluster.input("X", { kind: "join", seeds: ["A", "B"] });
    cluster.run(500);
    expect(cluster.eventsOf("joined")[0]?.event.via).toBe("B");
  });

  it("is retried with growing pauses while no seed answers", () => {
    const cluster = new Cluster({ ids: ["A"], formed: false });
    cluster.kill("A");
    cluster.boot("X", null, []);
    cluster.input("X", { kind: "join", seeds: ["A"] });
    cluster.run(120_000);
    const failed = cluster.eventsOf("join-failed");
    const pauses = failed.map(({ at, event }) => (event.retryAt - at) / 1_000_000);
    const nominal = [1, 2, 4, 8, 16, 30];
    expect(failed[0]?.event).toMatchObject({ seeds: ["A"], attempt: 1, reason: "no-answer" });
    for (const [i, pause] of pauses.slice(0, nominal.length).entries()) {
      expect(pause).toBeGreaterThanOrEqual((nominal[i] ?? 0) * 0.75);
      expect(pause).toBeLessThanOrEqual((nominal[i] ?? 0) * 1.25);
    }
    cluster.resume("A");
    cluster.run(40_000);
    expect(cluster.eventsOf("joined")).toHaveLength(1);
  });

  it("is refused by a read-only seed, but not to a member that counts already", () => {
    const cluster = new Cluster({ ids: THREE, formed: true });
    cluster.run(0);
    cluster.input("A", { kind: "writable", writable: false });
    cluster.boot("X", null, []);
    cluster.input("X", { kind: "join", seeds: ["A"] });
    cluster.run(2_000);
    expect(cluster.eventsOf("join-refused")[0]?.event).toEqual({
      kind: "join-refused",
      member: "X",
      reason: "read-only",
    });
    expect(cluster.eventsOf("join-failed")[0]?.event.reason).toBe("read-only");
    expect(cluster.machine("A").stateOf("X")).toBeUndefined();
    cluster.restart("C", "kept");
    cluster.input("C", { kind: "join", seeds: ["A"] });
    cluster.run(500);
    expect(cluster.eventsOf("joined").at(-1)?.node).toBe("C");
  });

  it("is refused when the mesh is full, but the limit counts only newcomers", () => {
    const cluster = new Cluster({ ids: THREE, formed: true, options: { maxMembers: 4 } });
    for (const id of ["X", "Y"]) {
      cluster.boot(id, null, []);
      cluster.input(id, { kind: "join", seeds: ["A"] });
      cluster.run(500);
    }
    expect(cluster.eventsOf("joined").map(({ node }) => node)).toEqual(["X"]);
    expect(cluster.eventsOf("join-refused").map(({ event }) => event.reason)).toEqual(["full"]);
  });

  it("a joiner counts only after a while of being alive on a side that has a majority", () => {
    const cluster = new Cluster({ ids: THREE, formed: true, detect: true });
    cluster.boot("X", null, []);
    cluster.input("X", { kind: "join", seeds: ["A"] });
    cluster.run(14_900);
    expect(cluster.machine("A").agreedSize).toBe(3);
    expect(cluster.machine("X").agreedSize).toBe(3);
    cluster.run(20_000);
    for (const id of [...THREE, "X"]) {
      expect(cluster.machine(id).agreedSize).toBe(4);
      expect(cluster.machine(id).member("X")?.agreed).toBe(true);
    }
  });

  it("turning read-only starts that while over", () => {
    const cluster = new Cluster({ ids: ["A", "X"], formed: false });
    cluster.input("X", { kind: "join", seeds: ["A"] });
    cluster.run(14_000);
    for (const writable of [false, true]) {
      cluster.input("A", { kind: "writable", writable });
      cluster.input("X", { kind: "writable", writable });
      cluster.run(500);
    }
    cluster.run(14_000);
    expect(cluster.machine("A").agreedSize).toBe(1);
    cluster.run(4_000);
    expect(cluster.machine("A").agreedSize).toBe(2);
  });

  it("nobody joins in another's name", () => {
    const cluster = new Cluster({ ids: ["A"], formed: false });
    cluster.run(0);
    const row = { state: "alive", incarnation: 0, metadata: PLAIN, agreed: true } as const;
    cluster.deliver("X", "A", {
      kind: "join",
      member: { ...row, id: "Y", leaveTime: 0, observations: [] },
    });
    expect(cluster.machine("A").stateOf("Y")).toBeUndefined();
    expect(cluster.sent).toBe(0);
  });

  it("a joiner counts never while this side is read-only", () => {
    const cluster = new Cluster({ ids: ["A", "X"], formed: false });
    cluster.input("X", { kind: "join", seeds: ["A"] });
    cluster.run(1_000);
    cluster.input("A", { kind: "writable", writable: false });
    cluster.input("X", { kind: "writable", writable: false });
    cluster.run(120_000);
    expect(cluster.machine("A").stateOf("X")).toBe("alive");
    expect(cluster.machine("A").agreedSize).toBe(1);
  });

  it("the reason of a failed attempt is that attempt's own", () => {
    const cluster = new Cluster({ ids: ["A"], formed: false });
    cluster.run(0);
    cluster.input("A", { kind: "writable", writable: false });
    cluster.boot("X", null, []);
    cluster.input("X", { kind: "join", seeds: ["A"] });
    cluster.run(1_100);
    cluster.kill("A");
    cluster.run(4_000);
    expect(cluster.eventsOf("join-failed").map(({ event }) => event.reason)).toEqual([
      "read-only",
      "no-answer",
    ]);
  });

  it("only a seed's answer lets the joiner in", () => {
    const cluster = new Cluster({ ids: ["A", "X"], formed: false });
    cluster.kill("A");
    cluster.input("X", { kind: "join", seeds: ["A"] });
    cluster.run(10);
    cluster.deliver("Z", "X", { kind: "state", wanted: true, members: [] });
    expect(cluster.eventsOf("joined")).toEqual([]);
    cluster.deliver("A", "X", { kind: "state", wanted: true, members: [] });
    expect(cluster.eventsOf("joined")).toHaveLength(1);
  });

  it("whoever is its own seed founds the mesh and counts at once", () => {
    const cluster = new Cluster({ ids: ["A", "B"], formed: false });
    cluster.input("A", { kind: "join", seeds: ["A", "B"] });
    cluster.input("B", { kind: "join", seeds: ["A"] });
    cluster.run(100);
    expect(cluster.machine("A").agreedSize).toBe(1);
    expect(cluster.machine("B").agreedSize).toBe(1);
    expect(cluster.machine("B").member("A")?.agreed).toBe(true);
  });
});
