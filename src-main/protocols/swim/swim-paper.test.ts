/** SWIM (Das, Gupta, Motivala; DSN 2002): the prober, claim by claim. */
import { describe, expect, it } from "vitest";
import type { NodeId } from "#main/kernel/machine.ts";
import { createRandom } from "#main/kernel/prng.ts";
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import { SWIM_LAN } from "./options.ts";
import { SwimDetector } from "./swim.ts";
import { ProberMesh } from "./testing/prober-mesh.ts";
import type { SwimEffect, SwimMessage } from "./types.ts";

/** One prober, A; the test plays time and everybody else. */
class Stage {
  readonly swim: SwimDetector;
  now: Micros = 0;

  constructor(members: readonly NodeId[], options = SWIM_LAN, seed = 1) {
    this.swim = new SwimDetector("A", options, createRandom(seed));
    this.swim.step({ kind: "self", now: 0, incarnation: 5 });
    for (const member of members) {
      this.swim.step({ kind: "watch", now: 0, member, usable: true });
    }
    this.swim.step({ kind: "start", now: 0 });
  }

  timer(timer: string, afterMs = 0): readonly SwimEffect[] {
    this.now += ms(afterMs);
    return this.swim.step({ kind: "timer", now: this.now, timer });
  }

  hear(from: NodeId, message: SwimMessage): readonly SwimEffect[] {
    return this.swim.step({ kind: "message", now: this.now, from, message });
  }

  /** Begins a period and returns its ping. */
  period(afterMs = 0): { readonly to: NodeId; readonly sequence: number } {
    const [ping] = sends(this.timer("period", afterMs));
    if (ping?.message.kind !== "ping") {
      throw new Error("a period begins with a ping");
    }
    return { to: ping.to, sequence: ping.message.sequence };
  }
}

function sends(effects: readonly SwimEffect[]) {
  return effects.filter((effect) => effect.kind === "send");
}

function events(effects: readonly SwimEffect[]) {
  return effects.flatMap((effect) => (effect.kind === "emit" ? [effect.event] : []));
}

function timers(effects: readonly SwimEffect[]) {
  return effects.filter((effect) => effect.kind === "timer");
}

describe("§3.1: the failure detector", () => {
  it("pings one member per period", () => {
    const stage = new Stage(["B", "C", "D"]);
    for (let period = 0; period < 10; period++) {
      expect(sends(stage.timer("period", 1_000))).toHaveLength(1);
    }
  });

  it("asks k others when the ping is not answered in time, never the target or itself", () => {
    const stage = new Stage(["B", "C", "D", "E", "F"]);
    const { to, sequence } = stage.period();
    const asked = sends(stage.timer("timeout", 500));
    expect(asked).toHaveLength(3);
    expect(new Set(asked.map((send) => send.to)).size).toBe(3);
    for (const send of asked) {
      expect(["A", to]).not.toContain(send.to);
      expect(send.message).toEqual({ kind: "ping-req", sequence, target: to });
    }
  });

  it("asks whom there is when there are fewer than k", () => {
    const stage = new Stage(["B", "C"]);
    stage.period();
    expect(sends(stage.timer("timeout", 500))).toHaveLength(1);
  });

  it("does not ask members that are not usable", () => {
    const stage = new Stage(["B", "C", "D"]);
    for (const member of ["B", "C", "D"]) {
      stage.swim.step({ kind: "watch", now: 0, member, usable: false });
    }
    stage.period();
    expect(sends(stage.timer("timeout", 500))).toEqual([]);
  });

  it("gives its verdict at the end of the period, and not before", () => {
    const stage = new Stage(["B", "C", "D"]);
    const { to, sequence } = stage.period();
    const asked = stage.timer("timeout", 500);
    expect(events(asked)).toEqual([]);
    const relays = sends(asked).map((send) => send.to);
    expect(events(stage.timer("period", 500))[0]).toEqual({
      kind: "suspect",
      member: to,
      reason: "no-ack",
      sequence,
      relays,
    });
  });

  it("a direct answer ends the matter, and proves the member alive", () => {
    const stage = new Stage(["B", "C", "D"]);
    const { to, sequence } = stage.period();
    stage.now += ms(12);
    const effects = stage.hear(to, { kind: "ack", sequence, incarnation: 9 });
    expect(events(effects)).toEqual([
      { kind: "answered", member: to, incarnation: 9, rtt: ms(12) },
    ]);
    expect(timers(effects)).toEqual([{ kind: "timer", timer: "timeout", at: null }]);
    expect(stage.timer("timeout", 488)).toEqual([]);
    expect(events(stage.timer("period", 500))).toEqual([]);
  });

  it("an answer through a relay prevents the verdict, but is no direct evidence", () => {
    const stage = new Stage(["B", "C", "D"]);
    const { sequence } = stage.period();
    const [relay] = sends(stage.timer("timeout", 500));
    expect(stage.hear(relay?.to ?? "", { kind: "ack", sequence, incarnation: 0 })).toEqual([]);
    expect(events(stage.timer("period", 500))).toEqual([]);
  });

  it("a direct answer after the relays were asked still counts", () => {
    const stage = new Stage(["B", "C", "D"]);
    const { to, sequence } = stage.period();
    stage.timer("timeout", 500);
    stage.hear(to, { kind: "ack", sequence, incarnation: 0 });
    expect(events(stage.timer("period", 500))).toEqual([]);
  });

  it("an answer of an earlier sequence comes too late", () => {
    const stage = new Stage(["B", "C", "D"]);
    const first = stage.period();
    const second = stage.period(1_000);
    expect(second.sequence).toBeGreaterThan(first.sequence);
    const late = { kind: "ack", sequence: first.sequence, incarnation: 0 } as const;
    expect(stage.hear(second.to, late)).toEqual([]);
    expect(events(stage.timer("period", 1_000))[0]).toMatchObject({ member: second.to });
  });

  it("an answer from somebody who was not asked does not count", () => {
    const stage = new Stage(["B", "C", "D"]);
    const { to, sequence } = stage.period();
    const other = ["B", "C", "D"].find((member) => member !== to) ?? "";
    expect(stage.hear(other, { kind: "ack", sequence, incarnation: 0 })).toEqual([]);
    expect(events(stage.timer("period", 1_000))[0]).toMatchObject({ member: to });
  });

  it("a second answer changes nothing", () => {
    const stage = new Stage(["B", "C"]);
    const { to, sequence } = stage.period();
    const ack = { kind: "ack", sequence, incarnation: 0 } as const;
    expect(stage.hear(to, ack)).not.toEqual([]);
    expect(stage.hear(to, ack)).toEqual([]);
  });

  it("a member that is no longer watched is not accused", () => {
    const stage = new Stage(["B", "C"]);
    const { to } = stage.period();
    stage.swim.step({ kind: "unwatch", now: 0, member: to });
    expect(stage.timer("timeout", 500)).toEqual([]);
    expect(events(stage.timer("period", 500))).toEqual([]);
  });

  it("nodes that start together begin at random moments of their first period", () => {
    const starts = [1, 2, 3, 4, 5].map((seed) => {
      const [timer] = new SwimDetector("A", SWIM_LAN, createRandom(seed)).step({
        kind: "start",
        now: 0,
      });
      return timer?.kind === "timer" ? (timer.at ?? -1) : -1;
    });
    expect(new Set(starts).size).toBe(5);
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...starts)).toBeLessThan(ms(1_000));
  });

  it("with nobody to probe it waits", () => {
    const stage = new Stage([]);
    expect(stage.timer("period")).toEqual([{ kind: "timer", timer: "period", at: ms(1_000) }]);
  });
});

