/**
 * Which of two claims about a member wins (SWIM §4.2). Claims are ordered by incarnation first, then
 * by rank, so a member's history at one observer only goes up, and the order of arrival does not
 * matter. Deviation from the paper, as in memberlist: a claim of death does not beat a higher
 * incarnation, so a member that comes back is alive again.
 */
import type { MemberState } from "./types.ts";

export const RANK: Readonly<Record<MemberState, number>> = {
  alive: 0,
  suspect: 1,
  unreachable: 2,
  dead: 3,
  left: 4,
};

/** A claim: "the member, in this incarnation, is …". */
export interface Claim {
  readonly state: MemberState;
  readonly incarnation: number;
}

/** Whether `claim` is news to who holds `held`. Equal claims are not. */
export function supersedes(claim: Claim, held: Claim): boolean {
  return claim.incarnation === held.incarnation
    ? RANK[claim.state] > RANK[held.state]
    : claim.incarnation > held.incarnation;
}

/**
 * The incarnation that answers an accusation: above the accused one and above one's own, because a
 * node that lost its disk may be far behind what its peers remember.
 */
export function refutingIncarnation(own: number, accused: number): number {
  return Math.max(own + 1, accused + 1);
}
