/**
 * PROTOCOLS §1.1, the project's own rule: a single node finds a member unreachable, a quorum of the
 * last agreed membership finds it dead.
 */
import { describe, expect, it } from "vitest";
import type { NodeId } from "#main/kernel/machine.ts";
import { quorum } from "./formulas.ts";
import type { Observation } from "./messages.ts";
import { Cluster } from "./testing/cluster.ts";

const FIVE = ["A", "B", "C", "D", "E"];

function by(...observers: NodeId[]): readonly Observation[] {
  return observers.map((observer) => ({ observer, ageMs: 0 }));
}

/** One real machine, A, of a mesh of five; the test plays everybody else. */
function lonely(ids: readonly NodeId[] = FIVE): Cluster {
  const cluster = new Cluster({ ids, formed: true });
  for (const id of ids.slice(1)) {
    cluster.kill(id);
  }
  cluster.run(0);
  return cluster;
}

function observe(cluster: Cluster, incarnation: number, observations: readonly Observation[]) {
  cluster.deliver("B", "A", {
    kind: "gossip",
    updates: [{ kind: "observed", member: "E", incarnation, observations }],
  });
}

/** A holds E unreachable by itself. */
function unreachable(ids?: readonly NodeId[]): Cluster {
  const cluster = lonely(ids);
  cluster.input("A", { kind: "report", member: "E", reason: "no-ack" });
  cluster.run(24_000);
  expect(cluster.machine("A").stateOf("E")).toBe("unreachable");
  return cluster;
}

describe("the quorum", () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
    [6, 4],
    [9, 5],
    [1_000, 501],
  ])("of %i agreed members is %i: half is not enough", (n, needed) => {
    expect(quorum(n)).toBe(needed);
  });
});

describe("a crashed member", () => {
  it("is suspected, unreachable, then dead at every other node, in this order", () => {
    const cluster = new Cluster({ ids: FIVE, formed: true, detect: true });
    cluster.run(2_000);
    cluster.kill("E");
    cluster.run(40_000);
    for (const node of ["A", "B", "C", "D"]) {
      const states = cluster.eventsOf("state").filter((logged) => logged.node === node);
      expect(states.map(({ event }) => event.state)).toEqual(["suspect", "unreachable", "dead"]);
    }
  });

  it("is dead only with at least three distinct observers of five", () => {
    const cluster = new Cluster({ ids: FIVE, formed: true, detect: true });
    cluster.kill("E");
    cluster.run(60_000);
    const confirmed = cluster.eventsOf("confirmed");
    expect(confirmed).toHaveLength(4);
    for (const { event } of confirmed) {
      expect(new Set(event.observers).size).toBe(event.observers.length);
      expect(event.observers.length).toBeGreaterThanOrEqual(3);
      expect(event.observers).not.toContain("E");
      expect([event.needed, event.of]).toEqual([3, 5]);
    }
  });

  it("counts in the agreed membership after its death, too", () => {
    const cluster = new Cluster({ ids: FIVE, formed: true, detect: true });
    cluster.kill("E");
    cluster.run(60_000);
    expect(cluster.machine("A").agreedSize).toBe(5);
    cluster.kill("D");
    cluster.run(60_000);
    expect(cluster.machine("A").stateOf("D")).toBe("dead");
    cluster.kill("C");
    cluster.run(120_000);
    // Two of five are left: whatever the list of the living says, nobody can be buried any more.
    expect(cluster.machine("A").stateOf("C")).toBe("unreachable");
    expect(cluster.machine("A").reachableAgreed).toBe(2);
  });
});

