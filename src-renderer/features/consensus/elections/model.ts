/** Elections as a list, the answers of one as a table, its course as marks on a line. */
import type { ElectionPhase } from "#shared/contract/agreement-events.ts";
import type { Election, ElectionAnswer, ElectionTally } from "#shared/view/agreement-model.ts";
import type { MeshView } from "#shared/view/model.ts";
import { consensusQuorum } from "#shared/view/select/consensus-quorum.ts";
import { withoutLeader } from "#shared/view/select/election-times.ts";

export interface ElectionRow {
  readonly key: string;
  readonly kind: ElectionPhase;
  readonly term: number;
  readonly winner: string | undefined;
  readonly open: boolean;
  readonly tookUs: number | undefined;
  readonly withoutUs: number | undefined;
}

/** Oldest first. */
export function electionRows(view: MeshView): readonly ElectionRow[] {
  return [...view.agreement.elections.values()].map((election) => {
    const { key, kind, term, winner, startedAt, endedAt } = election;
    const tookUs = endedAt === undefined ? undefined : endedAt - startedAt;
    const withoutUs = withoutLeader(election);
    return { key, kind, term, winner, open: endedAt === undefined, tookUs, withoutUs };
  });
}

export interface BallotCell {
  readonly candidate: string;
  readonly answer: ElectionAnswer | undefined;
  /** The candidate's own vote, which it need not tell. */
  readonly self: boolean;
}

export interface BallotRow {
  readonly voter: string;
  readonly cells: readonly BallotCell[];
}

export interface Ballot {
  readonly candidates: readonly {
    readonly node: string;
    readonly tally: ElectionTally | undefined;
  }[];
  readonly rows: readonly BallotRow[];
}

/** Voters first, then everybody else who answered. */
export function ballotOf(view: MeshView, election: Election): Ballot {
  const answers = [...election.answers.values()];
  const config = consensusQuorum(view);
  const voters = new Set([...(config?.voters ?? []), ...(config?.outgoing ?? [])]);
  for (const { voter } of answers) voters.add(voter);
  const rows = [...voters].map((voter) => ({
    voter,
    cells: election.candidates.map((candidate) => ({
      candidate,
      answer: election.answers.get(`${voter}>${candidate}`),
      self: voter === candidate && election.kind !== "view-change",
    })),
  }));
  const candidates = election.candidates.map((node) => ({
    node,
    tally: election.tallies.get(node),
  }));
  return { candidates, rows };
}

export type MarkKind = "lost" | "voted" | "refused" | "counted" | "won";

export interface CourseMark {
  readonly kind: MarkKind;
  readonly at: number;
  readonly node: string;
  /** Of a count: whose vote. */
  readonly from: string;
  /** Place on the line, 0 to 1. */
  readonly place: number;
}

export interface Course {
  readonly from: number;
  readonly to: number;
  readonly marks: readonly CourseMark[];
}

/** From the loss of the leader, where that is known, to the end or the last word. */
export function courseOf(election: Election): Course {
  const { lostAt, startedAt, endedAt, winner } = election;
  const marks: Omit<CourseMark, "place">[] = [];
  if (lostAt !== undefined) marks.push({ kind: "lost", at: lostAt, node: "", from: "" });
  for (const { voter, granted, at } of election.answers.values()) {
    marks.push({ kind: granted ? "voted" : "refused", at, node: voter, from: "" });
  }
  for (const { node, counted } of election.tallies.values()) {
    for (const { from, at } of counted) marks.push({ kind: "counted", at, node, from });
  }
  if (endedAt !== undefined && winner !== undefined) {
    marks.push({ kind: "won", at: endedAt, node: winner, from: "" });
  }
  const from = Math.min(startedAt, ...marks.map((mark) => mark.at));
  const to = Math.max(startedAt, ...marks.map((mark) => mark.at));
  const span = Math.max(1, to - from);
  const placed = marks.map((mark) => ({ ...mark, place: (mark.at - from) / span }));
  return { from, to, marks: placed.sort((a, b) => a.at - b.at) };
}
