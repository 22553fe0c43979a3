/** Lifeguard (Dadgar, Phillips, Currey; DSN 2018), the parts of membership: §IV-B and §IV-C. */
import { describe, expect, it } from "vitest";
import type { NodeId } from "#main/kernel/machine.ts";
import { WireReader, WireWriter } from "#main/kernel/wire.ts";
import { readUpdates } from "./codec.ts";
import type { Update } from "./messages.ts";
import { Cluster, PLAIN } from "./testing/cluster.ts";

/** A is real, everybody else is played by the test. Ten members: 4 s to 24 s, K = 2. */
function stage(count = 10): Cluster {
  const ids = Array.from({ length: count }, (_, i) => String.fromCharCode(65 + i));
  const cluster = new Cluster({ ids, formed: true });
  for (const id of ids.slice(1)) {
    cluster.kill(id);
  }
  cluster.run(0);
  return cluster;
}

function accuse(cluster: Cluster, accuser: NodeId, incarnation = 0): void {
  cluster.deliver("B", "A", {
    kind: "gossip",
    updates: [{ kind: "suspect", member: "C", incarnation, accuser }],
  });
}

function stateOfC(cluster: Cluster): string | undefined {
  return cluster.machine("A").stateOf("C");
}

function packet(cluster: Cluster, to: NodeId, budgetBytes = 1_000): readonly Update[] {
  const writer = new WireWriter();
  cluster.machine("A").piggyback(to, writer, budgetBytes, cluster.now);
  return readUpdates(new WireReader(writer.finish()));
}

describe("§IV-B: the suspicion timeout", () => {
  it("starts at Max with one accuser", () => {
    const cluster = stage();
    accuse(cluster, "B");
    cluster.run(23_999);
    expect(stateOfC(cluster)).toBe("suspect");
    cluster.run(1);
    expect(stateOfC(cluster)).toBe("unreachable");
  });

  it("shrinks with the logarithm of the further accusers: K = 2, one of them", () => {
    const cluster = stage();
    accuse(cluster, "B");
    accuse(cluster, "D");
    // 24 − 20 · ln 2 / ln 3
    cluster.run(11_381);
    expect(stateOfC(cluster)).toBe("suspect");
    cluster.run(2);
    expect(stateOfC(cluster)).toBe("unreachable");
  });

  it("falls to Min with K further accusers", () => {
    const cluster = stage();
    for (const accuser of ["B", "D", "E"]) {
      accuse(cluster, accuser);
    }
    cluster.run(3_999);
    expect(stateOfC(cluster)).toBe("suspect");
    cluster.run(1);
    expect(stateOfC(cluster)).toBe("unreachable");
  });

  it("counts from the original start, not from the last accusation", () => {
    const cluster = stage();
    accuse(cluster, "B");
    cluster.run(3_000);
    accuse(cluster, "D");
    accuse(cluster, "E");
    cluster.run(999);
    expect(stateOfC(cluster)).toBe("suspect");
    cluster.run(1);
    expect(stateOfC(cluster)).toBe("unreachable");
  });

  it("ends at once when a new accuser moves its end into the past", () => {
    const cluster = stage();
    accuse(cluster, "B");
    cluster.run(10_000);
    accuse(cluster, "D");
    accuse(cluster, "E");
    cluster.run(0);
    expect(stateOfC(cluster)).toBe("unreachable");
  });

  it("never counts the same accuser twice, and the first one not at all", () => {
    const cluster = stage();
    accuse(cluster, "B");
    accuse(cluster, "B");
    accuse(cluster, "B");
    cluster.run(23_999);
    expect(stateOfC(cluster)).toBe("suspect");
  });

  it("counts this node's own failed probes as one accuser", () => {
    const cluster = stage();
    accuse(cluster, "B");
    accuse(cluster, "D");
    cluster.input("A", { kind: "report", member: "C", reason: "no-ack" });
    cluster.input("A", { kind: "report", member: "C", reason: "no-ack" });
    cluster.run(4_000);
    expect(stateOfC(cluster)).toBe("unreachable");
  });

  it("is Min at once in a mesh too small for K further accusers (n − 2 < K)", () => {
    const cluster = stage(3);
    accuse(cluster, "B");
    cluster.run(3_999);
    expect(stateOfC(cluster)).toBe("suspect");
    cluster.run(1);
    expect(stateOfC(cluster)).toBe("unreachable");
  });

  it("the first K further accusations are passed on, later ones are not", () => {
    const cluster = stage();
    const accusers: (string | undefined)[] = [];
    for (const accuser of ["B", "D", "E", "F", "G"]) {
      accuse(cluster, accuser);
      const update = packet(cluster, "J").find(({ member }) => member === "C");
      accusers.push(update?.kind === "suspect" ? update.accuser : undefined);
    }
    // After the second further one it is still the news of E that is repeated.
    expect(accusers).toEqual(["B", "D", "E", "E", "E"]);
  });
});