describe("observers", () => {
  it("two of five are not enough, three are", () => {
    const cluster = unreachable();
    observe(cluster, 0, by("B"));
    expect(cluster.machine("A").stateOf("E")).toBe("unreachable");
    observe(cluster, 0, by("C"));
    expect(cluster.machine("A").stateOf("E")).toBe("dead");
  });

  describe("in doubt themselves", () => {
    /** A holds E unreachable and doubts C; with the votes of B and C against E there is a quorum. */
    function doubtful(): Cluster {
      const cluster = unreachable();
      cluster.input("A", { kind: "report", member: "C", reason: "no-ack" });
      observe(cluster, 0, by("B", "C"));
      return cluster;
    }

    function refute(cluster: Cluster, id: NodeId): void {
      const metadata = { zone: "", address: "", tags: {} };
      cluster.deliver("B", "A", {
        kind: "gossip",
        updates: [{ kind: "alive", member: id, incarnation: 1, metadata }],
      });
    }

    it("leave the accused time to refute: two minorities are no majority", () => {
      const cluster = doubtful();
      expect(cluster.machine("A").stateOf("E")).toBe("unreachable");
      cluster.run(7_900);
      observe(cluster, 0, by("B", "C"));
      refute(cluster, "E");
      cluster.run(10_000);
      expect(cluster.machine("A").stateOf("E")).toBe("alive");
      expect(cluster.eventsOf("confirmed")).toEqual([]);
    });

    it("count after that time", () => {
      const cluster = doubtful();
      cluster.run(8_000);
      observe(cluster, 0, by("B", "C"));
      expect(cluster.machine("A").stateOf("E")).toBe("dead");
    });

    it("are still so a moment after they came back", () => {
      const cluster = unreachable();
      cluster.input("A", { kind: "report", member: "C", reason: "no-ack" });
      refute(cluster, "C");
      cluster.run(7_900);
      observe(cluster, 0, by("B", "C"));
      expect(cluster.machine("A").stateOf("E")).toBe("unreachable");
      cluster.run(100);
      observe(cluster, 0, by("B", "C"));
      expect(cluster.machine("A").stateOf("E")).toBe("dead");
    });

    it("are not needed where the others are enough", () => {
      const cluster = doubtful();
      observe(cluster, 0, by("D"));
      expect(cluster.machine("A").stateOf("E")).toBe("dead");
    });
  });

  it("count once however often they repeat themselves", () => {
    const cluster = unreachable();
    for (let i = 0; i < 10; i++) {
      observe(cluster, 0, by("B", "B"));
    }
    expect(cluster.machine("A").stateOf("E")).toBe("unreachable");
    expect(cluster.eventsOf("observed").map(({ event }) => event.observers)).toEqual([1, 2]);
  });

  it("count for one incarnation only", () => {
    const cluster = unreachable();
    observe(cluster, 0, by("B"));
    cluster.deliver("B", "A", {
      kind: "gossip",
      updates: [{ kind: "suspect", member: "E", incarnation: 1, accuser: "B" }],
    });
    cluster.run(24_000);
    expect(cluster.machine("A").member("E")).toMatchObject({
      state: "unreachable",
      incarnation: 1,
    });
    observe(cluster, 0, by("B", "C", "D"));
    expect(cluster.machine("A").stateOf("E")).toBe("unreachable");
    observe(cluster, 1, by("C"));
    expect(cluster.eventsOf("observed").at(-1)?.event.observers).toBe(2);
    expect(cluster.machine("A").stateOf("E")).toBe("unreachable");
    observe(cluster, 1, by("D"));
    expect(cluster.machine("A").stateOf("E")).toBe("dead");
  });

  it("that are not agreed members, or the accused itself, do not count", () => {
    const cluster = unreachable();
    cluster.deliver("X", "A", {
      kind: "gossip",
      updates: [
        {
          kind: "alive",
          member: "X",
          incarnation: 0,
          metadata: { zone: "", address: "", tags: {} },
        },
      ],
    });
    observe(cluster, 0, by("X", "Y", "E", "B"));
    expect(cluster.eventsOf("observed").at(-1)?.event.observers).toBe(2);
    expect(cluster.machine("A").stateOf("E")).toBe("unreachable");
  });

  it("expire after the time to live, counted from when they looked", () => {
    const cluster = unreachable();
    observe(cluster, 0, [{ observer: "B", ageMs: 59_000 }]);
    cluster.run(1_500);
    observe(cluster, 0, by("C"));
    expect(cluster.machine("A").stateOf("E")).toBe("unreachable");
    observe(cluster, 0, [{ observer: "D", ageMs: 60_000 }]);
    expect(cluster.machine("A").stateOf("E")).toBe("unreachable");
    observe(cluster, 0, [{ observer: "D", ageMs: 59_000 }]);
    expect(cluster.machine("A").stateOf("E")).toBe("dead");
  });

  it("repeat themselves as long as the member stays away, so that votes can meet much later", () => {
    const cluster = unreachable();
    cluster.run(600_000);
    observe(cluster, 0, by("B", "C"));
    expect(cluster.machine("A").stateOf("E")).toBe("dead");
  });

  it("withdraw when the member answers them", () => {
    const cluster = unreachable();
    cluster.input("A", { kind: "answered", member: "E", incarnation: 0 });
    observe(cluster, 0, by("A", "B", "C"));
    expect(cluster.machine("A").stateOf("E")).toBe("unreachable");
    cluster.input("A", { kind: "report", member: "E", reason: "no-ack" });
    expect(cluster.machine("A").stateOf("E")).toBe("dead");
  });
});

describe("whoever still holds the member alive", () => {
  it("gives it a suspicion's time to refute, however many observers there are", () => {
    const cluster = lonely();
    observe(cluster, 0, by("B", "C", "D"));
    expect(cluster.machine("A").stateOf("E")).toBe("suspect");
    cluster.run(3_999);
    expect(cluster.machine("A").stateOf("E")).toBe("suspect");
    cluster.run(1);
    expect(cluster.machine("A").stateOf("E")).toBe("dead");
  });
});

