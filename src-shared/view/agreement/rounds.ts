/** How each entry got agreed: phases, counted votes, commit and execution on every node. */
import type { LogEntry, RoundPhase } from "../../contract/agreement-events.ts";
import type { MeshEventOf } from "../../contract/events.ts";
import {
  EMPTY_ROUND_NODE,
  MAX_ROUND_VOTES,
  MAX_ROUNDS,
  type Round,
  type RoundCount,
  type RoundNode,
  roundKey,
} from "../agreement-model.ts";
import type { Handlers } from "../handler.ts";
import type { MeshView } from "../model.ts";
import { patchMember } from "./members.ts";

interface Place {
  readonly index: number;
  readonly term: number;
}

function begin(view: MeshView, { index, term }: Place, digest: string, at: number): Round {
  const key = roundKey(index, term);
  const known = view.agreement.rounds.get(key);
  if (known !== undefined) return known;
  const round: Round = {
    key,
    index,
    term,
    digest,
    what: undefined,
    bytes: undefined,
    startedAt: at,
    proposer: undefined,
    nodes: new Map(),
    counts: new Map(),
    committedBy: 0,
    appliedBy: 0,
  };
  view.agreement.rounds.set(key, round);
  forgetOldest(view);
  return round;
}

/** Never the newest, which is the one being watched. */
function forgetOldest(view: MeshView): void {
  const { rounds } = view.agreement;
  for (const [key, round] of rounds) {
    const full = rounds.size > MAX_ROUNDS || view.agreement.roundVotes > MAX_ROUND_VOTES;
    if (!full || rounds.size === 1) return;
    rounds.delete(key);
    for (const count of round.counts.values()) view.agreement.roundVotes -= count.votes.length;
  }
}

/** Fills in what was not known of the node; the first time of each phase stays. */
function mark(view: MeshView, round: Round, node: string, patch: Partial<RoundNode>): Round {
  const nodes = round.nodes as Map<string, RoundNode>;
  const before = nodes.get(node) ?? EMPTY_ROUND_NODE;
  const after = { ...before };
  for (const [name, value] of Object.entries(patch)) {
    if (Reflect.get(before, name) === undefined) Reflect.set(after, name, value);
  }
  nodes.set(node, after);
  const committed = Number(after.committed !== undefined) - Number(before.committed !== undefined);
  const applied = Number(after.applied !== undefined) - Number(before.applied !== undefined);
  const next = {
    ...round,
    committedBy: round.committedBy + committed,
    appliedBy: round.appliedBy + applied,
  };
  view.agreement.rounds.set(round.key, next);
  return next;
}

const FIELD_OF = {
  proposed: "proposed",
  "pre-prepared": "prePrepared",
  prepared: "prepared",
  committed: "committed",
  applied: "applied",
} as const satisfies Record<RoundPhase, keyof RoundNode>;

function reached(view: MeshView, event: MeshEventOf<"consensus.round">): void {
  const { node, phase, digest, at } = event;
  if (!view.nodes.has(node)) return;
  const known = view.agreement.rounds.get(roundKey(event.index, event.term));
  // A node that catches up passes through rounds that everybody else has finished.
  if (known === undefined && event.index <= view.agreement.committed) return;
  const round = mark(view, known ?? begin(view, event, digest, at), node, {
    digest,
    [FIELD_OF[phase]]: at,
  });
  if (phase !== "proposed" || round.proposer !== undefined) return;
  view.agreement.rounds.set(round.key, { ...round, proposer: node });
}

/** An entry is in a node's log: part of its round, unless that is long over. */
export function markAppended(view: MeshView, node: string, entry: LogEntry, at: number): void {
  const known = view.agreement.rounds.get(roundKey(entry.index, entry.term));
  if (known === undefined && entry.index <= view.agreement.committed) return;
  const { digest, what, bytes } = entry;
  const round = known ?? begin(view, entry, digest, at);
  const proposer = round.proposer ?? (isLeaderOf(view, node, entry.term) ? node : undefined);
  mark(view, { ...round, what, bytes, proposer }, node, { digest, appended: at });
}

function isLeaderOf(view: MeshView, node: string, term: number): boolean {
  const member = view.agreement.members.get(node);
  return member?.role === "leader" && member.term === term;
}

function counted(view: MeshView, event: MeshEventOf<"consensus.counted">): void {
  const { node: observer, index, term, phase, from, have, needed, at } = event;
  const round = view.agreement.rounds.get(roundKey(index, term));
  if (round === undefined || !view.nodes.has(observer)) return;
  const counts = round.counts as Map<string, RoundCount>;
  const key = `${observer}~${phase}`;
  const before = counts.get(key);
  const votes = before?.votes ?? [];
  if (votes.some((vote) => vote.from === from)) return;
  const reachedAt = before?.reachedAt ?? (have >= needed ? at : undefined);
  const next = [...votes, { from, at }];
  // Of entries that exclude each other each has votes of its own; the most is what counts.
  const most = Math.max(before?.have ?? 0, have);
  counts.set(key, { observer, phase, have: most, needed, reachedAt, votes: next });
  view.agreement.roundVotes += 1;
  view.agreement.rounds.set(round.key, { ...round });
  forgetOldest(view);
}

/** All up to the index. O(rounds kept) in all, since an index is committed once on a node. */
function committed(view: MeshView, event: MeshEventOf<"consensus.committed">): void {
  const { node, index, at } = event;
  if (!view.nodes.has(node)) return;
  const { members, rounds } = view.agreement;
  const before = members.get(node)?.committed ?? 0;
  const oldest = Math.max(before + 1, index - MAX_ROUNDS);
  for (let each = index; each >= oldest; each -= 1) {
    const round = rounds.get(roundKey(each, termAt(view, node, each) ?? event.term));
    if (round !== undefined) mark(view, round, node, { committed: at });
  }
  patchMember(view, node, { committed: Math.max(before, index) });
  view.agreement.committed = Math.max(view.agreement.committed, index);
}

function termAt(view: MeshView, node: string, index: number): number | undefined {
  return view.agreement.logs.get(node)?.entries.get(index)?.term;
}

function applied(view: MeshView, event: MeshEventOf<"consensus.applied">): void {
  const { node, term, index, digest, state, at } = event;
  if (!view.nodes.has(node)) return;
  patchMember(view, node, { applied: index, state });
  const round = view.agreement.rounds.get(roundKey(index, term));
  if (round !== undefined) mark(view, round, node, { digest, applied: at, state });
}

export const roundHandlers: Handlers<
  "consensus.round" | "consensus.counted" | "consensus.committed" | "consensus.applied"
> = {
  "consensus.round": reached,
  "consensus.counted": counted,
  "consensus.committed": committed,
  "consensus.applied": applied,
};
