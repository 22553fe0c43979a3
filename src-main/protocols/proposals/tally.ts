/** The arithmetic of decisions, in integers: every node that knows the same votes counts alike. */
import { BASIS_POINTS } from "./limits.ts";
import type { Tallied } from "./types.ts";

export const TALLIED = ["accepted", "rejected", "no-quorum"] as const satisfies Tallied[];

export interface Tally {
  readonly yes: number;
  readonly no: number;
  readonly abstain: number;
  /** Members whose votes contradict each other: they count nowhere. */
  readonly void: number;
  readonly of: number;
}

export interface Terms {
  readonly thresholdBasisPoints: number;
  readonly quorumBasisPoints: number;
}

/** Votes that make a quorum: more than the share, so at 50 % of four members three. */
export function votesNeeded(of: number, quorumBasisPoints: number): number {
  return Math.floor((of * quorumBasisPoints) / BASIS_POINTS) + 1;
}

/**
 * Members that may sign two closings without two outcomes both being decided: any two quorums
 * share one more member than this. 0 at the default quorum and an odd size.
 */
export function liarsBorne(of: number, needed: number): number {
  return Math.max(0, 2 * needed - of - 1);
}

/** At least the threshold's share of yes among yes and no; abstentions do not weigh. */
export function isAccepted(yes: number, no: number, thresholdBasisPoints: number): boolean {
  return yes > 0 && yes * BASIS_POINTS >= thresholdBasisPoints * (yes + no);
}

/** The outcome if nobody voted any more. */
export function outcomeOf(tally: Tally, terms: Terms): Tallied {
  const cast = tally.yes + tally.no + tally.abstain;
  if (cast < votesNeeded(tally.of, terms.quorumBasisPoints)) {
    return "no-quorum";
  }
  return isAccepted(tally.yes, tally.no, terms.thresholdBasisPoints) ? "accepted" : "rejected";
}

/** The outcome that no further vote can change, null while one could. */
export function settledOutcome(tally: Tally, terms: Terms): Tallied | null {
  const left = tally.of - tally.yes - tally.no - tally.abstain - tally.void;
  const best = { ...tally, yes: tally.yes + left };
  const worst = { ...tally, no: tally.no + left };
  const now = outcomeOf(tally, terms);
  return outcomeOf(best, terms) === now && outcomeOf(worst, terms) === now ? now : null;
}

export interface ClosingCounts {
  /** Members that closed with each outcome; one that signed two counts for both. */
  readonly closings: Readonly<Record<Tallied, number>>;
  /** Members that closed at all. */
  readonly members: number;
  readonly of: number;
}

/** The outcomes that a quorum of members closed with: one, unless too many lied. */
export function closedOutcomes(counts: ClosingCounts, needed: number): Tallied[] {
  return TALLIED.filter((outcome) => counts.closings[outcome] >= needed);
}

/**
 * Whether no outcome can be closed any more, counting on `liarsBorne` members to contradict
 * themselves: nodes that see this and nodes that see a decision cannot both be right.
 */
export function cannotClose(counts: ClosingCounts, needed: number): boolean {
  const silent = counts.of - counts.members;
  const open = silent + liarsBorne(counts.of, needed);
  return TALLIED.every((outcome) => counts.closings[outcome] + open < needed);
}
