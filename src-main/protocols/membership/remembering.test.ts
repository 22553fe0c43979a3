/** What a node still knows of the agreed membership after a crash, and what it makes of it. */
import { describe, expect, it } from "vitest";
import { afterRecord } from "./durable.ts";
import { Cluster } from "./testing/cluster.ts";

const FIVE = ["A", "B", "C", "D", "E"];

describe("the records on a disk", () => {
  const claim = { incarnation: 3, leaveTime: 1, joined: [], gone: [] };

  it("add up: the newest claim, and the agreed membership change by change", () => {
    const first = afterRecord(null, { ...claim, joined: ["A", "B", "C"] });
    expect(first).toEqual({ incarnation: 3, leaveTime: 1, agreed: new Set(["A", "B", "C"]) });
    const second = afterRecord(first, { ...claim, incarnation: 4 });
    expect(second).toEqual({ ...first, incarnation: 4 });
    const third = afterRecord(second, { ...claim, joined: ["D"], gone: ["A", "B"] });
    expect([...third.agreed].sort()).toEqual(["C", "D"]);
    expect([...first.agreed].sort()).toEqual(["A", "B", "C"]);
  });
});

describe("an agreed membership", () => {
  it("is on the disk from the first record on", () => {
    const cluster = new Cluster({ ids: FIVE, formed: true });
    cluster.run(0);
    expect(cluster.record("A")).toEqual({ incarnation: 0, leaveTime: 0, agreed: new Set(FIVE) });
  });

  it("that changes is on the disk before anybody is told", () => {
    const cluster = new Cluster({ ids: FIVE, formed: true });
    cluster.run(0);
    cluster.input("E", { kind: "leave" });
    cluster.holdWrites = true;
    cluster.run(3_500);
    expect(cluster.eventsOf("state").filter(({ event }) => event.state === "left")).toEqual([]);
    cluster.releaseWrites();
    cluster.run(1_000);
    expect([...(cluster.record("A")?.agreed ?? [])].sort()).toEqual(["A", "B", "C", "D"]);
    expect(cluster.machine("A").stateOf("E")).toBe("left");
  });

  it("counts joiners on the disk, too, the joiner itself included", () => {
    const cluster = new Cluster({ ids: ["A", "B", "C"], formed: true, detect: true });
    cluster.run(1_000);
    cluster.boot("X", null, []);
    cluster.input("X", { kind: "join", seeds: ["A"] });
    cluster.run(1_000);
    expect([...(cluster.record("X")?.agreed ?? [])].sort()).toEqual(["A", "B", "C"]);
    cluster.run(60_000);
    for (const id of ["A", "X"]) {
      expect([...(cluster.record(id)?.agreed ?? [])].sort()).toEqual(["A", "B", "C", "X"]);
    }
  });
});

