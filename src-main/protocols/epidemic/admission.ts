/** Whether a proposal is taken in: the rules that keep sets alike and memory bounded. */
import type { EpidemicOptions } from "./options.ts";
import { isAtOrBefore } from "./proposal.ts";
import type { Held } from "./replica.ts";
import type { Cut, Place, Proposal } from "./types.ts";

export type Admission =
  | "take"
  /** Held already. */
  | "known"
  /** Its origin's earlier ones have to come first. */
  | "gap"
  /** Its place is decided without it: it will never be executed. */
  | "void"
  /** This node voted for the log up to there without it, and may yet be in the majority. */
  | "closed"
  /** No room before something is decided. */
  | "full";

export interface AdmissionState {
  /** Highest sequence held of its origin. */
  readonly held: number;
  readonly decided: Cut;
  readonly closed: Place;
  readonly retained: readonly Held[];
  /** Whether a majority is known to hold it. */
  readonly isHeldByMajority: () => boolean;
}

export function admit(
  proposal: Proposal,
  state: AdmissionState,
  options: EpidemicOptions,
): Admission {
  const { origin, sequence, previous } = proposal;
  if (sequence <= state.held) {
    return "known";
  }
  // An origin's places rise: where the previous one was decided about, so were all before.
  const isNext = previous.sequence <= state.held;
  if (!isNext && !isAtOrBefore({ lamport: previous.lamport, origin }, state.decided)) {
    return "gap";
  }
  if (isAtOrBefore(proposal, state.decided)) {
    return "void";
  }
  // What a majority holds cannot be decided against any more: only then a vote is widened.
  if (isAtOrBefore(proposal, state.closed) && !state.isHeldByMajority()) {
    return "closed";
  }
  return hasRoom(origin, proposal.command.length, state.retained, options) ? "take" : "full";
}

export function hasRoom(
  origin: string,
  bytes: number,
  retained: readonly Held[],
  { windowPerOrigin, bytesPerOrigin }: EpidemicOptions,
): boolean {
  const { count, total } = retainedOf(origin, retained);
  return count < windowPerOrigin && total + bytes <= bytesPerOrigin;
}

/** Whether an origin has used up half of its window, so that a checkpoint is due. */
export function isUnderPressure(
  origins: readonly string[],
  retained: readonly Held[],
  { windowPerOrigin, bytesPerOrigin }: EpidemicOptions,
): boolean {
  return origins.some((origin) => {
    const { count, total } = retainedOf(origin, retained);
    return count * 2 > windowPerOrigin || total * 2 > bytesPerOrigin;
  });
}

function retainedOf(origin: string, retained: readonly Held[]) {
  let count = 0;
  let total = 0;
  for (const { proposal } of retained) {
    if (proposal.origin === origin) {
      count++;
      total += proposal.command.length;
    }
  }
  return { count, total };
}
