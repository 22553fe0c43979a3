/** REQUIREMENTS C1 and C5: beats every 3 s, silence of 10 s is suspicious, only beats count. */
import { describe, expect, it } from "vitest";
import type { NodeId } from "#main/kernel/machine.ts";
import { createRandom } from "#main/kernel/prng.ts";
import { ms, seconds } from "#main/kernel/time.ts";
import { HeartbeatDetector } from "./heartbeat.ts";
import { HEARTBEAT_DEFAULTS, heartbeatProblems } from "./options.ts";
import type { HeartbeatEffect } from "./types.ts";

function detector(...members: NodeId[]): HeartbeatDetector {
  const made = new HeartbeatDetector("A", HEARTBEAT_DEFAULTS, createRandom(1));
  made.step({ kind: "self", now: 0, incarnation: 4 });
  for (const member of members) {
    made.step({ kind: "watch", now: 0, member, usable: true });
  }
  return made;
}

function beat(
  to: HeartbeatDetector,
  at: number,
  sequence: number,
  incarnation = 0,
): readonly HeartbeatEffect[] {
  const message = { kind: "heartbeat", sequence, incarnation } as const;
  return to.step({ kind: "message", now: ms(at), from: "B", message });
}

/** Lets the silence timer fire; returns the suspected and the time of the next firing. */
function look(at: HeartbeatDetector, now: number) {
  const effects = at.step({ kind: "timer", now: ms(now), timer: "silence" });
  return {
    suspects: effects.flatMap((effect) =>
      effect.kind === "emit" && effect.event.kind === "suspect" ? [effect.event.member] : [],
    ),
    next: effects.find((effect) => effect.kind === "timer")?.at,
  };
}

describe("sending", () => {
  it("beats to everybody watched, every 3 s, with a rising sequence", () => {
    const node = detector("B", "C");
    const first = node.step({ kind: "timer", now: seconds(1), timer: "beat" });
    const message = { kind: "heartbeat", sequence: 1, incarnation: 4 };
    expect(first).toEqual([
      { kind: "timer", timer: "beat", at: seconds(4) },
      { kind: "send", to: "B", message },
      { kind: "send", to: "C", message },
    ]);
    const second = node.step({ kind: "timer", now: seconds(4), timer: "beat" });
    expect(second[1]).toMatchObject({ message: { sequence: 2 } });
  });

  it("starts at a random moment of the first interval", () => {
    const starts = [1, 2, 3, 4, 5].map((seed) => {
      const node = new HeartbeatDetector("A", HEARTBEAT_DEFAULTS, createRandom(seed));
      const [timer] = node.step({ kind: "start", now: 0 });
      return timer?.kind === "timer" ? (timer.at ?? -1) : -1;
    });
    expect(new Set(starts).size).toBe(5);
    expect(Math.max(...starts)).toBeLessThan(seconds(3));
  });

  it("claims nothing before its incarnation is on disk", () => {
    const node = new HeartbeatDetector("A", HEARTBEAT_DEFAULTS, createRandom(1));
    node.step({ kind: "watch", now: 0, member: "B", usable: true });
    expect(node.step({ kind: "timer", now: 0, timer: "beat" })).toHaveLength(1);
  });
});

describe("silence", () => {
  it("of 10 s makes suspicious, a moment less does not", () => {
    const node = detector("B");
    beat(node, 2_000, 1);
    expect(look(node, 11_999)).toEqual({ suspects: [], next: seconds(12) });
    expect(look(node, 12_000).suspects).toEqual(["B"]);
  });

  it("counts from the moment of watching when no beat ever came", () => {
    const node = detector();
    const effects = node.step({ kind: "watch", now: seconds(5), member: "B", usable: true });
    expect(effects).toEqual([{ kind: "timer", timer: "silence", at: seconds(15) }]);
    expect(look(node, 15_000).suspects).toEqual(["B"]);
  });

  it("is reported again while it lasts, once per timeout", () => {
    const node = detector("B");
    expect(look(node, 10_000).suspects).toEqual(["B"]);
    expect(look(node, 19_999).suspects).toEqual([]);
    expect(look(node, 20_000).suspects).toEqual(["B"]);
  });

  it("ends with a beat", () => {
    const node = detector("B");
    look(node, 10_000);
    beat(node, 11_000, 9);
    expect(look(node, 20_999).suspects).toEqual([]);
  });

  it("of one does not touch another", () => {
    const node = detector("B", "C");
    beat(node, 9_000, 1);
    expect(look(node, 10_000)).toEqual({ suspects: ["C"], next: seconds(19) });
  });

  it("of somebody who is not watched any longer is nobody's business", () => {
    const node = detector("B");
    node.step({ kind: "unwatch", now: 0, member: "B" });
    expect(look(node, 60_000)).toEqual({ suspects: [], next: undefined });
  });

  it("is watched again after everybody was gone for a while", () => {
    const node = detector("B");
    node.step({ kind: "unwatch", now: 0, member: "B" });
    look(node, 10_000);
    const effects = node.step({ kind: "watch", now: seconds(20), member: "B", usable: true });
    expect(effects).toEqual([{ kind: "timer", timer: "silence", at: seconds(30) }]);
  });
});

