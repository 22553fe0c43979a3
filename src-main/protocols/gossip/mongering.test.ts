import { describe, expect, it } from "vitest";
import type { Random } from "#main/kernel/random.ts";
import { createRandom } from "#main/kernel/prng.ts";
import { mongerCeiling, Mongering, type StopOptions } from "./mongering.ts";
import { ActiveRumours, spreadRounds } from "./spreading.ts";
import type { StoredRumour } from "./stream.ts";

function stored(key: string): StoredRumour {
  const id = { origin: key, epoch: 0, sequence: 1 };
  const rumour = { id, topic: "t", payload: new Uint8Array(0), urgent: true, lamport: 1 };
  return { rumour, key, hops: 0, bytes: 10, copiesSent: 0 };
}

/** Always draws the same number. */
function fixed(value: number): Random {
  const random: Random = { next: () => value, int: () => 0, fork: () => random };
  return random;
}

const counter: StopOptions = {
  stopRule: "feedback-counter",
  stopAfter: 2,
  counterResets: false,
};

describe("stop rules", () => {
  it("feedback and counter: the k-th 'knew it' cools, copies sent do not", () => {
    const mongering = new Mongering(createRandom(1));
    mongering.heat(stored("a"));
    expect(mongering.copySent("a", counter)).toBe(false);
    expect(mongering.copySent("a", counter)).toBe(false);
    expect(mongering.knownAlready("a", counter)).toBe(false);
    expect(mongering.size).toBe(1);
    expect(mongering.knownAlready("a", counter)).toBe(true);
    expect(mongering.size).toBe(0);
    expect(mongering.knownAlready("a", counter)).toBe(false);
  });

  it("a counter that resets cools after k sends in vain in a row, others after k in all", () => {
    const sends = (counterResets: boolean, vain: string): number => {
      const options = { ...counter, counterResets };
      const mongering = new Mongering(createRandom(1));
      mongering.heat(stored("a"));
      for (const [i, answer] of [...vain].entries()) {
        mongering.sendBegins(options);
        mongering.copySent("a", options);
        if (answer === "x" && mongering.knownAlready("a", options)) {
          return i + 1;
        }
      }
      return Infinity;
    };
    expect(sends(false, "x.x.xx")).toBe(3);
    expect(sends(true, "x.x.xx")).toBe(6);
    expect(sends(true, "x.x.x.")).toBe(Infinity);
    expect(sends(true, "xx")).toBe(2);
  });

  it("a blind counter never resets: it hears nothing", () => {
    const rule: StopOptions = { ...counter, stopRule: "blind-counter", counterResets: true };
    const mongering = new Mongering(createRandom(1));
    mongering.heat(stored("a"));
    mongering.sendBegins(rule);
    expect(mongering.copySent("a", rule)).toBe(false);
    mongering.sendBegins(rule);
    expect(mongering.copySent("a", rule)).toBe(true);
  });

  it("blind and counter: the k-th copy cools, feedback does not", () => {
    const rule: StopOptions = { ...counter, stopRule: "blind-counter" };
    const mongering = new Mongering(createRandom(1));
    mongering.heat(stored("a"));
    expect(mongering.knownAlready("a", rule)).toBe(false);
    expect(mongering.knownAlready("a", rule)).toBe(false);
    expect(mongering.copySent("a", rule)).toBe(false);
    expect(mongering.copySent("a", rule)).toBe(true);
  });

  it("coin: every event cools with probability 1/k", () => {
    const rule: StopOptions = { ...counter, stopRule: "feedback-coin", stopAfter: 4 };
    const unlucky = new Mongering(fixed(0.25));
    unlucky.heat(stored("a"));
    expect(unlucky.knownAlready("a", rule)).toBe(false);
    const lucky = new Mongering(fixed(0.2499));
    lucky.heat(stored("a"));
    expect(lucky.knownAlready("a", rule)).toBe(true);
    const blind = new Mongering(fixed(0.2499));
    blind.heat(stored("a"));
    expect(blind.copySent("a", { ...rule, stopRule: "blind-coin" })).toBe(true);
  });

  it("counts each rumour on its own", () => {
    const mongering = new Mongering(createRandom(1));
    mongering.heat(stored("a"));
    mongering.heat(stored("b"));
    mongering.knownAlready("a", counter);
    expect(mongering.knownAlready("b", counter)).toBe(false);
    expect(mongering.knownAlready("a", counter)).toBe(true);
    expect(mongering.due().map((one) => one.key)).toEqual(["b"]);
  });

  it("whatever the rule, a rumour cools after so many sends", () => {
    const mongering = new Mongering(createRandom(1));
    mongering.heat(stored("a"));
    expect(mongering.sendOver(2)).toEqual([]);
    expect(mongering.sendOver(2).map((one) => one.key)).toEqual(["a"]);
    expect(mongering.size).toBe(0);
    expect(mongerCeiling(1_000)).toBe(169);
    expect(mongerCeiling(1)).toBe(mongerCeiling(2));
  });

  it("gives the one sent least often the first place", () => {
    const mongering = new Mongering(createRandom(1));
    mongering.heat(stored("a"));
    mongering.sendOver(10);
    mongering.heat(stored("b"));
    expect(mongering.due().map((one) => one.key)).toEqual(["b", "a"]);
  });
});

describe("push rounds", () => {
  it("carry a rumour for a multiple of the expected rounds", () => {
    expect(spreadRounds(1_000, 1, 1)).toBe(17);
    expect(spreadRounds(1_000, 1, 2)).toBe(34);
    expect(spreadRounds(1, 3, 2)).toBe(1);
  });

  it("end for a rumour when its rounds are used up, and only rounds it was sent in count", () => {
    const active = new ActiveRumours();
    const [a, b] = [stored("a"), stored("b")];
    active.add(a, 2);
    active.add(b, 2);
    active.roundOver([a]);
    expect(active.due()).toEqual([b, a]);
    active.roundOver([a]);
    expect(active.due()).toEqual([b]);
    expect(active.size).toBe(1);
  });
});