describe("an isolated node", () => {
  it("never declares anybody dead, it only finds everybody unreachable", () => {
    const cluster = new Cluster({ ids: FIVE, formed: true, detect: true });
    cluster.cut(["A"], ["B", "C", "D", "E"]);
    cluster.run(300_000);
    const machine = cluster.machine("A");
    expect(FIVE.slice(1).map((id) => machine.stateOf(id))).toEqual(
      Array.from({ length: 4 }, () => "unreachable"),
    );
    expect(machine.reachableAgreed).toBe(1);
    expect(cluster.eventsOf("confirmed").filter(({ node }) => node === "A")).toEqual([]);
    expect(cluster.machine("B").stateOf("A")).toBe("dead");
  });

  it("not even a founder with a joiner that nobody agreed on", () => {
    const cluster = new Cluster({ ids: ["A", "X"], formed: false, detect: true });
    cluster.input("X", { kind: "join", seeds: ["A"] });
    cluster.run(1_000);
    expect(cluster.machine("A").agreedSize).toBe(1);
    cluster.kill("X");
    cluster.run(300_000);
    expect(cluster.machine("A").stateOf("X")).toBe("unreachable");
    expect(cluster.machine("A").agreedSize).toBe(1);
  });
});

describe("a mesh cut in two", () => {
  it("buries nobody on the smaller side, and everybody lost on the larger", () => {
    const cluster = new Cluster({ ids: FIVE, formed: true, detect: true });
    cluster.cut(["A", "B"], ["C", "D", "E"]);
    cluster.run(120_000);
    expect(cluster.machine("A").stateOf("C")).toBe("unreachable");
    expect(cluster.machine("C").stateOf("A")).toBe("dead");
  });

  it("buries nobody when the halves are equal", () => {
    const cluster = new Cluster({ ids: ["A", "B", "C", "D"], formed: true, detect: true });
    cluster.cut(["A", "B"], ["C", "D"]);
    cluster.run(300_000);
    expect(cluster.eventsOf("confirmed")).toEqual([]);
  });

  it("is of one mind again after healing, with everybody alive", () => {
    const cluster = new Cluster({ ids: FIVE, formed: true, detect: true });
    cluster.cut(["A", "B"], ["C", "D", "E"]);
    cluster.run(120_000);
    cluster.heal();
    cluster.run(60_000);
    const digests = new Set(FIVE.map((id) => cluster.machine(id).digest()));
    expect(digests.size).toBe(1);
    expect([...cluster.machine("C").members()].map(({ state }) => state)).toEqual(
      FIVE.map(() => "alive"),
    );
    expect(cluster.machine("A").incarnation).toBeGreaterThan(0);
  });

  it("does not count joiners of its own time", () => {
    const cluster = new Cluster({ ids: FIVE, formed: true, detect: true });
    cluster.cut(["A", "B"], ["C", "D", "E"]);
    for (const joiner of ["X", "Y", "Z"]) {
      cluster.boot(joiner, null, []);
      cluster.cut([joiner], ["C", "D", "E"]);
      cluster.input(joiner, { kind: "join", seeds: ["A"] });
    }
    cluster.run(300_000);
    expect(cluster.machine("A").stateOf("X")).toBe("alive");
    expect(cluster.machine("A").agreedSize).toBe(5);
    expect(cluster.machine("A").stateOf("C")).toBe("unreachable");
  });
});

describe("the accused", () => {
  it("vetoes its own death with a higher incarnation", () => {
    const cluster = new Cluster({ ids: FIVE, formed: true, detect: true });
    cluster.kill("E");
    cluster.run(60_000);
    cluster.resume("E");
    cluster.run(60_000);
    for (const node of FIVE) {
      expect(cluster.machine(node).member("E")).toMatchObject({ state: "alive", incarnation: 1 });
    }
  });
});

describe("a certificate", () => {
  it("proves the death to a latecomer long after the votes would have expired", () => {
    const ids = ["A", "B", "C", "D", "E", "F", "G"];
    const options = { observersPerUpdate: 1 };
    const cluster = new Cluster({ ids, formed: true, detect: true, options, transcript: true });
    cluster.kill("G");
    cluster.cut(["A"], ["B", "C", "D", "E", "F"]);
    cluster.run(300_000);
    expect(cluster.machine("B").stateOf("G")).toBe("dead");
    expect(cluster.machine("A").stateOf("G")).toBe("unreachable");
    cluster.heal();
    cluster.run(60_000);
    expect(cluster.machine("A").stateOf("G")).toBe("dead");
  });

  it("travels whole in a full exchange, whatever the size of the chunks", () => {
    const options = { observersPerUpdate: 1, syncIntervalMs: 10_000 };
    const cluster = new Cluster({
      ids: FIVE,
      formed: true,
      detect: true,
      options,
      transcript: true,
    });
    cluster.kill("E");
    cluster.run(60_000);
    cluster.input("A", { kind: "describe", metadata: { zone: "z", address: "", tags: {} } });
    cluster.boot("X", null, []);
    cluster.input("X", { kind: "join", seeds: ["A"] });
    cluster.run(10);
    const welcome = cluster.lines.find((line) => line.includes("A -> X: state"));
    expect(welcome).toMatch(/E dead \(0\)( [A-D]){3}/);
  });
});