describe("a standstill of this node itself", () => {
  it("of more than an interval is no proof against anybody: all get the whole time again", () => {
    const node = detector("B", "C");
    beat(node, 2_000, 1);
    expect(look(node, 13_001)).toEqual({ suspects: [], next: ms(23_001) });
    expect(look(node, 23_000).suspects).toEqual([]);
    expect(look(node, 23_001).suspects).toEqual(["B", "C"]);
  });

  it("of an interval is not long enough to excuse it", () => {
    expect(look(detector("B"), 13_000).suspects).toEqual(["B"]);
  });

  it("shows in the beat that is overdue, too, although the look comes in time", () => {
    const node = detector("B");
    // Sets the beat for 6 s; the look was set for 10 s.
    node.step({ kind: "timer", now: seconds(3), timer: "beat" });
    expect(look(node, 10_000)).toEqual({ suspects: [], next: seconds(20) });
    node.step({ kind: "timer", now: seconds(10), timer: "beat" });
    expect(look(node, 20_000).suspects).toEqual([]);
  });

  it("is over with the beat that came late", () => {
    const node = detector("B");
    node.step({ kind: "timer", now: seconds(3), timer: "beat" });
    node.step({ kind: "timer", now: ms(9_001), timer: "beat" });
    expect(look(node, 10_000)).toEqual({ suspects: [], next: ms(19_001) });
    for (const at of [12_001, 15_001, 18_001]) {
      node.step({ kind: "timer", now: ms(at), timer: "beat" });
    }
    expect(look(node, 19_001).suspects).toEqual(["B"]);
  });
});

describe("a sign of life (C5) is", () => {
  it("a new beat, which is also evidence for the membership", () => {
    const node = detector("B");
    expect(beat(node, 1_000, 1, 7)).toEqual([
      { kind: "emit", event: { kind: "answered", member: "B", incarnation: 7, rtt: null } },
    ]);
    expect(node.silence("B", seconds(3))).toBe(seconds(2));
  });

  it("not that the member was watched again, with another use", () => {
    const node = detector("B");
    node.step({ kind: "watch", now: seconds(9), member: "B", usable: false });
    expect(look(node, 10_000).suspects).toEqual(["B"]);
  });

  it("not that somebody looked at its status", () => {
    const node = detector("B");
    for (let at = 0; at < 10; at++) {
      expect(node.silence("B", seconds(at))).toBe(seconds(at));
    }
    expect(look(node, 10_000).suspects).toEqual(["B"]);
    expect(node.silence("Q", 0)).toBeUndefined();
  });

  it("not that this node refuted something", () => {
    const node = detector("B");
    node.step({ kind: "refuted", now: seconds(9) });
    expect(look(node, 10_000).suspects).toEqual(["B"]);
  });

  it("not a late copy of an old beat", () => {
    const node = detector("B");
    beat(node, 1_000, 5);
    expect(beat(node, 9_000, 5)).toEqual([]);
    expect(beat(node, 9_000, 4)).toEqual([]);
    expect(look(node, 11_000).suspects).toEqual(["B"]);
  });

  it("not a beat of a former life; but the first beat of a new one", () => {
    const node = detector("B");
    beat(node, 1_000, 900, 3);
    expect(beat(node, 2_000, 901, 2)).toEqual([]);
    expect(beat(node, 2_000, 1, 4)).toHaveLength(1);
  });

  it("not a beat of a stranger", () => {
    expect(beat(detector("C"), 1_000, 1)).toEqual([]);
  });
});

describe("options", () => {
  it("are checked all at once", () => {
    expect(heartbeatProblems(HEARTBEAT_DEFAULTS)).toEqual([]);
    expect(heartbeatProblems({ heartbeatIntervalMs: 0, heartbeatTimeoutMs: -1 })).toHaveLength(3);
    expect(heartbeatProblems({ heartbeatIntervalMs: 5, heartbeatTimeoutMs: 5 })).toHaveLength(1);
    expect(heartbeatProblems({ heartbeatIntervalMs: 5, heartbeatTimeoutMs: 6 })).toEqual([]);
  });
});
