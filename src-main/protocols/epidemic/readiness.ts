/** When a proposal may be executed, and when this node votes to close the log behind it. */
import type { Micros } from "#main/kernel/time.ts";
import { isAtOrBefore } from "./proposal.ts";
import type { Held } from "./replica.ts";
import type { KnowledgeTable } from "./table.ts";
import type { Place, Proposal } from "./types.ts";

export interface Readiness {
  readonly table: KnowledgeTable;
  /** Members' indices by name. */
  readonly indexOf: ReadonlyMap<string, number>;
  /** Members, this one included. */
  readonly size: number;
  readonly majority: number;
  /** Up to there this node knows the log to be decided. */
  readonly decided: Place;
  /** The end of what is executed. */
  readonly applied: Place;
  /** Indices of the members believed to be alive, without this one. */
  readonly live: readonly number[];
  readonly now: Micros;
  readonly patience: Micros;
  readonly closeAfter: Micros;
}

/**
 * Whether `member` is known to hold it. The word of a member that knows of later decisions counts
 * only when they are known here too: until then it may mean "decided without it".
 */
export function hasSeen(member: number, proposal: Proposal, state: Readiness): boolean {
  const row = state.table.row(member);
  const origin = state.indexOf.get(proposal.origin) ?? -1;
  return isAtOrBefore(row.decided, state.decided) && (row.held[origin] ?? 0) >= proposal.sequence;
}

export function isHeldByMajority(proposal: Proposal, state: Readiness): boolean {
  let count = 0;
  for (let member = 0; member < state.size; member++) {
    count += Number(hasSeen(member, proposal, state));
  }
  return count >= state.majority;
}

/**
 * So many members voted without it that no majority can ever hold it: it is void. A member that
 * voted without a proposal does not take it any more (`admit`), so either this becomes true of a
 * proposal or `isHeldByMajority`, and never both.
 */
export function isOutvoted(proposal: Proposal, { table, indexOf, ...state }: Readiness): boolean {
  const origin = indexOf.get(proposal.origin) ?? -1;
  const without = table.rows.filter(
    ({ held, closed }) => (held[origin] ?? 0) < proposal.sequence && isAtOrBefore(proposal, closed),
  );
  return without.length > state.size - state.majority;
}

/**
 * May be executed: a majority has it on disk, so it will not be lost; and nothing can come before
 * it any more from members believed to be alive, or it waited long enough for their word, or it
 * comes late anyway.
 */
export function isReady(held: Held, state: Readiness): boolean {
  return (
    isHeldByMajority(held.proposal, state) &&
    (isAtOrBefore(held.proposal, state.applied) ||
      state.now - held.since >= state.patience ||
      isOrdered(held, state))
  );
}

/** May be closed: all believed to be alive hold it and its place is settled, or it waited. */
export function isClosable(held: Held, state: Readiness): boolean {
  return (
    state.now - held.since >= state.closeAfter ||
    (isOrdered(held, state) && state.live.every((member) => hasSeen(member, held.proposal, state)))
  );
}

/**
 * No live member will propose anything before it, and what they proposed is here (Lamport 1978:
 * a message is ordered once something later was heard from everybody).
 */
function isOrdered({ proposal }: Held, { table, live }: Readiness): boolean {
  return live.every((member) => {
    const { clock, held } = table.row(member);
    return clock >= proposal.lamport && (table.own.held[member] ?? 0) >= (held[member] ?? 0);
  });
}
