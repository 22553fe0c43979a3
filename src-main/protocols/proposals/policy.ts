import { MAX_REASON_LENGTH } from "./limits.ts";
import type { Choice, Proposal, VotePolicy } from "./types.ts";

/** Characters of a rule's pattern. */
export const MAX_PATTERN_LENGTH = 256;

export interface PolicyVote {
  readonly choice: Choice;
  readonly reason: string;
}

const CHOICES: readonly string[] = ["yes", "no", "abstain"] satisfies Choice[];

/** All problems at once; empty when the policy is usable. */
export function validatePolicy(policy: VotePolicy): string[] {
  if (policy.kind !== "by-rule") {
    const known = ["manual", "accept", "reject"].includes(policy.kind);
    return known ? [] : ["policy must be manual, accept, reject or by-rule"];
  }
  const problems: string[] = [];
  if (policy.pattern.length === 0 || policy.pattern.length > MAX_PATTERN_LENGTH) {
    problems.push(`pattern must have 1 to ${MAX_PATTERN_LENGTH} characters`);
  }
  if (!CHOICES.includes(policy.match)) {
    problems.push("match must be yes, no or abstain");
  }
  if (policy.otherwise !== "manual" && !CHOICES.includes(policy.otherwise)) {
    problems.push("otherwise must be yes, no, abstain or manual");
  }
  return problems;
}

/**
 * What the policy votes, null when that is left to a person. `objection` is what the node's own
 * validation has against the proposal: no policy but `manual` votes for what would not work.
 */
export function policyVote(
  policy: VotePolicy,
  proposal: Proposal,
  objection: string | null,
): PolicyVote | null {
  if (policy.kind === "manual") {
    return null;
  }
  if (objection !== null) {
    return { choice: "no", reason: `invalid: ${objection}`.slice(0, MAX_REASON_LENGTH) };
  }
  switch (policy.kind) {
    case "accept":
      return { choice: "yes", reason: "policy: accept" };
    case "reject":
      return { choice: "no", reason: "policy: reject" };
    case "by-rule":
      return byRule(policy, proposal);
  }
}

function byRule(
  policy: Extract<VotePolicy, { kind: "by-rule" }>,
  { title, text }: Proposal,
): PolicyVote | null {
  const pattern = policy.pattern.toLowerCase();
  const found = title.toLowerCase().includes(pattern) || text.toLowerCase().includes(pattern);
  const choice = found ? policy.match : policy.otherwise;
  const reason = `rule: ${found ? "contains" : "does not contain"} "${policy.pattern}"`;
  return choice === "manual" ? null : { choice, reason };
}
