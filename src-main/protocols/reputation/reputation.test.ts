import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { seconds } from "#main/kernel/time.ts";
import { WireReader, WireWriter } from "#main/kernel/wire.ts";
import { reputationRecordCodec } from "./codec.ts";
import { lowestScore } from "./formulas.ts";
import { REPUTATION_DEFAULTS, type ReputationOptions } from "./options.ts";
import { Reputation } from "./reputation.ts";
import {
  type Evidence,
  FAULT_KINDS,
  type ReportKind,
  type ReputationRecord,
  type Standing,
} from "./types.ts";

const SEVEN = [..."ABCDEFG"];
const KINDS: readonly ReportKind[] = [...FAULT_KINDS, "good-answer"];

/** A's books; proofs are right when they begin with 1. */
function books(
  options: Partial<ReputationOptions> = {},
  restore: readonly ReputationRecord[] = [],
): Reputation {
  return new Reputation({
    self: "A",
    options: { ...REPUTATION_DEFAULTS, ...options },
    members: () => SEVEN,
    verify: ({ proof }) => proof[0] === 1,
    restore,
  });
}

function report(to: Reputation, kind: ReportKind, member: string, times: number): void {
  for (let i = 0; i < times; i++) {
    to.report(kind, member, 0);
  }
}

function evidence(...proof: number[]): Evidence {
  return { accused: "B", protocol: "test", proof: Uint8Array.from(proof) };
}

function accuse(to: Reputation, reporters: string, member: string, severity = 1): void {
  for (const reporter of reporters) {
    to.hear(reporter, [{ member, severity }], 0);
  }
}

describe("a score", () => {
  it("is 0 for who is not known, and good", () => {
    expect(books().score("B", 0)).toBe(0);
    expect(books().standing("B", 0)).toBe("good");
    expect(books().mayPublishTo("B", 0)).toBe(true);
  });

  it("bears a few faults that happen to honest members, and not many", () => {
    const mine = books();
    report(mine, "time-out", "B", 2);
    expect(mine.score("B", 0)).toBe(0);
    report(mine, "time-out", "B", 5);
    expect(mine.standing("B", 0)).toBe("watched");
  });

  it("never leads to the graylist for being slow or absent alone", () => {
    const mine = books();
    report(mine, "time-out", "B", 10_000);
    expect(mine.standing("B", 0)).toBe("watched");
  });

  it("goes through all standings for bad signatures, in order", () => {
    const mine = books();
    const seen: Standing[] = [1, 2, 3, 4].map(
      () => mine.report("invalid-signature", "B", 0).standing,
    );
    expect(seen).toEqual(["good", "watched", "graylisted", "banned"]);
  });

  it("tells with each report what it led to", () => {
    const mine = books();
    expect(mine.report("equivocation", "B", 0)).toEqual({
      member: "B",
      score: -100,
      before: "good",
      standing: "banned",
    });
  });

  it("stays within bounds whatever is reported", () => {
    const mine = books();
    for (const kind of FAULT_KINDS) {
      report(mine, kind, "B", 1_000);
    }
    accuse(mine, "CDEFG", "B");
    const lowest = lowestScore(REPUTATION_DEFAULTS);
    expect(mine.score("B", 0)).toBeGreaterThanOrEqual(lowest);
    expect(mine.score("B", 0)).toBeLessThan(lowest + REPUTATION_DEFAULTS.hearsayCap);
    report(mine, "good-answer", "C", 1_000);
    expect(mine.score("C", 0)).toBeCloseTo(5, 6);
  });

  it("fades towards neutral without events, monotonically, and ends at exactly 0", () => {
    const kinds = fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 30 });
    const times = fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 10 });
    fc.assert(
      fc.property(kinds, times, (reports, steps) => {
        const mine = books({ goodWeight: 0 });
        reports.forEach((kind) => mine.report(kind, "B", 0));
        let [now, last] = [0, mine.score("B", 0)];
        for (const step of steps) {
          now += seconds(step);
          const score = mine.score("B", now);
          expect(score).toBeGreaterThanOrEqual(last);
          expect(score).toBeLessThanOrEqual(0);
          last = score;
        }
        expect(mine.score("B", now + seconds(20_000))).toBeCloseTo(0, 9);
      }),
      { numRuns: 50 },
    );
  });

  it("does not depend on how often it is asked for", () => {
    const run = (asked: boolean) => {
      const mine = books();
      for (let at = 0; at < 60; at++) {
        if (at % 20 === 0) {
          mine.report("bad-answer", "B", seconds(at) + 300_000);
          mine.report("bad-answer", "B", seconds(at) + 400_000);
          mine.report("bad-answer", "B", seconds(at) + 450_000);
        }
        if (asked) {
          mine.standing("B", seconds(at) + 700_000);
          mine.records(seconds(at) + 700_000);
        }
      }
      return mine.score("B", seconds(60));
    };
    expect(run(true)).toBeCloseTo(run(false), 9);
  });

  it("is not changed by a clock that goes back", () => {
    const mine = books();
    mine.report("invalid-signature", "B", seconds(100));
    const score = mine.score("B", seconds(100));
    expect(mine.score("B", seconds(10))).toBe(score);
  });
});

