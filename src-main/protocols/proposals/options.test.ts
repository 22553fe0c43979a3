import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { PROPOSALS_DEFAULTS, type ProposalsOptions, validateProposalsOptions } from "./options.ts";
import { Proposals } from "./proposals.ts";
import { paperSigner } from "./testing/paper-signer.ts";

function problems(change: Partial<ProposalsOptions>): string[] {
  return validateProposalsOptions({ ...PROPOSALS_DEFAULTS, ...change });
}

describe("validateProposalsOptions", () => {
  it("accepts the defaults", () => {
    expect(problems({})).toEqual([]);
  });

  it("accepts the ends of a range and nothing beyond them", () => {
    expect(problems({ fanout: 32, pushRounds: 0, maxProposals: 256 })).toEqual([]);
    expect(problems({ fanout: 33 })).toEqual(["fanout must be a whole number from 1 to 32"]);
    expect(problems({ maxProposals: 257 })).toHaveLength(1);
    expect(problems({ gossipIntervalMs: Number.NaN })).toHaveLength(1);
  });

  it("keeps a proposal at least until members have closed", () => {
    expect(problems({ retainMs: 2_000, settleMs: 2_000 })).toEqual([
      "retainMs must be more than settleMs",
    ]);
  });

  it("reports all problems at once, those of the policy too", () => {
    const policy = { kind: "by-rule", pattern: "", match: "maybe" as "yes", otherwise: "manual" };
    expect(problems({ fanout: 0, policy: policy as ProposalsOptions["policy"] })).toEqual([
      "fanout must be a whole number from 1 to 32",
      "pattern must have 1 to 256 characters",
      "match must be yes, no or abstain",
    ]);
    expect(problems({ policy: { kind: "never" as "manual" } })).toHaveLength(1);
  });

  it("guards the machine", () => {
    const options = { ...PROPOSALS_DEFAULTS, fanout: 0 };
    const ports = { peers: () => ["A"], members: () => ["A"], restore: [] };
    const base = { mesh: "m", signer: paperSigner("A"), random: createRandom(1) };
    expect(() => new Proposals({ ...base, ...ports, options })).toThrow("fanout");
  });
});