describe("while votes are open", () => {
  it("members exchange their tables although they look the same", () => {
    const options = { syncIntervalMs: 10_000 };
    const cluster = new Cluster({ ids: FIVE, formed: true, options, transcript: true });
    cluster.run(0);
    for (const id of ["C", "D", "E"]) {
      cluster.kill(id);
    }
    cluster.input("A", { kind: "report", member: "E", reason: "no-ack" });
    cluster.run(40_000);
    expect(cluster.machine("A").digest()).toBe(cluster.machine("B").digest());
    cluster.lines.length = 0;
    cluster.run(30_000);
    expect(cluster.lines.some((line) => line.includes(": state"))).toBe(true);
  });
});

describe("in a large mesh", () => {
  it("the votes travel in chunks, and a straggler asks for those it lacks", () => {
    const ids = Array.from({ length: 120 }, (_, i) => `n${i}`);
    const cluster = new Cluster({ ids, formed: true, options: { observersPerUpdate: 8 } });
    cluster.kill("n7");
    for (const node of ["n1", "n2", "n3"]) {
      cluster.input(node, { kind: "report", member: "n7", reason: "no-ack" });
    }
    cluster.run(60_000);
    const others = ids.filter((id) => id !== "n7");
    expect(others.filter((id) => cluster.machine(id).stateOf("n7") !== "dead")).toEqual([]);
    expect(cluster.bytesSent / cluster.sent).toBeLessThan(300);
  });

  it("is silent again when all is said", () => {
    const ids = Array.from({ length: 30 }, (_, i) => `n${i}`);
    const cluster = new Cluster({ ids, formed: true });
    cluster.kill("n7");
    for (const node of ["n1", "n2", "n3"]) {
      cluster.input(node, { kind: "report", member: "n7", reason: "no-ack" });
    }
    cluster.run(60_000);
    const before = cluster.sent;
    cluster.run(30_000);
    // What remains is one comparison of digests per node and interval, and one with the lost one.
    expect(cluster.sent - before).toBeLessThanOrEqual(2 * 30);
  });
});

describe("the agreed membership", () => {
  it("shrinks when an operator removes a dead member, and then fewer votes are needed", () => {
    const cluster = unreachable(["A", "B", "C", "D", "E", "F"]);
    observe(cluster, 0, by("B"));
    expect(cluster.eventsOf("observed").at(-1)?.event.needed).toBe(4);
    cluster.deliver("B", "A", {
      kind: "gossip",
      updates: [
        { kind: "forgotten", member: "F", incarnation: 0 },
        { kind: "left", member: "D", incarnation: 0, leaveTime: 1 },
      ],
    });
    expect(cluster.machine("A").agreedSize).toBe(4);
    observe(cluster, 0, by("C"));
    expect(cluster.machine("A").stateOf("E")).toBe("dead");
  });

  it("votes that were too few become enough by a farewell alone", () => {
    const cluster = unreachable(["A", "B", "C", "D", "E", "F"]);
    observe(cluster, 0, by("B", "C"));
    expect(cluster.machine("A").stateOf("E")).toBe("unreachable");
    cluster.deliver("F", "A", {
      kind: "gossip",
      updates: [{ kind: "left", member: "F", incarnation: 0, leaveTime: 1 }],
    });
    expect(cluster.machine("A").stateOf("E")).toBe("dead");
  });

  it("only a dead member can be removed, and only while this side is writable", () => {
    const cluster = unreachable();
    cluster.input("A", { kind: "forget", member: "E" });
    cluster.input("A", { kind: "forget", member: "Q" });
    observe(cluster, 0, by("B", "C"));
    cluster.input("A", { kind: "writable", writable: false });
    cluster.input("A", { kind: "forget", member: "E" });
    expect(cluster.eventsOf("forget-refused").map(({ event }) => event.reason)).toEqual([
      "not-dead",
      "unknown",
      "read-only",
    ]);
    cluster.input("A", { kind: "writable", writable: true });
    cluster.input("A", { kind: "forget", member: "E" });
    expect(cluster.machine("A").stateOf("E")).toBeUndefined();
    expect(cluster.machine("A").agreedSize).toBe(4);
  });
});
