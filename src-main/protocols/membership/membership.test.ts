/** Leave, refutation, removal and what survives a crash: PROTOCOLS §1.1, claim by claim. */
import { describe, expect, it } from "vitest";
import { WireReader, WireWriter } from "#main/kernel/wire.ts";
import type { Update } from "./messages.ts";
import { Cluster, PLAIN } from "./testing/cluster.ts";

const THREE = ["A", "B", "C"];

function pair(): Cluster {
  const cluster = new Cluster({ ids: ["A", "B", "C", "D"], formed: true });
  for (const id of ["B", "C", "D"]) {
    cluster.kill(id);
  }
  cluster.run(0);
  return cluster;
}

function tell(cluster: Cluster, ...updates: Update[]): void {
  cluster.deliver("B", "A", { kind: "gossip", updates });
}

const suspectA = (incarnation: number): Update => ({
  kind: "suspect",
  member: "A",
  incarnation,
  accuser: "C",
});

describe("refutation", () => {
  it("raises the incarnation above one's own and above the accused one", () => {
    const cluster = pair();
    tell(cluster, suspectA(0));
    cluster.run(0);
    expect(cluster.machine("A").incarnation).toBe(1);
    tell(cluster, suspectA(7));
    cluster.run(0);
    expect(cluster.machine("A").incarnation).toBe(8);
  });

  it("answers an accusation of the present incarnation, and ignores older ones", () => {
    const cluster = pair();
    tell(cluster, suspectA(4));
    cluster.run(0);
    expect(cluster.machine("A").incarnation).toBe(5);
    tell(cluster, suspectA(4));
    cluster.run(0);
    expect(cluster.machine("A").incarnation).toBe(5);
    tell(cluster, suspectA(5));
    cluster.run(0);
    expect(cluster.machine("A").incarnation).toBe(6);
  });

  it("says who accused", () => {
    const cluster = pair();
    tell(cluster, suspectA(0));
    cluster.run(0);
    expect(cluster.eventsOf("refuted").map(({ event }) => event)).toEqual([
      { kind: "refuted", incarnation: 1, accusedBy: "C" },
    ]);
  });

  it("answers an 'alive' in one's own name with a higher incarnation, or with other metadata", () => {
    const cluster = pair();
    tell(cluster, { kind: "alive", member: "A", incarnation: 3, metadata: PLAIN });
    cluster.run(0);
    expect(cluster.machine("A").incarnation).toBe(4);
    tell(cluster, { kind: "alive", member: "A", incarnation: 4, metadata: PLAIN });
    cluster.run(0);
    expect(cluster.machine("A").incarnation).toBe(4);
    tell(cluster, {
      kind: "alive",
      member: "A",
      incarnation: 4,
      metadata: { ...PLAIN, tags: { role: "spy" } },
    });
    cluster.run(0);
    expect(cluster.machine("A").incarnation).toBe(5);
  });

  it("answers being observed, buried, forgotten or said to have left", () => {
    const cluster = pair();
    const observations = [{ observer: "C", ageMs: 0 }];
    tell(cluster, { kind: "observed", member: "A", incarnation: 0, observations });
    cluster.run(0);
    tell(cluster, { kind: "forgotten", member: "A", incarnation: 1 });
    cluster.run(0);
    tell(cluster, { kind: "left", member: "A", incarnation: 2, leaveTime: 1 });
    cluster.run(0);
    expect(cluster.machine("A").incarnation).toBe(3);
  });

  it("is on disk before anything claims the new incarnation", () => {
    const cluster = new Cluster({ ids: ["A", "B"], formed: true, transcript: true });
    cluster.run(0);
    cluster.holdWrites = true;
    tell(cluster, suspectA(0));
    cluster.run(60_000);
    expect(cluster.machine("A").incarnation).toBe(0);
    expect(cluster.record("A")).toMatchObject({ incarnation: 0, leaveTime: 0 });
    expect(cluster.machine("B").member("A")?.incarnation).toBe(0);
    cluster.releaseWrites();
    cluster.run(1_000);
    expect(cluster.record("A")).toMatchObject({ incarnation: 1, leaveTime: 0 });
    expect(cluster.machine("B").member("A")?.incarnation).toBe(1);
  });

  it("several claims under way become ours one by one, never lower than announced", () => {
    const cluster = pair();
    cluster.holdWrites = true;
    tell(cluster, suspectA(0));
    tell(cluster, suspectA(0));
    tell(cluster, suspectA(6));
    cluster.releaseWrites();
    cluster.run(0);
    expect(
      cluster
        .eventsOf("incarnation")
        .slice(-2)
        .map(({ event }) => event.incarnation),
    ).toEqual([1, 7]);
  });
});

