/** A decision as it stands: counted like the protocol does, from the votes that were told. */
import type { MeshView } from "#shared/view/model.ts";
import type { ProposalOutcome, ProposalView, ProposalVote } from "#shared/view/state-model.ts";

export interface TallyView {
  readonly yes: number;
  readonly no: number;
  readonly abstain: number;
  /** Of members that signed two votes: they count nowhere. */
  readonly void: number;
  readonly silent: number;
  readonly of: number;
  /** Votes that make a quorum; abstentions count, void ones do not. */
  readonly needed: number;
  readonly cast: number;
  /** Yes among yes and no; `undefined` while there is neither. */
  readonly yesShare: number | undefined;
  readonly threshold: number;
  readonly hasQuorum: boolean;
  readonly hasThreshold: boolean;
}

function isVoid(proposal: ProposalView, vote: ProposalVote): boolean {
  return vote.conflicting || proposal.accused.includes(vote.voter);
}

/** O(votes). */
export function tallyOf(proposal: ProposalView): TallyView {
  const counts = { yes: 0, no: 0, abstain: 0 };
  let contradicting = 0;
  for (const vote of proposal.votes.values()) {
    if (isVoid(proposal, vote)) contradicting += 1;
    else counts[vote.choice] += 1;
  }
  const { yes, no, abstain } = counts;
  const { of, quorum: needed, threshold } = proposal;
  const cast = yes + no + abstain;
  const yesShare = yes + no === 0 ? undefined : yes / (yes + no);
  return {
    ...counts,
    void: contradicting,
    silent: Math.max(0, of - cast - contradicting),
    of,
    needed,
    cast,
    yesShare,
    threshold,
    hasQuorum: cast >= needed,
    hasThreshold: yes > 0 && yesShare !== undefined && yesShare >= threshold,
  };
}

export type DecisionState = ProposalOutcome["outcome"] | "open" | "overdue";

/** `overdue`: the deadline is over, and nobody has told an outcome yet. */
export function stateOf(proposal: ProposalView, now: number): DecisionState {
  if (proposal.outcome !== undefined) return proposal.outcome.outcome;
  return now > proposal.deadline ? "overdue" : "open";
}

export interface VoterRow {
  readonly node: string;
  readonly vote: ProposalVote | undefined;
  readonly isVoid: boolean;
}

/** Who voted, in the order in which it was told, then who has not. */
export function voterRows(proposal: ProposalView, view: MeshView): readonly VoterRow[] {
  const voted = [...proposal.votes.values()].map((vote) => ({
    node: vote.voter,
    vote,
    isVoid: isVoid(proposal, vote),
  }));
  const silent = [...view.nodes.keys()]
    .filter((node) => !proposal.votes.has(node))
    .map((node) => ({ node, vote: undefined, isVoid: false }));
  return [...voted, ...silent];
}

export interface KnowerRow {
  readonly node: string;
  /** Microseconds after the call; `undefined`: it has not heard of it. */
  readonly afterUs: number | undefined;
  readonly votes: number;
  readonly outcome: ProposalOutcome["outcome"] | undefined;
  readonly isRunning: boolean;
}

/** What each node knows. O(nodes × votes). */
export function knowerRows(proposal: ProposalView, view: MeshView): readonly KnowerRow[] {
  const votes = [...proposal.votes.values()];
  return [...view.nodes.values()].map(({ id, process }) => {
    const knowledge = proposal.nodes.get(id);
    return {
      node: id,
      afterUs: knowledge === undefined ? undefined : knowledge.since - proposal.calledAt,
      votes: votes.filter(({ heardBy }) => heardBy.has(id)).length,
      outcome: knowledge?.outcome?.outcome,
      isRunning: process === "running",
    };
  });
}

/** Outcomes that nodes hold; more than one would break the protocol's promise. */
export function heldOutcomes(proposal: ProposalView): readonly ProposalOutcome["outcome"][] {
  const held = [...proposal.nodes.values()].flatMap(({ outcome }) => outcome?.outcome ?? []);
  return [...new Set(held)];
}