describe("a node that restarts with its disk", () => {
  function restarted(): Cluster {
    const cluster = new Cluster({ ids: FIVE, formed: true, detect: true });
    cluster.run(1_000);
    cluster.kill("A");
    cluster.run(100);
    return cluster;
  }

  it("and hears nobody counts all of them, and reaches itself only", () => {
    const cluster = restarted();
    cluster.cut(["A"], ["B", "C", "D", "E"]);
    cluster.restart("A", "kept");
    cluster.input("A", { kind: "join", seeds: ["B"] });
    cluster.run(0);
    const { agreedSize, reachableAgreed } = cluster.machine("A");
    expect({ agreedSize, reachableAgreed }).toEqual({ agreedSize: 5, reachableAgreed: 1 });
    cluster.run(120_000);
    expect(cluster.machine("A").agreedSize).toBe(5);
    expect(cluster.machine("A").reachableAgreed).toBe(1);
    expect(cluster.machine("A").member("C")).toMatchObject({ state: "unreachable", agreed: true });
  });

  it("even when it is its own seed", () => {
    const cluster = restarted();
    cluster.cut(["A"], ["B", "C", "D", "E"]);
    cluster.restart("A", "kept");
    cluster.input("A", { kind: "join", seeds: ["A"] });
    cluster.run(60_000);
    expect(cluster.machine("A").agreedSize).toBe(5);
    expect(cluster.machine("A").reachableAgreed).toBe(1);
  });

  it("accuses nobody whom it only has not heard yet", () => {
    const cluster = restarted();
    cluster.restart("A", "kept");
    cluster.input("A", { kind: "join", seeds: ["B"] });
    cluster.run(30_000);
    expect(cluster.eventsOf("refuted")).toEqual([]);
    for (const id of ["B", "C", "D", "E"]) {
      expect(cluster.machine("A").member(id)).toMatchObject({ state: "alive", incarnation: 0 });
    }
    expect(new Set(FIVE.map((id) => cluster.machine(id).digest())).size).toBe(1);
  });

  it("finds a member alive by its answer alone, whatever it claims by now", () => {
    const cluster = restarted();
    cluster.deliver("C", "B", {
      kind: "gossip",
      updates: [{ kind: "suspect", member: "B", incarnation: 6, accuser: "C" }],
    });
    cluster.restart("A", "kept");
    cluster.run(10_000);
    expect(cluster.machine("A").member("B")).toMatchObject({ state: "alive", incarnation: 7 });
  });

  it("votes about a remembered member that is silent: one that stayed away can be buried", () => {
    const cluster = restarted();
    for (const id of FIVE) {
      cluster.kill(id);
    }
    for (const id of ["A", "B", "C", "D"]) {
      cluster.restart(id, "kept");
      cluster.input(id, { kind: "join", seeds: FIVE.filter((other) => other !== id) });
    }
    cluster.run(120_000);
    for (const id of ["A", "B", "C", "D"]) {
      expect(cluster.machine(id).stateOf("E"), id).toBe("dead");
      expect(cluster.machine(id).agreedSize).toBe(5);
      expect(cluster.machine(id).reachableAgreed).toBe(4);
    }
  });

  it("but was taken out meanwhile counts no longer, and is agreed on like a joiner", () => {
    const cluster = restarted();
    cluster.run(60_000);
    expect(cluster.machine("B").stateOf("A")).toBe("dead");
    cluster.input("B", { kind: "forget", member: "A" });
    cluster.run(2_000);
    cluster.restart("A", "kept");
    cluster.input("A", { kind: "join", seeds: ["B"] });
    cluster.run(2_000);
    expect(cluster.machine("A").member("A")?.agreed).toBe(false);
    expect(cluster.machine("A").agreedSize).toBe(4);
    expect(cluster.machine("B").agreedSize).toBe(4);
    cluster.run(40_000);
    expect(cluster.machine("A").member("A")?.agreed).toBe(true);
    expect(cluster.machine("B").agreedSize).toBe(5);
  });

  it("after it had left is a stranger that knows where it was", () => {
    const cluster = new Cluster({ ids: ["A", "B", "C"], formed: true });
    cluster.run(0);
    cluster.input("C", { kind: "leave" });
    cluster.run(10_000);
    cluster.restart("C", "kept");
    expect(cluster.machine("C").member("C")?.agreed).toBe(false);
    expect(cluster.machine("C").agreedSize).toBe(2);
  });

  it("tells a stranger that the others count, but no accusation", () => {
    const cluster = restarted();
    cluster.cut(["A"], ["B", "C", "D", "E"]);
    cluster.restart("A", "kept");
    cluster.boot("X", null, []);
    cluster.cut(["X"], ["B", "C", "D", "E"]);
    cluster.input("X", { kind: "join", seeds: ["A"] });
    cluster.run(500);
    expect(cluster.machine("X").agreedSize).toBe(5);
    expect(cluster.machine("X").member("X")?.agreed).toBe(false);
  });
});

describe("a node that restarts with an empty disk", () => {
  it("remembers nobody and joins like a stranger", () => {
    const cluster = new Cluster({ ids: FIVE, formed: true });
    cluster.run(1_000);
    cluster.kill("A");
    cluster.cut(["A"], ["B", "C", "D", "E"]);
    cluster.restart("A", "empty");
    cluster.input("A", { kind: "join", seeds: ["B"] });
    cluster.run(60_000);
    expect(cluster.machine("A").agreedSize).toBe(0);
    expect([...cluster.machine("A").members()].map(({ id }) => id)).toEqual(["A"]);
  });
});