describe("an announcement", () => {
  it("happens once: a second firing of its timer changes nothing", () => {
    const cluster = pair();
    tell(cluster, suspectA(0));
    cluster.run(0);
    const before = cluster.events.length;
    cluster.input("A", { kind: "timer", timer: "announce/1" });
    cluster.input("A", { kind: "timer", timer: "announce/0" });
    expect(cluster.events.length).toBe(before);
    expect(cluster.machine("A").incarnation).toBe(1);
  });
});

describe("a node that restarts", () => {
  it("with its disk and its members announces itself without joining", () => {
    const cluster = new Cluster({ ids: THREE, formed: true });
    cluster.run(0);
    cluster.boot("A", cluster.record("A"), ["B", "C"]);
    cluster.run(2_000);
    expect(cluster.machine("B").member("A")?.incarnation).toBe(1);
  });

  it("with its disk goes on above everything it ever claimed", () => {
    const cluster = new Cluster({ ids: THREE, formed: true, detect: true });
    cluster.run(1_000);
    cluster.deliver("B", "A", { kind: "gossip", updates: [suspectA(4)] });
    cluster.run(1_000);
    cluster.kill("A");
    cluster.restart("A", "kept");
    cluster.input("A", { kind: "join", seeds: ["B"] });
    cluster.run(5_000);
    expect(cluster.machine("A").incarnation).toBe(6);
    expect(cluster.machine("C").member("A")).toMatchObject({ state: "alive", incarnation: 6 });
  });

  it("with an empty disk begins at 0 and refutes upward, even when it was dead", () => {
    const cluster = new Cluster({ ids: THREE, formed: true, detect: true });
    cluster.run(1_000);
    cluster.deliver("B", "A", { kind: "gossip", updates: [suspectA(4)] });
    cluster.run(1_000);
    cluster.kill("A");
    cluster.run(60_000);
    expect(cluster.machine("C").stateOf("A")).toBe("dead");
    cluster.restart("A", "empty");
    cluster.input("A", { kind: "join", seeds: ["B"] });
    cluster.run(5_000);
    expect(cluster.machine("C").member("A")).toMatchObject({
      state: "alive",
      incarnation: 6,
      agreed: true,
    });
  });

  it("with an empty disk, before anybody noticed: its direct answer gives it away", () => {
    const cluster = new Cluster({ ids: THREE, formed: true, detect: true });
    cluster.run(1_000);
    cluster.deliver("B", "A", { kind: "gossip", updates: [suspectA(4)] });
    cluster.run(1_000);
    cluster.boot("A", null, ["B", "C"]);
    cluster.run(5_000);
    expect(cluster.machine("B").member("A")).toMatchObject({ state: "alive", incarnation: 6 });
  });
});

describe("a pause shorter than the suspicion", () => {
  it("ends in a refutation, not in a death", () => {
    const cluster = new Cluster({ ids: ["A", "B", "C", "D", "E"], formed: true, detect: true });
    cluster.run(5_000);
    cluster.kill("E");
    cluster.run(3_500);
    cluster.resume("E");
    cluster.run(30_000);
    const states = cluster.eventsOf("state").map(({ event }) => event.state);
    expect(states).toContain("suspect");
    expect(states).not.toContain("dead");
    expect(cluster.machine("A").member("E")).toMatchObject({ state: "alive", incarnation: 1 });
  });
});

