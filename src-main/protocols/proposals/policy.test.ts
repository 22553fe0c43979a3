import { describe, expect, it } from "vitest";
import { MAX_REASON_LENGTH } from "./limits.ts";
import { policyVote } from "./policy.ts";
import type { Proposal, VotePolicy } from "./types.ts";

const PROPOSAL: Proposal = {
  id: { origin: "A", epoch: 1, sequence: 1 },
  title: "Add a node",
  text: "Zone B gets one more",
  thresholdBasisPoints: 6_700,
  quorumBasisPoints: 5_000,
  deadline: 1,
  electorate: ["A"],
};

function rule(pattern: string, otherwise: "no" | "manual"): VotePolicy {
  return { kind: "by-rule", pattern, match: "yes", otherwise };
}

describe("a policy", () => {
  it("leaves the vote to a person when manual, even for what is invalid", () => {
    expect(policyVote({ kind: "manual" }, PROPOSAL, null)).toBeNull();
    expect(policyVote({ kind: "manual" }, PROPOSAL, "no such zone")).toBeNull();
  });

  it("votes yes or no and says that it was the policy", () => {
    expect(policyVote({ kind: "accept" }, PROPOSAL, null)).toEqual({
      choice: "yes",
      reason: "policy: accept",
    });
    expect(policyVote({ kind: "reject" }, PROPOSAL, null)?.choice).toBe("no");
  });

  it("looks for its pattern in title and text, whatever the case", () => {
    expect(policyVote(rule("ADD A", "no"), PROPOSAL, null)?.choice).toBe("yes");
    expect(policyVote(rule("zone b", "no"), PROPOSAL, null)?.choice).toBe("yes");
    expect(policyVote(rule("zone c", "no"), PROPOSAL, null)?.choice).toBe("no");
    expect(policyVote(rule("zone c", "manual"), PROPOSAL, null)).toBeNull();
    expect(policyVote(rule("zone b", "no"), PROPOSAL, null)?.reason).toContain('"zone b"');
  });

  it("takes the pattern literally", () => {
    expect(policyVote(rule("a.*e", "no"), PROPOSAL, null)?.choice).toBe("no");
  });

  it("votes against what the node's own validation objects to, with the objection as reason", () => {
    expect(policyVote({ kind: "accept" }, PROPOSAL, "no such zone")).toEqual({
      choice: "no",
      reason: "invalid: no such zone",
    });
    const long = policyVote({ kind: "accept" }, PROPOSAL, "x".repeat(1_000));
    expect(long?.reason).toHaveLength(MAX_REASON_LENGTH);
  });
});