describe("answering", () => {
  it("a ping with an ack of the same sequence and one's incarnation", () => {
    const stage = new Stage(["B"]);
    expect(stage.hear("B", { kind: "ping", sequence: 77, target: "A" })).toEqual([
      { kind: "send", to: "B", message: { kind: "ack", sequence: 77, incarnation: 5 } },
    ]);
  });

  it("a ping for another name with silence: the address changed hands", () => {
    const stage = new Stage(["B"]);
    expect(stage.hear("B", { kind: "ping", sequence: 77, target: "Z" })).toEqual([]);
  });

  it("nobody before one's incarnation is on disk", () => {
    const swim = new SwimDetector("A", SWIM_LAN, createRandom(1));
    const ping = { kind: "ping", sequence: 1, target: "A" } as const;
    expect(swim.step({ kind: "message", now: 0, from: "B", message: ping })).toEqual([]);
  });
});

describe("a relay", () => {
  it("pings under its own sequence and passes the ack on under the asker's", () => {
    const stage = new Stage(["B", "C"]);
    const own = stage.period().sequence;
    const [ping] = sends(stage.hear("B", { kind: "ping-req", sequence: own, target: "C" }));
    expect(ping?.to).toBe("C");
    const sequence = ping?.message.sequence ?? 0;
    expect(sequence).toBeGreaterThan(own);
    const effects = stage.hear("C", { kind: "ack", sequence, incarnation: 3 });
    expect(sends(effects)).toEqual([
      { kind: "send", to: "B", message: { kind: "ack", sequence: own, incarnation: 3 } },
    ]);
    expect(events(effects)[0]).toMatchObject({ kind: "answered", member: "C", incarnation: 3 });
  });

  it("takes only the target's own ack for an answer", () => {
    const stage = new Stage(["B", "C", "D"]);
    const [ping] = sends(stage.hear("B", { kind: "ping-req", sequence: 8, target: "C" }));
    const ack = { kind: "ack", sequence: ping?.message.sequence ?? 0, incarnation: 3 } as const;
    expect(stage.hear("D", ack)).toEqual([]);
    expect(sends(stage.hear("C", ack))).toHaveLength(1);
  });

  it("serves a limited number at a time and counts those it turned down", () => {
    const stage = new Stage(["B", "C"], { ...SWIM_LAN, maxRelays: 2 });
    for (let i = 1; i <= 2; i++) {
      const request = { kind: "ping-req", sequence: i, target: "C" } as const;
      expect(stage.hear("B", request)).toHaveLength(2);
    }
    expect(stage.hear("B", { kind: "ping-req", sequence: 3, target: "C" })).toEqual([]);
    expect(stage.swim.refusedRelays).toBe(1);
    for (const relayed of [1, 2]) {
      stage.timer(`relay/${relayed}`, 400);
      stage.timer(`relay/${relayed}`, 1_000);
    }
    expect(stage.hear("B", { kind: "ping-req", sequence: 4, target: "C" })).toHaveLength(2);
  });
});