describe("the suspicion timer", () => {
  it("is void when the member refuted in time, also for a suspicion that came after (ABA)", () => {
    const cluster = stage();
    for (const accuser of ["B", "D", "E"]) {
      accuse(cluster, accuser);
    }
    cluster.run(3_000);
    cluster.deliver("B", "A", {
      kind: "gossip",
      updates: [{ kind: "alive", member: "C", incarnation: 1, metadata: PLAIN }],
    });
    expect(stateOfC(cluster)).toBe("alive");
    accuse(cluster, "B", 1);
    cluster.run(1_000);
    // The stale firing of the first suspicion, as a driver without cancellation would deliver it.
    cluster.input("A", { kind: "timer", timer: "suspect/C" });
    expect(stateOfC(cluster)).toBe("suspect");
    cluster.run(22_999);
    expect(stateOfC(cluster)).toBe("suspect");
    cluster.run(1);
    expect(stateOfC(cluster)).toBe("unreachable");
  });

  it("starts over when a higher incarnation is accused", () => {
    const cluster = stage();
    accuse(cluster, "B");
    cluster.run(20_000);
    accuse(cluster, "B", 1);
    cluster.run(23_999);
    expect(stateOfC(cluster)).toBe("suspect");
    cluster.run(1);
    expect(stateOfC(cluster)).toBe("unreachable");
  });

  it("starts over, once, when the member answered this node in the meantime", () => {
    const cluster = stage();
    accuse(cluster, "B");
    cluster.run(10_000);
    cluster.input("A", { kind: "answered", member: "C", incarnation: 0 });
    cluster.run(14_000);
    expect(stateOfC(cluster)).toBe("suspect");
    cluster.run(24_000);
    expect(stateOfC(cluster)).toBe("unreachable");
  });
});

describe("§IV-C: the buddy system", () => {
  it("every packet to a suspected member says so, long after the news has been spread", () => {
    const cluster = stage();
    accuse(cluster, "B");
    for (let i = 0; i < 100; i++) {
      packet(cluster, "J");
    }
    expect(packet(cluster, "J")).toEqual([]);
    expect(packet(cluster, "C", 0)).toEqual([
      { kind: "suspect", member: "C", incarnation: 0, accuser: "B" },
    ]);
  });

  it("an unreachable or dead member hears of its suspicion, too, so that it can refute", () => {
    const cluster = stage();
    accuse(cluster, "B");
    cluster.run(24_000);
    expect(packet(cluster, "C", 0)).toEqual([
      { kind: "suspect", member: "C", incarnation: 0, accuser: "A" },
    ]);
    const observations = ["B", "D", "E", "F", "G"].map((observer) => ({ observer, ageMs: 0 }));
    cluster.deliver("B", "A", {
      kind: "gossip",
      updates: [{ kind: "observed", member: "C", incarnation: 0, observations }],
    });
    expect(stateOfC(cluster)).toBe("dead");
    expect(packet(cluster, "C", 0).map(({ kind }) => kind)).toEqual(["suspect"]);
  });

  it("a member that answers this node while suspected is told at once", () => {
    const cluster = new Cluster({ ids: ["A", "B", "C"], formed: true, transcript: true });
    cluster.run(0);
    cluster.input("A", { kind: "report", member: "C", reason: "no-ack" });
    cluster.input("A", { kind: "answered", member: "C", incarnation: 0 });
    cluster.run(5);
    expect(cluster.machine("C").incarnation).toBe(1);
  });
});

describe("gossip to the dead", () => {
  it("goes on for the set time after the loss, and not longer", () => {
    const told = (afterMs: number): number => {
      const options = { syncIntervalMs: 3_600_000 };
      const cluster = new Cluster({ ids: ["A", "B"], formed: true, options });
      cluster.run(0);
      cluster.kill("B");
      cluster.input("A", { kind: "report", member: "B", reason: "no-ack" });
      cluster.run(4_000 + afterMs);
      const before = cluster.sent;
      cluster.input("A", { kind: "describe", metadata: { ...PLAIN, zone: "z2" } });
      cluster.run(2_000);
      return cluster.sent - before;
    };
    expect(told(25_000)).toBeGreaterThan(0);
    expect(told(30_000)).toBe(0);
  });
});
