import type { NodeId } from "#main/kernel/machine.ts";
import { ms } from "#main/kernel/time.ts";
import { MIN_QUORUM_BASIS_POINTS } from "./book.ts";
import { byText } from "./electorates.ts";
import { BASIS_POINTS, MAX_ELECTORATE, MAX_TEXT_LENGTH, MAX_TITLE_LENGTH } from "./limits.ts";
import { DEFAULT_DEADLINE_MS, DEFAULT_QUORUM, DEFAULT_THRESHOLD } from "./options.ts";
import type { Proposal, ProposalId, ProposalsInput, Refusal } from "./types.ts";

type CallInput = Extract<ProposalsInput, { kind: "call" }>;

/** The proposal that a call asks for, or why it is none. */
export function draftProposal(
  id: ProposalId,
  input: CallInput,
  members: readonly NodeId[],
  maxDeadlineMs: number,
): Proposal | Refusal {
  const { title, text, deadlineMs = DEFAULT_DEADLINE_MS, now } = input;
  const thresholdBasisPoints = toBasisPoints(input.threshold ?? DEFAULT_THRESHOLD);
  const quorumBasisPoints = toBasisPoints(input.quorum ?? DEFAULT_QUORUM);
  const electorate = [...new Set(members)].sort(byText);
  if (!electorate.includes(id.origin)) {
    return "not-a-member";
  }
  if (electorate.length > MAX_ELECTORATE) {
    return "too-many-members";
  }
  if (title.length === 0 || title.length > MAX_TITLE_LENGTH) {
    return "bad-title";
  }
  if (text.length > MAX_TEXT_LENGTH) {
    return "bad-text";
  }
  if (!(thresholdBasisPoints >= 1 && thresholdBasisPoints <= BASIS_POINTS)) {
    return "bad-threshold";
  }
  if (!(quorumBasisPoints >= MIN_QUORUM_BASIS_POINTS && quorumBasisPoints < BASIS_POINTS)) {
    return "bad-quorum";
  }
  if (!(deadlineMs > 0 && deadlineMs <= maxDeadlineMs)) {
    return "bad-deadline";
  }
  const deadline = now + ms(deadlineMs);
  return { id, title, text, thresholdBasisPoints, quorumBasisPoints, deadline, electorate };
}

/** NaN stays NaN, which no range contains. */
function toBasisPoints(share: number): number {
  return Math.round(share * BASIS_POINTS);
}