describe("§4.3: round-robin probe target selection", () => {
  it("reaches everybody once a round, and at most 2n − 1 periods apart", () => {
    const members = Array.from({ length: 12 }, (_, i) => `m${i}`);
    const stage = new Stage(members);
    const last = new Map<NodeId, number>(members.map((member) => [member, -1]));
    for (let period = 0; period < 600; period++) {
      const { to } = stage.period(1_000);
      expect(period - (last.get(to) ?? 0)).toBeLessThanOrEqual(2 * members.length - 1);
      last.set(to, period);
    }
    expect([...last.values()].every((period) => period >= 600 - 2 * members.length)).toBe(true);
  });

  it("shuffles anew in every round", () => {
    const members = Array.from({ length: 12 }, (_, i) => `m${i}`);
    const stage = new Stage(members);
    const round = () => members.map(() => stage.period(1_000).to).join(" ");
    expect(round()).not.toBe(round());
  });

  it("puts a new member at a random place of the round, not at its end", () => {
    const places = new Set<number>();
    for (let seed = 0; seed < 200; seed++) {
      const stage = new Stage(["B", "C", "D", "E", "F", "G"], SWIM_LAN, seed);
      stage.period();
      stage.swim.step({ kind: "watch", now: 0, member: "X", usable: true });
      for (let place = 0; place < 6; place++) {
        if (stage.period(1_000).to === "X") {
          places.add(place);
        }
      }
    }
    expect([...places].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("removal in the middle of a round costs nobody else a turn", () => {
    const members = Array.from({ length: 9 }, (_, i) => `m${i}`);
    for (let seed = 0; seed < 50; seed++) {
      const stage = new Stage(members, SWIM_LAN, seed);
      const probed = [1, 2, 3, 4].map(() => stage.period(1_000).to);
      const gone = seed % 2 === 0 ? (probed[1] ?? "") : members.find((m) => !probed.includes(m));
      stage.swim.step({ kind: "unwatch", now: 0, member: gone ?? "" });
      const rest = members.filter((member) => !probed.includes(member) && member !== gone);
      expect(rest.map(() => stage.period(1_000).to).sort()).toEqual(rest.sort());
    }
  });

  it("never probes itself", () => {
    const stage = new Stage(["A", "B"]);
    expect([1, 2, 3].map(() => stage.period(1_000).to)).toEqual(["B", "B", "B"]);
  });
});

describe("figures (PROTOCOLS §2.1)", () => {
  it.each([10, 100])(
    "first suspicion after a crash: about 2 periods when n = %i, verdict at the period end",
    (n) => {
      let total = 0;
      const trials = 200;
      for (let seed = 1; seed <= trials; seed++) {
        const mesh = new ProberMesh({ n, seed, options: SWIM_LAN });
        mesh.run(3_000 + seed * 17);
        mesh.setUp(`n${seed % n}`, false);
        const crashed = mesh.now;
        let found = 0;
        mesh.onEvent = (_, event) => {
          found = event.kind === "suspect" ? mesh.now : found;
        };
        mesh.run(60_000, () => found > 0);
        total += (found - crashed) / ms(1_000);
      }
      expect(total / trials).toBeGreaterThan(1.8);
      expect(total / trials).toBeLessThan(2.2);
    },
  );

  it("Fig. 2: about two messages per member and period, whatever n", () => {
    for (const n of [5, 50]) {
      const mesh = new ProberMesh({ n, seed: 3, options: SWIM_LAN });
      mesh.run(2_000);
      const before = mesh.sent;
      mesh.run(20_000);
      expect((mesh.sent - before) / n / 20).toBeCloseTo(2, 1);
    }
  });

  it("§3.1: false suspicions at 10 % loss are those of (1 − q²)(1 − q⁴)³, within a factor of 2", () => {
    const options = { ...SWIM_LAN, localHealth: false };
    const mesh = new ProberMesh({ n: 50, seed: 4, options, loss: 0.1 });
    let suspicions = 0;
    mesh.onEvent = (_, event) => {
      suspicions += event.kind === "suspect" ? 1 : 0;
    };
    mesh.run(600_000);
    const q = 0.9;
    const expected = (1 - q ** 2) * (1 - q ** 4) ** 3;
    const measured = suspicions / (50 * 600);
    expect(measured).toBeGreaterThan(expected / 2);
    expect(measured).toBeLessThan(expected * 2);
  });
});