describe("what others say", () => {
  it("about itself is not heard: a member cannot raise its own score", () => {
    const mine = books();
    report(mine, "bad-answer", "B", 6);
    const before = mine.score("B", 0);
    mine.hear("B", [{ member: "B", severity: 0 }], 0);
    mine.hear("B", [{ member: "B", severity: 1 }], 0);
    accuse(mine, "CDEFG", "B", 0);
    expect(mine.score("B", 0)).toBe(before);
  });

  it("does not put an honest member under the threshold with fewer than a quorum", () => {
    for (const liars of ["B", "BC", "BCD"]) {
      const mine = books();
      for (let i = 0; i < 100; i++) {
        accuse(mine, liars, "G");
      }
      expect(mine.standing("G", 0)).toBe("good");
    }
  });

  it("never leads to the graylist or a ban by itself", () => {
    const mine = books();
    accuse(mine, "BCDEF", "G");
    expect(mine.standing("G", 0)).toBe("watched");
    expect(mine.score("G", 0)).toBeGreaterThan(REPUTATION_DEFAULTS.graylistThreshold);
  });

  it("counts once for each reporter, however often it is repeated", () => {
    const mine = books();
    accuse(mine, "B", "G");
    const once = mine.score("G", 0);
    accuse(mine, "BBBBBB", "G");
    expect(mine.score("G", 0)).toBe(once);
    expect(once).toBe(-10 / 4);
  });

  it("weighs by the reporter's own score, and nothing from the graylist", () => {
    const said = (kind: ReportKind, times: number) => {
      const mine = books();
      report(mine, kind, "B", times);
      accuse(mine, "B", "G");
      return mine.score("G", 0);
    };
    expect(said("good-answer", 100)).toBe(-2.5);
    expect(said("invalid-signature", 2)).toBe(-1.25);
    expect(said("invalid-signature", 3)).toBeCloseTo(0);
    expect(said("equivocation", 1)).toBeCloseTo(0);
  });

  it("is heard from members only, about other members only, and in range only", () => {
    const mine = books();
    mine.hear("X", [{ member: "G", severity: 1 }], 0);
    mine.hear("A", [{ member: "G", severity: 1 }], 0);
    mine.hear("B", [{ member: "X", severity: 1 }], 0);
    mine.hear("B", [{ member: "A", severity: 1 }], 0);
    mine.hear("B", [{ member: "G", severity: Number.NaN }], 0);
    mine.hear("B", [{ member: "G", severity: 1.1 }], 0);
    expect(mine.size).toBe(0);
  });

  it("fades like everything else", () => {
    const mine = books();
    accuse(mine, "BCDEF", "G");
    expect(mine.standing("G", seconds(60))).toBe("good");
    expect(mine.score("G", seconds(600))).toBeCloseTo(0);
  });

  it("is answered by this node's own opinion of who it has something against", () => {
    const mine = books();
    report(mine, "bad-answer", "B", 5);
    report(mine, "equivocation", "C", 1);
    report(mine, "good-answer", "D", 5);
    expect(mine.opinions(0)).toEqual([
      { member: "B", severity: 0.4 },
      { member: "C", severity: 1 },
    ]);
  });
});