describe("a graceful leave", () => {
  it("is told apart from a failure, and the member no longer counts", () => {
    const cluster = new Cluster({ ids: THREE, formed: true, detect: true });
    cluster.run(1_000);
    cluster.input("C", { kind: "leave" });
    cluster.run(3_000);
    expect(cluster.machine("A").member("C")).toMatchObject({ state: "left", agreed: false });
    expect(cluster.machine("B").agreedSize).toBe(2);
    expect(cluster.eventsOf("leaving")).toHaveLength(1);
    cluster.run(60_000);
    expect(cluster.eventsOf("left")).toHaveLength(1);
    expect(cluster.eventsOf("state").map(({ event }) => event.state)).toEqual(["left", "left"]);
  });

  it("is on disk before it is spread, with its Lamport time", () => {
    const cluster = new Cluster({ ids: THREE, formed: true });
    cluster.run(0);
    cluster.holdWrites = true;
    cluster.input("C", { kind: "leave" });
    cluster.run(10_000);
    expect(cluster.machine("A").stateOf("C")).toBe("alive");
    cluster.releaseWrites();
    cluster.run(10_000);
    expect(cluster.machine("A").stateOf("C")).toBe("left");
    expect(cluster.record("C")).toEqual({
      incarnation: 0,
      leaveTime: 1,
      agreed: new Set(["A", "B"]),
    });
  });

  it("a second intent is spread once, an equal or older one never", () => {
    const cluster = pair();
    const left = (leaveTime: number): Update => ({
      kind: "left",
      member: "C",
      incarnation: 0,
      leaveTime,
    });
    const spread = (): number => {
      const writer = new WireWriter();
      cluster.machine("A").piggyback("B", writer, 1_000, cluster.now);
      return writer.length;
    };
    tell(cluster, left(3));
    for (let i = 0; i < 4; i++) {
      expect(spread()).toBeGreaterThan(1);
    }
    expect(spread()).toBe(1);
    tell(cluster, left(3), left(2));
    expect(spread()).toBe(1);
    tell(cluster, left(4));
    expect(spread()).toBeGreaterThan(1);
    for (let i = 0; i < 10; i++) {
      spread();
    }
    tell(cluster, left(4));
    expect(spread()).toBe(1);
  });

  it("a member that left can come back with a higher incarnation, and has to be agreed on again", () => {
    const cluster = new Cluster({ ids: THREE, formed: true, detect: true });
    cluster.run(0);
    cluster.input("C", { kind: "leave" });
    cluster.run(10_000);
    cluster.restart("C", "kept");
    cluster.input("C", { kind: "join", seeds: ["A"] });
    cluster.run(5_000);
    expect(cluster.machine("B").member("C")).toMatchObject({
      state: "alive",
      incarnation: 1,
      agreed: false,
    });
    cluster.run(30_000);
    expect(cluster.machine("B").member("C")?.agreed).toBe(true);
  });

  it("who leaves does not defend itself any more, and turns joiners away", () => {
    const cluster = pair();
    cluster.input("A", { kind: "leave" });
    tell(cluster, suspectA(0));
    cluster.deliver("X", "A", {
      kind: "join",
      member: {
        id: "X",
        state: "alive",
        incarnation: 0,
        metadata: PLAIN,
        agreed: false,
        leaveTime: 0,
        observations: [],
      },
    });
    cluster.run(10);
    expect(cluster.machine("A").incarnation).toBe(0);
    expect(cluster.eventsOf("join-refused").map(({ event }) => event.reason)).toEqual(["left"]);
  });
});

describe("unknown members", () => {
  it("are not created by an accusation, an observation, a farewell or a removal", () => {
    const cluster = pair();
    tell(
      cluster,
      { kind: "suspect", member: "Q", incarnation: 0, accuser: "C" },
      { kind: "observed", member: "Q", incarnation: 0, observations: [] },
      { kind: "left", member: "Q", incarnation: 0, leaveTime: 1 },
      { kind: "forgotten", member: "Q", incarnation: 0 },
    );
    cluster.input("A", { kind: "report", member: "Q", reason: "no-ack" });
    cluster.input("A", { kind: "answered", member: "Q", incarnation: 0 });
    expect(cluster.machine("A").stateOf("Q")).toBeUndefined();
  });
});

describe("after removal", () => {
  it("an old 'alive' does not bring the member back at the same incarnation, a newer one does", () => {
    const cluster = new Cluster({
      ids: THREE,
      formed: true,
      options: { leftRetentionMs: 20_000 },
    });
    cluster.run(0);
    cluster.input("C", { kind: "leave" });
    cluster.run(60_000);
    expect(cluster.eventsOf("removed").map(({ event }) => event.member)).toEqual(["C", "C"]);
    const alive = (incarnation: number): Update => ({
      kind: "alive",
      member: "C",
      incarnation,
      metadata: PLAIN,
    });
    tell(cluster, alive(0));
    expect(cluster.machine("A").stateOf("C")).toBeUndefined();
    tell(cluster, alive(1));
    expect(cluster.machine("A").stateOf("C")).toBe("alive");
  });

  it("a member with an empty disk learns that it is buried, and rises above it", () => {
    const cluster = new Cluster({ ids: THREE, formed: true, options: { leftRetentionMs: 20_000 } });
    cluster.run(0);
    cluster.input("C", { kind: "leave" });
    cluster.run(60_000);
    cluster.restart("C", "empty");
    cluster.input("C", { kind: "join", seeds: ["A"] });
    cluster.run(5_000);
    expect(cluster.machine("B").member("C")).toMatchObject({ state: "alive", incarnation: 1 });
  });
});

