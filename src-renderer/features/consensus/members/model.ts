/** The members of consensus as rows: what they said of themselves, and what they hold now. */
import type { ConsensusRole } from "#shared/contract/agreement-events.ts";
import type { Inspection } from "#shared/contract/inspection.ts";
import { type ConsensusMember, emptyMember } from "#shared/view/agreement-model.ts";
import type { MeshView, ProcessState } from "#shared/view/model.ts";
import { consensusQuorum } from "#shared/view/select/consensus-quorum.ts";
import { leadership } from "#shared/view/select/leadership.ts";

export type Seat = "voter" | "outgoing" | "learner" | "none";

export interface MemberRow {
  readonly node: string;
  readonly process: ProcessState;
  readonly seat: Seat;
  readonly member: ConsensusMember;
  /** Only a vote of the present term still binds. */
  readonly votedFor: string | undefined;
  readonly leads: boolean;
}

/** Voters in their order, then the others by name. */
export function memberRows(view: MeshView): readonly MemberRow[] {
  const quorum = consensusQuorum(view);
  const { voters = [], outgoing = [], learners = [] } = quorum ?? {};
  const known = [...view.agreement.members.keys()].sort((a, b) => (a < b ? -1 : 1));
  const { leader } = leadership(view);
  return [...new Set([...voters, ...outgoing, ...learners, ...known])].map((node) => {
    const member = view.agreement.members.get(node) ?? emptyMember(node);
    const { votedFor, term } = member;
    return {
      node,
      process: view.nodes.get(node)?.process ?? "unknown",
      seat: seatOf(node, { voters, outgoing, learners }),
      member,
      votedFor: votedFor !== undefined && votedFor.term === term ? votedFor.candidate : undefined,
      leads: node === leader,
    };
  });
}

interface Seats {
  readonly voters: readonly string[];
  readonly outgoing: readonly string[];
  readonly learners: readonly string[];
}

function seatOf(node: string, { voters, outgoing, learners }: Seats): Seat {
  if (voters.includes(node)) return "voter";
  if (outgoing.includes(node)) return "outgoing";
  return learners.includes(node) ? "learner" : "none";
}

/** What to call the role of a member; its process may have ended. */
export function roleKey({ process, member }: MemberRow): ConsensusRole | "stopped" | "unknown" {
  if (process === "stopped") return "stopped";
  return member.role ?? "unknown";
}

export interface TimerView {
  readonly name: string;
  /** At the moment of asking, by the node's own clock; negative when it is due. */
  readonly leftUs: number;
  /** Of the longest that any timer of this kind has been seen with, 0 to 1. */
  readonly share: number;
}

/** Timers of one node, the next one first. `longest` remembers the full length of each kind. */
export function timersOf(
  { consensus, clock }: Pick<Inspection, "consensus" | "clock">,
  longest: Map<string, number>,
): readonly TimerView[] {
  const timers = (consensus?.timers ?? []).map(({ timer, at }) => {
    const name = timer.replace(/^[a-z]+:/, "");
    const leftUs = at - clock;
    const full = Math.max(longest.get(name) ?? 0, leftUs, 1);
    longest.set(name, full);
    return { name, leftUs, share: Math.max(0, Math.min(1, leftUs / full)) };
  });
  return timers.sort((a, b) => a.leftUs - b.leftUs);
}

/** What the leader knows of a member's log: the last entry it holds, the next one to send. */
export function progressOf(
  inspections: ReadonlyMap<string, Inspection>,
  leader: string | undefined,
  node: string,
): { readonly match: number; readonly next: number } | undefined {
  if (leader === undefined) return undefined;
  return inspections.get(leader)?.consensus?.peers.find((peer) => peer.node === node);
}
