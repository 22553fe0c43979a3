import { describe, expect, it } from "vitest";
import { GOSSIP_DEFAULTS, validateGossipOptions } from "./options.ts";

describe("validateGossipOptions", () => {
  it("accepts the defaults", () => {
    expect(validateGossipOptions(GOSSIP_DEFAULTS)).toEqual([]);
  });

  it("accepts the ends of a range and nothing beyond them", () => {
    const problems = (change: object) => validateGossipOptions({ ...GOSSIP_DEFAULTS, ...change });
    expect(problems({ fanout: 1, gossipIntervalMs: 1, antiEntropyEvery: 0 })).toEqual([]);
    expect(problems({ fanout: 32, stopAfter: 100, bytesPerRound: 32 * 1_024 })).toEqual([]);
    expect(problems({ fanout: 0 })).toEqual(["fanout must be a whole number from 1 to 32"]);
    expect(problems({ fanout: 33 })).toHaveLength(1);
    expect(problems({ fanout: 2.5 })).toHaveLength(1);
    expect(problems({ gossipIntervalMs: Number.NaN })).toEqual([
      "gossipIntervalMs must be 1 to 86400000",
    ]);
    expect(problems({ bytesPerRound: 32 * 1_024 - 1 })).toHaveLength(1);
  });

  it("reports all problems at once", () => {
    const broken = { ...GOSSIP_DEFAULTS, fanout: 0, stopAfter: 0, antiEntropyEvery: -1 };
    const unknown = { mode: "shout" as "push", stopRule: "never" as "blind-coin" };
    expect(validateGossipOptions({ ...broken, ...unknown })).toEqual([
      "fanout must be a whole number from 1 to 32",
      "stopAfter must be a whole number from 1 to 100",
      "antiEntropyEvery must be a whole number from 0 to 1000",
      "mode must be one of push, pull, push-pull",
      "stopRule must be one of feedback-counter, feedback-coin, blind-counter, blind-coin",
    ]);
  });
});
