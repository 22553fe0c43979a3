import { describe, expect, it } from "vitest";
import { PBFT_BATCHED, PBFT_DEFAULTS, PBFT_PAPER, validatePbftOptions } from "./options.ts";

describe("pBFT options", () => {
  it("of every profile are without problems", () => {
    for (const profile of [PBFT_DEFAULTS, PBFT_PAPER, PBFT_BATCHED]) {
      expect(validatePbftOptions(profile, 4)).toEqual([]);
    }
  });

  it("of the paper are those of its experiments", () => {
    expect(PBFT_PAPER).toMatchObject({ checkpointEvery: 128, window: 256 });
  });

  it("refuse faults that the members cannot bear, also fewer than four members", () => {
    for (const [faults, n] of [
      [1, 3],
      [2, 6],
      [3, 9],
    ] as const) {
      expect(validatePbftOptions({ ...PBFT_DEFAULTS, faults }, n)).toEqual([
        `faults: to bear ${faults} takes ${3 * faults + 1} members, not ${n}`,
      ]);
    }
    expect(validatePbftOptions({ ...PBFT_DEFAULTS, faults: 1 }, 7)).toEqual([]);
    expect(validatePbftOptions({ ...PBFT_DEFAULTS, faults: 0.5 }, 7)).toHaveLength(1);
  });

  it("are checked all at once", () => {
    const broken = {
      ...PBFT_DEFAULTS,
      checkpointEvery: 40,
      batchMax: 1.5,
      viewTimeoutMs: Number.NaN,
      maxPendingRequests: 0,
      viewTimeoutMaxMs: 1,
    };
    expect(validatePbftOptions(broken, 4)).toHaveLength(4);
  });
});
