/** Hayashibara et al., IS-RR-2004-010, in the normal form of Pekko's PhiAccrualFailureDetector. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { ms, seconds } from "#main/kernel/time.ts";
import { ArrivalHistory } from "./arrival-history.ts";
import { phi } from "./formula.ts";
import { PHI_DEFAULTS, phiProblems } from "./options.ts";
import { PhiDetector } from "./phi.ts";

const NO_PAUSE = { ...PHI_DEFAULTS, acceptablePauseMs: 0 };

describe("φ (AccrualFailureDetectorSpec: realistic values for mean 1,000 ms, deviation 100 ms)", () => {
  it.each([
    [0, 0],
    [500, 0],
    [1_000, 0.3],
    [1_200, 1.6],
    [1_400, 4.7],
    [1_600, 10.8],
    [1_700, 15.3],
  ])("%i ms: %d", (elapsed, expected) => {
    expect(Math.abs(phi(elapsed, 1_000, 100) - expected)).toBeLessThan(0.1);
  });

  it.each([8, 9, 12, 20, 22, 30, 100, 10_000])("is finite and still growing at %i σ", (sigmas) => {
    const here = phi(1_000 + sigmas * 100, 1_000, 100);
    const beyond = phi(1_000 + (sigmas + 0.5) * 100, 1_000, 100);
    expect(Number.isFinite(beyond)).toBe(true);
    expect(beyond).toBeGreaterThan(here);
  });

  it("grows strictly with the silence, and is never negative", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 500, max: 50_000, noNaN: true }),
        fc.double({ min: 1, max: 5_000, noNaN: true }),
        (elapsed, more) => {
          const before = phi(elapsed, 1_000, 100);
          expect(before).toBeGreaterThanOrEqual(0);
          expect(phi(elapsed + more, 1_000, 100)).toBeGreaterThan(before);
        },
      ),
    );
  });

  it("is lower for a less regular sender", () => {
    expect(phi(1_500, 1_000, 300)).toBeLessThan(phi(1_500, 1_000, 100));
  });
});

describe("the history", () => {
  it("φ is 0 before the first heartbeat", () => {
    expect(new ArrivalHistory(PHI_DEFAULTS).phi(seconds(1_000))).toBe(0);
  });

  it("begins with two pseudo-samples, mean ± mean / 4", () => {
    const history = new ArrivalHistory(PHI_DEFAULTS);
    expect([history.samples, history.meanMs, history.stdDevMs]).toEqual([2, 1_000, 250]);
  });

  it("because of them the silence after the very first heartbeat is noticed", () => {
    const history = new ArrivalHistory(PHI_DEFAULTS);
    history.heartbeat(0);
    expect(history.phi(seconds(4))).toBeLessThan(8);
    expect(history.phi(seconds(6))).toBeGreaterThan(8);
  });

  it("adds the acceptable pause to the mean", () => {
    const strict = new ArrivalHistory(NO_PAUSE);
    const patient = new ArrivalHistory(PHI_DEFAULTS);
    strict.heartbeat(0);
    patient.heartbeat(0);
    expect(patient.phi(ms(4_200))).toBeCloseTo(strict.phi(ms(1_200)), 10);
  });

  it("does not hold a very regular sender to its regularity: the deviation has a floor", () => {
    const history = new ArrivalHistory({ ...NO_PAUSE, windowSize: 2 });
    for (let beat = 0; beat < 10; beat++) {
      history.heartbeat(seconds(beat));
    }
    expect(history.stdDevMs).toBe(0);
    expect(history.phi(ms(9_000 + 1_200))).toBeCloseTo(phi(1_200, 1_000, 100), 10);
  });

  it("does not record the interval that ends an unavailability", () => {
    const history = new ArrivalHistory(PHI_DEFAULTS);
    history.heartbeat(0);
    history.heartbeat(seconds(1));
    expect(history.samples).toBe(3);
    history.heartbeat(seconds(301));
    expect([history.samples, history.meanMs]).toEqual([3, 1_000]);
    history.heartbeat(seconds(302));
    expect(history.samples).toBe(4);
  });

  it("remembers a window: mean and deviation are those of its newest intervals", () => {
    const history = new ArrivalHistory({ ...PHI_DEFAULTS, windowSize: 3 });
    let now = 0;
    history.heartbeat(now);
    for (const interval of [500, 700, 900, 1_100, 1_600]) {
      now += ms(interval);
      history.heartbeat(now);
    }
    expect(history.samples).toBe(3);
    expect(history.meanMs).toBeCloseTo(1_200, 6);
    expect(history.stdDevMs).toBeCloseTo(294.392, 2);
  });
});

describe("the detector", () => {
  function detector(): PhiDetector {
    const node = new PhiDetector("A", PHI_DEFAULTS, createRandom(1));
    node.step({ kind: "self", now: 0, incarnation: 2 });
    node.step({ kind: "watch", now: 0, member: "B", usable: true });
    return node;
  }

  function beat(node: PhiDetector, at: number, sequence: number, incarnation = 0) {
    const message = { kind: "heartbeat", sequence, incarnation } as const;
    return node.step({ kind: "message", now: ms(at), from: "B", message });
  }

  function suspects(node: PhiDetector, at: number): readonly string[] {
    return node
      .step({ kind: "timer", now: ms(at), timer: "beat" })
      .flatMap((effect) =>
        effect.kind === "emit" && effect.event.kind === "suspect" ? [effect.event.member] : [],
      );
  }

  it("suspects from threshold 8 on: about 5 s of silence by default", () => {
    const node = detector();
    for (let i = 0; i <= 20; i++) {
      beat(node, i * 1_000, i + 1);
    }
    const threshold = Array.from({ length: 6_000 }, (_, i) => 20_000 + i).find(
      (at) => (node.phi("B", ms(at)) ?? 0) >= 8,
    );
    expect(threshold).toBeGreaterThan(24_300);
    expect(threshold).toBeLessThan(24_700);
    expect(suspects(node, (threshold ?? 0) - 1)).toEqual([]);
    expect(suspects(node, threshold ?? 0)).toEqual(["B"]);
  });

  it("suspects at the threshold itself, not only beyond it", () => {
    const level = phi(5_000, 4_000, 250);
    for (const [threshold, expected] of [
      [level, ["B"]],
      [level + 1e-9, []],
    ] as const) {
      const node = new PhiDetector("A", { ...PHI_DEFAULTS, threshold }, createRandom(1));
      node.step({ kind: "watch", now: 0, member: "B", usable: true });
      beat(node, 0, 1);
      expect(suspects(node, 5_000)).toEqual(expected);
    }
  });

  it("expects a first heartbeat: who never sends one is suspected, too", () => {
    const node = detector();
    expect(node.phi("B", ms(999))).toBe(0);
    expect(suspects(node, 4_000)).toEqual([]);
    expect(suspects(node, 6_000)).toEqual([]);
    expect(suspects(node, 8_000)).toEqual(["B"]);
  });

  it("repeats itself while the silence lasts, but not at every look; a heartbeat ends it", () => {
    const node = detector();
    beat(node, 0, 1);
    expect(suspects(node, 6_000)).toEqual(["B"]);
    expect(suspects(node, 7_999)).toEqual([]);
    expect(suspects(node, 9_999)).toEqual([]);
    expect(suspects(node, 10_000)).toEqual(["B"]);
    beat(node, 10_500, 2);
    for (const at of [11_000, 12_500, 14_000, 15_500]) {
      expect(suspects(node, at)).toEqual([]);
    }
    expect(suspects(node, 17_000)).toEqual(["B"]);
  });

  it("judges nobody when its own timer is more than an interval late: it stood still itself", () => {
    for (const [firedAt, expected] of [
      [6_000, ["B"]],
      [6_001, []],
    ] as const) {
      const node = detector();
      beat(node, 0, 1);
      // Sets the timer for 5 s.
      expect(suspects(node, 4_000)).toEqual([]);
      expect(suspects(node, firedAt)).toEqual(expected);
    }
  });

  it("after such a standstill gives everybody as much time as at any other silence", () => {
    const node = detector();
    node.step({ kind: "watch", now: 0, member: "C", usable: true });
    for (let i = 0; i <= 3; i++) {
      beat(node, i * 1_000, i + 1);
      suspects(node, i * 1_000);
    }
    expect(suspects(node, 20_000)).toEqual([]);
    expect(node.phi("B", ms(20_000))).toBeLessThan(0.1);
    expect(node.phi("C", ms(20_999))).toBe(0);
    for (const at of [21_000, 22_000, 23_000, 24_000]) {
      expect(suspects(node, at)).toEqual([]);
    }
    expect(suspects(node, 25_000)).toEqual(["B"]);
    expect(suspects(node, 26_000)).toEqual([]);
    expect(suspects(node, 27_000)).toEqual(["C"]);
  });

  it("learns no rhythm from the heartbeats that waited during a standstill", () => {
    const history = new ArrivalHistory(PHI_DEFAULTS);
    history.heartbeat(0);
    history.interrupted(seconds(10));
    for (const at of [10_000, 10_000, 10_999, 11_000]) {
      history.heartbeat(ms(at));
    }
    expect([history.samples, history.meanMs]).toEqual([2, 1_000]);
    history.heartbeat(ms(12_000));
    expect([history.samples, history.meanMs]).toEqual([3, 1_000]);
  });

  it("counts new heartbeats only, not copies, and not those of a former life", () => {
    const node = detector();
    expect(beat(node, 0, 5, 1)).toEqual([
      { kind: "emit", event: { kind: "answered", member: "B", incarnation: 1, rtt: null } },
    ]);
    expect(beat(node, 4_000, 5, 1)).toEqual([]);
    expect(beat(node, 4_000, 9, 0)).toEqual([]);
    expect(node.phi("B", ms(5_500))).toBeGreaterThan(8);
    expect(beat(node, 5_000, 1, 2)).toHaveLength(1);
  });

  it("is not calmed by being asked, or by watching again", () => {
    const node = detector();
    beat(node, 0, 1);
    node.phi("B", ms(5_000));
    node.step({ kind: "watch", now: ms(5_000), member: "B", usable: false });
    expect(node.phi("B", ms(6_000))).toBeGreaterThan(8);
  });

  it("φ never falls between heartbeats", () => {
    const node = detector();
    beat(node, 0, 1);
    let before = 0;
    for (let at = 0; at < 20_000; at += 50) {
      const now = node.phi("B", ms(at)) ?? 0;
      expect(now).toBeGreaterThanOrEqual(before);
      before = now;
    }
  });

  it("sends its own heartbeats, and forgets whom it does not watch", () => {
    const node = detector();
    const message = { kind: "heartbeat", sequence: 1, incarnation: 2 };
    expect(node.step({ kind: "timer", now: 0, timer: "beat" })).toEqual([
      { kind: "timer", timer: "beat", at: seconds(1) },
      { kind: "send", to: "B", message },
    ]);
    node.step({ kind: "unwatch", now: 0, member: "B" });
    expect(node.phi("B", 0)).toBeUndefined();
    expect(beat(node, 0, 1)).toEqual([]);
  });
});

describe("options", () => {
  it("are checked all at once", () => {
    expect(phiProblems(PHI_DEFAULTS)).toEqual([]);
    const broken = { ...PHI_DEFAULTS, threshold: 0, acceptablePauseMs: -1, windowSize: 1 };
    expect(phiProblems(broken)).toHaveLength(3);
    expect(phiProblems({ ...PHI_DEFAULTS, acceptablePauseMs: 0, windowSize: 2 })).toEqual([]);
  });
});
