/** Rounds as a list, and the votes of one cell in the order of the voters. */
import type { LogEntry } from "#shared/contract/agreement-events.ts";
import type { MeshView } from "#shared/view/model.ts";
import type { RequestView } from "#shared/view/state-model.ts";
import { consensusQuorum } from "#shared/view/select/consensus-quorum.ts";
import { commitTime, type RoundCell } from "#shared/view/select/round-progress.ts";

export interface RoundRow {
  readonly key: string;
  readonly index: number;
  readonly term: number;
  readonly what: LogEntry["what"] | undefined;
  /** What was asked, once that is known. */
  readonly text: string | undefined;
  readonly committedBy: number;
  readonly voters: number;
  /** From its start to the first commit; `undefined`: not committed anywhere. */
  readonly tookUs: number | undefined;
}

/** Oldest first. */
export function roundRows(view: MeshView): readonly RoundRow[] {
  const asked = requestsByIndex(view);
  const voters = consensusQuorum(view)?.voters.length ?? 0;
  return [...view.agreement.rounds.values()].map((round) => ({
    key: round.key,
    index: round.index,
    term: round.term,
    what: round.what,
    text: round.committedBy > 0 ? asked.get(round.index)?.text : undefined,
    committedBy: round.committedBy,
    voters,
    tookUs: commitTime(round),
  }));
}

function requestsByIndex(view: MeshView): ReadonlyMap<number, RequestView> {
  const found = new Map<number, RequestView>();
  for (const request of view.requests.values()) {
    if (request.index !== undefined && request.code === "ok") found.set(request.index, request);
  }
  return found;
}

export interface VoteMark {
  readonly from: string;
  /** `undefined`: not counted (yet). */
  readonly at: number | undefined;
}

/** One mark a voter in the voters' order; words of others (learners) come after them. */
export function voteMarks(
  count: RoundCell["count"],
  voters: readonly string[],
): readonly VoteMark[] {
  const times = new Map((count?.votes ?? []).map(({ from, at }) => [from, at]));
  const others = [...times.keys()].filter((from) => !voters.includes(from));
  return [...voters, ...others].map((from) => ({ from, at: times.get(from) }));
}

/** How far the bar of a quorum is filled, and where its line is; both 0 to 1. */
export function quorumBar(
  count: { readonly have: number; readonly needed: number },
  voters: number,
): { readonly fill: number; readonly line: number } {
  const full = Math.max(1, voters, count.needed);
  return { fill: Math.min(1, count.have / full), line: Math.min(1, count.needed / full) };
}
