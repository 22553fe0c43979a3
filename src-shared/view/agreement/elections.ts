/** Elections and view changes: who stood, who answered how and why, who counted what. */
import type { ElectionPhase } from "../../contract/agreement-events.ts";
import type { MeshEventOf } from "../../contract/events.ts";
import {
  type Election,
  type ElectionAnswer,
  type ElectionTally,
  electionKey,
  MAX_ELECTION_ANSWERS,
  MAX_ELECTIONS,
} from "../agreement-model.ts";
import type { Handlers } from "../handler.ts";
import type { MeshView } from "../model.ts";

/** The election of this kind and term; the first word of it opens it. */
function open(view: MeshView, kind: ElectionPhase, term: number, at: number): Election {
  const { elections, openElections, lead } = view.agreement;
  const key = electionKey(kind, term);
  const known = elections.get(key);
  if (known !== undefined) return known;
  giveUpBefore(view, kind, term, at);
  const election: Election = {
    key,
    term,
    kind,
    candidates: [],
    answers: new Map(),
    tallies: new Map(),
    lostAt: lead?.lostAt,
    startedAt: at,
    endedAt: undefined,
    winner: undefined,
  };
  elections.set(key, election);
  openElections.add(key);
  for (const oldest of elections.keys()) {
    if (elections.size <= MAX_ELECTIONS) break;
    elections.delete(oldest);
    openElections.delete(oldest);
  }
  return election;
}

/** Nobody wins an election of a term that is over. */
function giveUpBefore(view: MeshView, kind: ElectionPhase, term: number, at: number): void {
  const { elections, openElections } = view.agreement;
  for (const key of openElections) {
    const election = elections.get(key);
    if (election?.kind === kind && election.term < term) end(view, election, at, undefined);
  }
}

function end(view: MeshView, election: Election, at: number, winner: string | undefined): void {
  view.agreement.elections.set(election.key, { ...election, endedAt: at, winner });
  view.agreement.openElections.delete(election.key);
}

function stand(view: MeshView, election: Election, candidate: string): void {
  if (election.candidates.includes(candidate)) return;
  if (election.candidates.length >= MAX_ELECTION_ANSWERS) return;
  const candidates = [...election.candidates, candidate];
  view.agreement.elections.set(election.key, { ...election, candidates });
}

/** A pre-candidate asks for the term after its own. */
export function openByRole(view: MeshView, event: MeshEventOf<"consensus.role">): void {
  const { node, role, term, at } = event;
  if (role === "pre-candidate") stand(view, open(view, "pre-vote", term + 1, at), node);
  if (role === "view-change") open(view, "view-change", term, at);
  if (role !== "candidate") return;
  stand(view, open(view, "vote", term, at), node);
  const asked = view.agreement.elections.get(electionKey("pre-vote", term));
  if (asked !== undefined && asked.endedAt === undefined) end(view, asked, at, node);
}

/** Somebody leads: this decides its term, and leaves none before it open. */
export function closeElections(view: MeshView, event: MeshEventOf<"consensus.role">): void {
  const { elections, openElections } = view.agreement;
  for (const key of openElections) {
    const election = elections.get(key);
    if (election === undefined || election.term > event.term) continue;
    const decides = election.term === event.term && election.kind !== "pre-vote";
    end(view, election, event.at, decides ? event.node : undefined);
  }
}

export function recordAnswer(view: MeshView, event: MeshEventOf<"consensus.vote">): void {
  const { node: voter, term, candidate, phase, granted, reason, at } = event;
  const election = open(view, phase, term, at);
  const answers = election.answers as Map<string, ElectionAnswer>;
  const key = `${voter}>${candidate}`;
  if (answers.size >= MAX_ELECTION_ANSWERS && !answers.has(key)) return;
  // A candidate that asks again is told again; the first word decided.
  if (!answers.has(key)) answers.set(key, { voter, candidate, granted, reason, at });
  const next = { ...election };
  view.agreement.elections.set(election.key, next);
  stand(view, next, candidate);
}

function counted(view: MeshView, event: MeshEventOf<"consensus.tally">): void {
  const { node, term, phase, from, granted, have, needed, at } = event;
  if (!view.nodes.has(node)) return;
  const election = open(view, phase, term, at);
  const tallies = election.tallies as Map<string, ElectionTally>;
  const before = tallies.get(node)?.counted ?? [];
  if (before.length >= MAX_ELECTION_ANSWERS) return;
  const known = before.some((vote) => vote.from === from);
  const votes = known ? before : [...before, { from, granted, at }];
  tallies.set(node, { node, have, needed, counted: votes });
  const next = { ...election };
  view.agreement.elections.set(election.key, next);
  stand(view, next, node);
}

export const electionHandlers: Handlers<"consensus.tally"> = { "consensus.tally": counted };
