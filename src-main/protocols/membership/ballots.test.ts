/** Observers told as bits over the agreed membership: the same rules as for observers by name. */
import { beforeEach, describe, expect, it } from "vitest";
import { MemberTable } from "./table.ts";
import { Roster } from "./roster.ts";
import { Cluster, PLAIN } from "./testing/cluster.ts";

const FIVE = ["A", "B", "C", "D", "E"];

function rosterOf(...ids: string[]): { readonly table: MemberTable; readonly roster: Roster } {
  const table = new MemberTable("A");
  for (const id of ids) {
    table.add({ id, state: "alive", incarnation: 0, metadata: PLAIN, agreed: true }, 0);
  }
  return { table, roster: new Roster(table) };
}

describe("a roster", () => {
  it("is in the order of the names, wherever the members sit in the table", () => {
    const { roster } = rosterOf("C", "A", "B");
    expect(roster.slots).toEqual([1, 2, 0]);
    expect(roster.indices).toEqual(Int32Array.of(2, 0, 1));
    expect(roster.hash).toBe(rosterOf("A", "B", "C").roster.hash);
  });

  it("follows the agreed membership, and only that", () => {
    const { table, roster } = rosterOf("A", "B", "C");
    const whole = roster.hash;
    const b = table.get("B");
    if (b === undefined) {
      throw new Error("B is missing");
    }
    table.setState(b, "dead", 7, 0);
    expect(roster.hash).toBe(whole);
    table.setAgreed(b, false);
    expect(roster.hash).toBe(rosterOf("A", "C").roster.hash);
    expect(roster.slots).toEqual([0, 2]);
    expect(roster.indices).toEqual(Int32Array.of(0, -1, 1));
    table.setAgreed(b, true);
    expect(roster.hash).toBe(whole);
    table.remove(b);
    expect(roster.slots).toEqual([0, 2]);
  });
});

describe("ballots", () => {
  const { hash } = rosterOf(...FIVE).roster;
  let cluster: Cluster;

  /** A of five holds E unreachable by itself; one more observer than its own is no quorum. */
  beforeEach(() => {
    cluster = new Cluster({ ids: FIVE, formed: true });
    for (const id of FIVE.slice(1)) {
      cluster.kill(id);
    }
    cluster.run(0);
    cluster.input("A", { kind: "report", member: "E", reason: "no-ack" });
    cluster.run(24_000);
    expect(cluster.machine("A").stateOf("E")).toBe("unreachable");
  });

  function vote(bits: number, { roster = hash, incarnation = 0, ageMs = 0 } = {}): string {
    const groups = [{ ageMs, bits: Uint8Array.of(bits) }];
    const observed = { kind: "observed", member: "E", incarnation, observations: [] } as const;
    cluster.deliver("B", "A", {
      kind: "gossip",
      updates: [{ ...observed, ballots: { roster, groups } }],
    });
    return cluster.machine("A").stateOf("E") ?? "";
  }

  it("of two others and this node are three of five", () => {
    expect(vote(0b00110)).toBe("dead");
    expect(cluster.eventsOf("confirmed")[0]?.event).toMatchObject({
      observers: ["A", "B", "C"],
      needed: 3,
      of: 5,
    });
  });

  it("count every observer once, however often it is told, by name or as a bit", () => {
    expect(vote(0b00010)).toBe("unreachable");
    expect(vote(0b00010)).toBe("unreachable");
    const observations = [{ observer: "B", ageMs: 0 }];
    cluster.deliver("B", "A", {
      kind: "gossip",
      updates: [{ kind: "observed", member: "E", incarnation: 0, observations }],
    });
    expect(cluster.machine("A").stateOf("E")).toBe("unreachable");
    expect(vote(0b00100)).toBe("dead");
  });

  it("do not count for the accused, for this node, or beyond the roster", () => {
    expect(vote(0b11110001)).toBe("unreachable");
    expect(vote(0b00010)).toBe("unreachable");
  });

  it("over another roster say nothing", () => {
    const { hash: other } = rosterOf(...FIVE, "F").roster;
    expect(vote(0b01111, { roster: other })).toBe("unreachable");
  });

  it("count for one incarnation only", () => {
    expect(vote(0b00010, { incarnation: 1 })).toBe("suspect");
    cluster.run(24_000);
    expect(cluster.machine("A").stateOf("E")).toBe("unreachable");
    expect(vote(0b01100, { incarnation: 0 })).toBe("unreachable");
    expect(vote(0b01000, { incarnation: 1 })).toBe("dead");
  });

  it("are as good as expired at the time to live", () => {
    expect(vote(0b00110, { ageMs: 60_000 })).toBe("unreachable");
    expect(vote(0b00110, { ageMs: 59_000 })).toBe("dead");
  });

  it("accuse: who holds the member alive gives it its time first", () => {
    cluster.boot("A", null, FIVE.slice(1));
    cluster.run(0);
    expect(vote(0b01110)).toBe("suspect");
  });
});

describe("a mesh of sixty cut in two", () => {
  const ids = Array.from({ length: 60 }, (_, i) => `n${i}`);
  const large = ids.slice(0, 36);
  const small = ids.slice(36);

  function cut(options: object): Cluster {
    const cluster = new Cluster({ ids, formed: true, detect: true, options });
    cluster.run(2_000);
    cluster.cut(large, small);
    return cluster;
  }

  it("buries on the larger side all it lost, and nobody on the smaller", () => {
    const cluster = cut({});
    cluster.run(70_000);
    const dead = (id: string) =>
      [...cluster.machine(id).members()].filter(({ state }) => state === "dead").length;
    expect(large.map(dead)).toEqual(large.map(() => 24));
    expect(small.map(dead)).toEqual(small.map(() => 0));
    for (const { event } of cluster.eventsOf("confirmed")) {
      expect(new Set(event.observers).size).toBeGreaterThanOrEqual(31);
      expect(event.observers.filter((observer) => small.includes(observer))).toEqual([]);
    }
  });

  it("and while rosters differ the votes still meet, by name", () => {
    const cluster = cut({});
    cluster.boot("X", null, []);
    cluster.cut(["X"], small);
    cluster.input("X", { kind: "join", seeds: ["n0"] });
    // n0 alone counts X so far, so nobody understands its bits, nor it those of the others.
    const machine = cluster.machine("n0");
    cluster.run(1_000);
    cluster.deliver("X", "n0", { kind: "state", wanted: false, members: [row("X")] });
    expect([machine.agreedSize, cluster.machine("n1").agreedSize]).toEqual([61, 60]);
    cluster.run(100_000);
    expect([...machine.members()].filter(({ state }) => state === "dead").length).toBe(24);
  });
});

function row(id: string) {
  const plain = { id, state: "alive", incarnation: 0, metadata: PLAIN, leaveTime: 0 } as const;
  return { ...plain, agreed: true, observations: [] };
}
