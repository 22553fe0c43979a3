/** Lifeguard (DSN 2018) §IV-A: local health aware probe. */
import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { ms } from "#main/kernel/time.ts";
import { nextHealth, scaleByHealth } from "./local-health.ts";
import type { SwimOptions } from "./options.ts";
import { SWIM_LAN, SWIM_LOCAL, SWIM_PAPER, SWIM_WAN, swimProblems } from "./options.ts";
import { nackDelay } from "./relay.ts";
import { SwimDetector } from "./swim.ts";
import type { SwimEffect } from "./types.ts";

function prober(options: SwimOptions, members = ["B", "C", "D", "E", "F"]): SwimDetector {
  const swim = new SwimDetector("A", options, createRandom(1));
  swim.step({ kind: "self", now: 0, incarnation: 0 });
  for (const member of members) {
    swim.step({ kind: "watch", now: 0, member, usable: true });
  }
  return swim;
}

function period(swim: SwimDetector): readonly SwimEffect[] {
  return swim.step({ kind: "timer", now: 0, timer: "period" });
}

function timerAt(effects: readonly SwimEffect[], timer: string): number | null | undefined {
  return effects.flatMap((effect) =>
    effect.kind === "timer" && effect.timer === timer ? [effect.at] : [],
  )[0];
}

/** One period: asks the relays, lets `nacks` of them say nack, ends without an answer. */
function failedPeriod(swim: SwimDetector, nacks: number): void {
  const ping = period(swim).find((effect) => effect.kind === "send");
  const asked = swim
    .step({ kind: "timer", now: 0, timer: "timeout" })
    .filter((effect) => effect.kind === "send");
  for (const request of asked.slice(0, nacks)) {
    const message = { kind: "nack", sequence: ping?.message.sequence ?? 0 } as const;
    swim.step({ kind: "message", now: 0, from: request.to, message });
  }
}

describe("Table I: the local health multiplier", () => {
  it("rises by one for a failed probe whose relays all said nack", () => {
    const swim = prober(SWIM_LAN);
    failedPeriod(swim, 3);
    period(swim);
    expect(swim.health).toBe(1);
  });

  it("rises by one more for every nack that is missing", () => {
    const swim = prober(SWIM_LAN);
    failedPeriod(swim, 1);
    period(swim);
    expect(swim.health).toBe(3);
  });

  it("a nack of an earlier probe, or a second one of the same relay, does not help", () => {
    const swim = prober(SWIM_LAN);
    period(swim);
    const asked = swim
      .step({ kind: "timer", now: 0, timer: "timeout" })
      .filter((effect) => effect.kind === "send");
    const first = asked[0];
    const sequence = first?.message.sequence ?? 0;
    for (const quoted of [sequence, sequence, sequence - 1]) {
      const message = { kind: "nack", sequence: quoted } as const;
      swim.step({ kind: "message", now: 0, from: first?.to ?? "", message });
    }
    period(swim);
    expect(swim.health).toBe(3);
  });

  it("falls by one for an answered probe, also for one whose relays said nack before", () => {
    const swim = prober(SWIM_LAN);
    swim.step({ kind: "refuted", now: 0 });
    swim.step({ kind: "refuted", now: 0 });
    const ping = period(swim).find((effect) => effect.kind === "send");
    const asked = swim
      .step({ kind: "timer", now: 0, timer: "timeout" })
      .filter((effect) => effect.kind === "send");
    const sequence = ping?.message.sequence ?? 0;
    const relay = asked[0]?.to ?? "";
    swim.step({ kind: "message", now: 0, from: relay, message: { kind: "nack", sequence } });
    const ack = { kind: "ack", sequence, incarnation: 0 } as const;
    swim.step({ kind: "message", now: 0, from: relay, message: ack });
    period(swim);
    expect(swim.health).toBe(1);
  });

  it("rises by one when this node had to refute a suspicion, and says so", () => {
    const swim = prober(SWIM_LAN);
    expect(swim.step({ kind: "refuted", now: 0 })).toEqual([
      { kind: "emit", event: { kind: "health", score: 1 } },
    ]);
  });

  it.each([
    [0, -1, 8, 0],
    [0, 1, 8, 1],
    [7, 1, 8, 8],
    [8, 1, 8, 8],
    [6, 4, 8, 8],
    [1, -1, 8, 0],
  ])("saturates: %i %i within 0..%i is %i", (score, delta, max, next) => {
    expect(nextHealth(score, delta, max)).toBe(next);
  });

  it("can be switched off", () => {
    const swim = prober({ ...SWIM_LAN, localHealth: false });
    failedPeriod(swim, 0);
    period(swim);
    expect(swim.step({ kind: "refuted", now: 0 })).toEqual([]);
    expect(swim.health).toBe(0);
  });
});

