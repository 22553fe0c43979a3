/** Network-wide decisions: who voted what, who knows it, how it ended. */
import type { MeshEventOf } from "../../contract/events.ts";
import type { VoteChoice } from "../../contract/state-events.ts";
import type { Handlers } from "../handler.ts";
import type { MeshView } from "../model.ts";
import {
  MAX_HEARINGS,
  MAX_PROPOSALS,
  type ProposalKnowledge,
  type ProposalView,
  type ProposalVote,
} from "../state-model.ts";

function called(view: MeshView, event: MeshEventOf<"proposal.called">): void {
  const { node, proposal: id, at } = event;
  if (!view.nodes.has(node)) return;
  const known = view.proposals.list.get(id) ?? begin(view, event);
  know(view, known, node, { since: at, outcome: undefined, decidedAt: undefined });
  forgetOldest(view);
}

function begin(view: MeshView, event: MeshEventOf<"proposal.called">): ProposalView {
  const { proposal: id, caller, title, text, threshold, quorum, of, deadline, at } = event;
  const proposal: ProposalView = {
    id,
    caller,
    title,
    text,
    threshold,
    quorum,
    of,
    deadline,
    calledAt: at,
    nodes: new Map(),
    votes: new Map(),
    accused: [],
    outcome: undefined,
    decidedAt: undefined,
  };
  view.proposals.list.set(id, proposal);
  return proposal;
}

/** A decision that is so large that it fills the view alone stops growing. */
function isFull(view: MeshView): boolean {
  return view.proposals.hearings >= MAX_HEARINGS && view.proposals.list.size === 1;
}

function know(
  view: MeshView,
  proposal: ProposalView,
  node: string,
  knowledge: ProposalKnowledge,
): void {
  const nodes = proposal.nodes as Map<string, ProposalKnowledge>;
  const known = nodes.get(node);
  if (known === undefined && isFull(view)) return;
  nodes.set(node, known === undefined ? knowledge : { ...knowledge, since: known.since });
  if (known === undefined) view.proposals.hearings += 1;
  view.proposals.list.set(proposal.id, { ...proposal });
}

/** Never the newest, which is the one being watched. */
function forgetOldest(view: MeshView): void {
  const { list } = view.proposals;
  for (const [id, proposal] of list) {
    const full = list.size > MAX_PROPOSALS || view.proposals.hearings > MAX_HEARINGS;
    if (!full || list.size === 1) return;
    list.delete(id);
    view.proposals.hearings -= hearingsOf(proposal);
  }
}

export function hearingsOf({ nodes, votes }: ProposalView): number {
  return [...votes.values()].reduce((sum, { heardBy }) => sum + heardBy.size, nodes.size);
}

function voted(view: MeshView, event: MeshEventOf<"proposal.voted">): void {
  const { node, voter, choice, reason, at } = event;
  const proposal = view.proposals.list.get(event.proposal);
  if (proposal === undefined || !view.nodes.has(node)) return;
  const votes = proposal.votes as Map<string, ProposalVote>;
  const known = votes.get(voter);
  if (!(known?.heardBy.has(node) ?? false)) {
    if (isFull(view)) return;
    view.proposals.hearings += 1;
  }
  const heardBy = (known?.heardBy ?? new Map()) as Map<string, VoteChoice>;
  heardBy.set(node, choice);
  const first = known ?? { voter, choice, reason, at, heardBy, conflicting: false };
  const conflicting = first.conflicting || first.choice !== choice;
  votes.set(voter, { ...first, heardBy, conflicting });
  view.proposals.list.set(proposal.id, { ...proposal });
  forgetOldest(view);
}

function decided(view: MeshView, event: MeshEventOf<"proposal.decided">): void {
  const { node, outcome: result, yes, no, abstain, of, at } = event;
  const proposal = view.proposals.list.get(event.proposal);
  if (proposal === undefined || !view.nodes.has(node)) return;
  const outcome = { outcome: result, yes, no, abstain, of };
  const first = proposal.outcome === undefined ? { outcome, decidedAt: at } : {};
  know(view, { ...proposal, ...first }, node, { since: at, outcome, decidedAt: at });
}

function doubled(view: MeshView, event: MeshEventOf<"proposal.evidence">): void {
  const proposal = view.proposals.list.get(event.proposal);
  if (proposal === undefined || !view.nodes.has(event.node)) return;
  if (proposal.accused.includes(event.accused)) return;
  const accused = [...proposal.accused, event.accused];
  view.proposals.list.set(proposal.id, { ...proposal, accused });
}

export const proposalHandlers: Handlers<
  "proposal.called" | "proposal.voted" | "proposal.decided" | "proposal.evidence"
> = {
  "proposal.called": called,
  "proposal.voted": voted,
  "proposal.decided": decided,
  "proposal.evidence": doubled,
};