describe("facts", () => {
  it("are those whose proof holds, whoever brings it", () => {
    const mine = books();
    expect(mine.prove(evidence(1), "G", 0)).toMatchObject({
      kind: "proven",
      verdict: { member: "B", standing: "banned" },
    });
    expect(mine.score("G", 0)).toBe(0);
  });

  it("are counted once, however often they come around", () => {
    const mine = books();
    mine.prove(evidence(1), "G", 0);
    const until = mine.bannedUntil("B", 0);
    expect(mine.prove(evidence(1), "F", seconds(30)).kind).toBe("known");
    expect(mine.bannedUntil("B", seconds(30))).toBe(until);
  });

  it("that are none are held against who brought them, and not against the accused", () => {
    const mine = books();
    expect(mine.prove(evidence(0), "G", 0)).toMatchObject({
      kind: "false",
      verdict: { member: "G" },
    });
    expect(mine.prove(evidence(0), "G", 0).kind).toBe("false");
    expect(mine.score("B", 0)).toBe(0);
    expect(mine.standing("G", 0)).toBe("watched");
  });
});

describe("leaving and coming back", () => {
  it("does not wash off a bad score: it waits unfaded", () => {
    const mine = books();
    report(mine, "bad-answer", "B", 6);
    const score = mine.score("B", 0);
    mine.disconnect("B", 0);
    expect(mine.score("B", seconds(500))).toBe(score);
    mine.connect("B", seconds(500));
    expect(mine.score("B", seconds(500))).toBe(score);
    expect(mine.score("B", seconds(530))).toBeGreaterThan(score);
  });

  it("loses a good one", () => {
    const mine = books();
    report(mine, "good-answer", "B", 50);
    mine.disconnect("B", 0);
    mine.connect("B", 1);
    expect(mine.score("B", 1)).toBeCloseTo(0);
  });

  it("is forgiven after the time of retention, if no ban is running", () => {
    const mine = books({ retainMs: 10_000, banMs: 60_000 });
    report(mine, "bad-answer", "B", 6);
    report(mine, "equivocation", "C", 1);
    mine.disconnect("B", 0);
    mine.disconnect("C", 0);
    expect(mine.score("B", seconds(10))).toBe(0);
    expect(mine.standing("C", seconds(10))).toBe("banned");
    expect(mine.standing("C", seconds(60))).toBe("good");
  });

  it("is no help either when the observer restarts in between", () => {
    const mine = books();
    report(mine, "bad-answer", "B", 6);
    report(mine, "equivocation", "C", 1);
    report(mine, "good-answer", "D", 9);
    const records = mine.records(0).map((record) => {
      const writer = new WireWriter();
      reputationRecordCodec.encode(writer, record);
      return reputationRecordCodec.decode(new WireReader(writer.finish()));
    });
    expect(records.map(({ member }) => member)).toEqual(["B", "C"]);
    const again = books({}, records);
    for (const member of ["B", "C"]) {
      expect(again.score(member, seconds(5))).toBeCloseTo(mine.score(member, seconds(5)), 1);
      expect(again.standing(member, seconds(5))).toBe(mine.standing(member, seconds(5)));
    }
  });
});