describe("a node that stood still", () => {
  function suspects(effects: readonly SwimEffect[]): readonly string[] {
    return effects.flatMap((effect) =>
      effect.kind === "emit" && effect.event.kind === "suspect" ? [effect.event.member] : [],
    );
  }

  function target(effects: readonly SwimEffect[]): string | undefined {
    return effects.find((effect) => effect.kind === "send")?.to;
  }

  it.each([
    [1_500, true],
    [1_501, false],
  ])("whose period ends at %i ms instead of 1,000 accuses: %s", (at, accuses) => {
    const swim = prober(SWIM_LAN);
    const probed = target(period(swim));
    swim.step({ kind: "timer", now: ms(500), timer: "timeout" });
    const effects = swim.step({ kind: "timer", now: ms(at), timer: "period" });
    expect(suspects(effects)).toEqual(accuses ? [probed] : []);
    expect(target(effects) === probed).toBe(!accuses);
    expect(swim.health).toBe(accuses ? 4 : 1);
  });

  it.each([
    [1_000, true],
    [1_001, false],
  ])("whose timeout fires at %i ms instead of 500 accuses: %s", (at, accuses) => {
    const swim = prober(SWIM_LAN);
    const probed = target(period(swim));
    swim.step({ kind: "timer", now: ms(at), timer: "timeout" });
    const effects = swim.step({ kind: "timer", now: ms(1_100), timer: "period" });
    expect(suspects(effects)).toEqual(accuses ? [probed] : []);
  });

  it("accuses when the second probe is not answered either", () => {
    const swim = prober(SWIM_LAN);
    const probed = target(period(swim));
    const again = swim.step({ kind: "timer", now: ms(9_000), timer: "period" });
    expect(timerAt(again, "period")).toBe(ms(11_000));
    swim.step({ kind: "timer", now: ms(9_500), timer: "timeout" });
    const effects = swim.step({ kind: "timer", now: ms(11_000), timer: "period" });
    expect(suspects(effects)).toEqual([probed]);
  });

  it("does not probe again whom it does not watch any longer", () => {
    const swim = prober(SWIM_LAN);
    const probed = target(period(swim)) ?? "";
    swim.step({ kind: "unwatch", now: 0, member: probed });
    const effects = swim.step({ kind: "timer", now: ms(9_000), timer: "period" });
    expect(target(effects)).not.toBe(probed);
    expect(swim.health).toBe(0);
  });
});

describe("scaling", () => {
  it("the paper: S = 8, up to 9 s a period and 4.5 s a probe timeout", () => {
    const swim = prober(SWIM_PAPER);
    for (let i = 0; i < 12; i++) {
      swim.step({ kind: "refuted", now: 0 });
    }
    const effects = period(swim);
    expect(timerAt(effects, "period")).toBe(ms(9_000));
    expect(timerAt(effects, "timeout")).toBe(ms(4_500));
  });

  it("memberlist LAN: score up to 7, so up to 8 s a period; the probe timeout is not scaled", () => {
    const swim = prober(SWIM_LAN);
    for (let i = 0; i < 12; i++) {
      swim.step({ kind: "refuted", now: 0 });
    }
    const effects = period(swim);
    expect(timerAt(effects, "period")).toBe(ms(8_000));
    expect(timerAt(effects, "timeout")).toBe(ms(500));
  });

  it.each([
    [0, 1_000],
    [1, 2_000],
    [8, 9_000],
  ])("score %i makes %i of 1,000", (score, scaled) => {
    expect(scaleByHealth(1_000, score)).toBe(scaled);
  });
});

describe("nack", () => {
  it("is sent at 80 % of the probe timeout, once, and a later ack is passed on all the same", () => {
    const swim = prober(SWIM_LAN);
    const request = { kind: "ping-req", sequence: 9, target: "C" } as const;
    const effects = swim.step({ kind: "message", now: 0, from: "B", message: request });
    expect(timerAt(effects, "relay/1")).toBe(ms(400));
    const nack = swim.step({ kind: "timer", now: ms(400), timer: "relay/1" });
    expect(nack[0]).toEqual({ kind: "send", to: "B", message: { kind: "nack", sequence: 9 } });
    const ack = { kind: "ack", sequence: 1, incarnation: 2 } as const;
    const late = swim.step({ kind: "message", now: ms(600), from: "C", message: ack });
    expect(late).toContainEqual({
      kind: "send",
      to: "B",
      message: { kind: "ack", sequence: 9, incarnation: 2 },
    });
    expect(swim.step({ kind: "timer", now: ms(1_400), timer: "relay/1" })).toEqual([]);
  });

  it("is not sent when the target answered the relay in time", () => {
    const swim = prober(SWIM_LAN);
    const request = { kind: "ping-req", sequence: 9, target: "C" } as const;
    swim.step({ kind: "message", now: 0, from: "B", message: request });
    const ack = { kind: "ack", sequence: 1, incarnation: 2 } as const;
    swim.step({ kind: "message", now: 0, from: "C", message: ack });
    expect(swim.step({ kind: "timer", now: ms(400), timer: "relay/1" })).toEqual([]);
  });

  it.each([
    ["LAN", SWIM_LAN, 400],
    ["WAN", SWIM_WAN, 1_600],
    ["local", SWIM_LOCAL, 160],
  ])("reaches the asker before its period ends: %s", (_, options, delay) => {
    expect(nackDelay(options)).toBe(ms(delay));
    const reaches = options.probeTimeoutMs + delay;
    expect(reaches).toBeLessThan(options.probeIntervalMs);
  });
});

describe("options", () => {
  it("of every profile are without problems", () => {
    for (const profile of [SWIM_LAN, SWIM_PAPER, SWIM_WAN, SWIM_LOCAL]) {
      expect(swimProblems(profile)).toEqual([]);
    }
  });

  it("are checked all at once", () => {
    const broken = { ...SWIM_LAN, probeTimeoutMs: 1_000, indirectProbes: 1.5, maxRelays: -1 };
    expect(swimProblems(broken)).toHaveLength(3);
    expect(swimProblems({ ...SWIM_LAN, probeTimeoutMs: 999 })).toEqual([]);
    expect(swimProblems({ ...SWIM_LAN, probeIntervalMs: Number.NaN })).toHaveLength(1);
  });
});