describe("members are dropped", () => {
  const options = { leftRetentionMs: 20_000, reapIntervalMs: 5_000 };

  it("when they left so long ago, not before", () => {
    const cluster = new Cluster({ ids: THREE, formed: true, options });
    cluster.run(0);
    cluster.input("C", { kind: "leave" });
    cluster.run(20_000);
    expect(cluster.machine("A").stateOf("C")).toBe("left");
    cluster.run(6_000);
    expect(cluster.machine("A").stateOf("C")).toBeUndefined();
  });

  it("when they vanished before anybody agreed on them; never a dead one that counts", () => {
    const cluster = new Cluster({ ids: ["A", "B", "C", "D"], formed: true, detect: true, options });
    cluster.boot("X", null, []);
    cluster.input("X", { kind: "join", seeds: ["A"] });
    cluster.run(5_000);
    cluster.kill("D");
    cluster.kill("X");
    cluster.run(120_000);
    expect(cluster.machine("A").stateOf("D")).toBe("dead");
    expect(cluster.machine("A").stateOf("X")).toBeUndefined();
  });

  it("by an operator, also at a node that missed it and brings the member up again", () => {
    const ids = ["A", "B", "C", "D", "E"];
    const cluster = new Cluster({ ids, formed: true, detect: true });
    cluster.kill("E");
    cluster.run(60_000);
    cluster.cut(["B"], ["A", "C", "D"]);
    cluster.input("A", { kind: "forget", member: "E" });
    cluster.run(3_000);
    expect(cluster.machine("C").stateOf("E")).toBeUndefined();
    expect(cluster.machine("B").stateOf("E")).toBe("dead");
    cluster.heal();
    cluster.run(90_000);
    expect(cluster.machine("B").stateOf("E")).toBeUndefined();
    expect(cluster.machine("A").stateOf("E")).toBeUndefined();
  });

  it("and a joiner that never knew them does not take old news of them for a new member", () => {
    const cluster = new Cluster({ ids: THREE, formed: true });
    cluster.run(0);
    cluster.input("C", { kind: "leave" });
    cluster.run(5_000);
    cluster.boot("X", null, []);
    cluster.input("X", { kind: "join", seeds: ["A"] });
    cluster.run(1_000);
    cluster.deliver("B", "X", {
      kind: "gossip",
      updates: [{ kind: "alive", member: "C", incarnation: 0, metadata: PLAIN }],
    });
    expect(cluster.machine("X").stateOf("C")).toBeUndefined();
  });
});

describe("the full exchange", () => {
  it("takes 'dead' for 'suspect', and 'left' for left", () => {
    const cluster = pair();
    const row = { metadata: PLAIN, agreed: true, leaveTime: 1, incarnation: 0, observations: [] };
    cluster.deliver("B", "A", {
      kind: "state",
      wanted: false,
      members: [
        { ...row, id: "C", state: "dead" },
        { ...row, id: "D", state: "left" },
      ],
    });
    expect(cluster.machine("A").stateOf("C")).toBe("suspect");
    expect(cluster.machine("A").stateOf("D")).toBe("left");
  });

  it("does not happen between equal tables", () => {
    const cluster = new Cluster({ ids: THREE, formed: true });
    cluster.run(300_000);
    // One digest per node and interval, nothing else.
    expect(cluster.sent).toBe(30);
    expect(cluster.bytesSent).toBeLessThan(30 * 24);
  });

  it("brings news that gossip lost", () => {
    const cluster = new Cluster({ ids: THREE, formed: true });
    cluster.run(0);
    cluster.cut(["A"], ["B", "C"]);
    cluster.input("B", { kind: "describe", metadata: { ...PLAIN, zone: "z9" } });
    cluster.run(10_000);
    cluster.heal();
    expect(cluster.machine("A").member("B")?.metadata.zone).toBe("");
    cluster.run(90_000);
    expect(cluster.machine("A").member("B")?.metadata.zone).toBe("z9");
    expect(cluster.machine("A").member("B")?.incarnation).toBe(1);
  });
});

describe("packets", () => {
  it("carry one byte at rest", () => {
    const cluster = pair();
    const writer = new WireWriter();
    cluster.machine("A").piggyback("B", writer, 1_000, cluster.now);
    expect(writer.finish()).toEqual(new Uint8Array([0]));
    expect(cluster.machine("A").receiveUpdates("B", new WireReader(writer.finish()), 0)).toEqual(
      [],
    );
  });

  it("a broken one changes nothing, not even by its good half", () => {
    const cluster = pair();
    const writer = new WireWriter();
    cluster.input("A", { kind: "report", member: "C", reason: "no-ack" });
    cluster.machine("A").piggyback("B", writer, 1_000, cluster.now);
    const other = pair();
    const before = other.machine("A").digest();
    const cutOff = new WireReader(writer.finish().slice(0, -1));
    expect(() => other.machine("A").receiveUpdates("B", cutOff, 0)).toThrow("ends early");
    expect(other.machine("A").digest()).toBe(before);
  });
});