describe("a ban", () => {
  it("is over after its time; what led to it has faded only partly", () => {
    const mine = books();
    mine.report("equivocation", "B", 0);
    expect(mine.standing("B", seconds(60) - 1)).toBe("banned");
    expect(mine.standing("B", seconds(60))).toBe("graylisted");
    expect(mine.mayPublishTo("B", seconds(60))).toBe(false);
  });

  it("shuts out every message, and being shut out is not flooding", () => {
    const mine = books();
    mine.report("equivocation", "B", 0);
    const score = mine.score("B", 0);
    for (let i = 0; i < 1_000; i++) {
      expect(mine.admit("B", 1, 0)).toBe("banned");
    }
    expect(mine.score("B", 0)).toBe(score);
  });
});

describe("the rate limit", () => {
  const limited = () => books({ messagesPerSecond: 10, burst: 20 });

  it("lets a burst through at once and the rate in the long run", () => {
    const mine = limited();
    const admitted = (count: number, now: number) =>
      Array.from({ length: count }, () => mine.admit("B", 1, now)).filter(
        (outcome) => outcome === "admitted",
      ).length;
    expect(admitted(25, 0)).toBe(20);
    expect(admitted(5, seconds(0.1))).toBe(1);
    expect(admitted(50, seconds(1.1))).toBe(10);
    expect(admitted(50, seconds(1_000))).toBe(20);
  });

  it("leads a flooding member to the graylist, and hurts nobody else", () => {
    const mine = limited();
    for (let i = 0; i < 200; i++) {
      mine.admit("B", 1, 0);
    }
    expect(mine.standing("B", 0)).not.toBe("good");
    expect(["graylisted", "banned"]).toContain(mine.standing("B", 0));
    expect(mine.admit("C", 1, 0)).toBe("admitted");
  });
});

describe("memory", () => {
  it("is bounded: the longest unused go first, those with a bad score after the clean", () => {
    const mine = books({ maxMembers: 3 });
    report(mine, "equivocation", "B", 1);
    report(mine, "bad-answer", "C", 6);
    for (let i = 0; i < 1_000; i++) {
      mine.admit(`stranger ${i}`, 1, 0);
    }
    expect(mine.size).toBe(3);
    expect(mine.standing("B", 0)).toBe("banned");
    expect(mine.score("C", 0)).toBeLessThan(0);
  });

  it("gives up a bad score before a running ban", () => {
    const mine = books({ maxMembers: 2 });
    report(mine, "equivocation", "B", 1);
    report(mine, "bad-answer", "C", 6);
    report(mine, "bad-answer", "D", 6);
    expect(mine.standing("B", 0)).toBe("banned");
    expect(mine.score("C", 0)).toBe(0);
  });
});

describe("choosing peers", () => {
  it("leaves out oneself, the graylisted and the banned", () => {
    const mine = books();
    report(mine, "invalid-signature", "B", 3);
    report(mine, "equivocation", "C", 1);
    const random = createRandom(1);
    for (let i = 0; i < 50; i++) {
      const chosen = mine.choosePeers(SEVEN, 4, random, 0);
      expect(chosen).toHaveLength(4);
      expect(chosen).not.toContain("A");
      expect(chosen).not.toContain("B");
      expect(chosen).not.toContain("C");
    }
  });

  it("turns away from slow members and still tries them now and then", () => {
    const mine = books();
    report(mine, "time-out", "B", 8);
    const random = createRandom(1);
    let tried = 0;
    for (let i = 0; i < 400; i++) {
      tried += Number(mine.choosePeers(SEVEN, 3, random, 0).includes("B"));
    }
    expect(tried / 400).toBeGreaterThan(0.15);
    expect(tried / 400).toBeLessThan(0.35);
  });

  it("is a function of books and random stream", () => {
    const draw = () => books().choosePeers(SEVEN, 3, createRandom(7), 0);
    expect(draw()).toEqual(draw());
  });
});

describe("books about oneself", () => {
  it("are not kept", () => {
    const mine = books();
    expect(mine.report("equivocation", "A", 0)).toMatchObject({ score: 0, standing: "good" });
    expect(mine.size).toBe(0);
  });
});
