/**
 * The only ways from role to role. Terms never fall, and a term's vote is spent once: both are
 * checked here, and written before anything else is said.
 */
import { assert } from "#main/kernel/assert.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { Leadership } from "./leadership.ts";
import { HEARTBEAT_TIMER, type RaftState } from "./state.ts";

export interface Following {
  readonly term: number;
  /** Null while nobody is known to lead. */
  readonly leader: NodeId | null;
  readonly reason: string;
  /** A vote that is granted in the same step, in a new term. */
  readonly votedFor?: NodeId | null;
}

/** Follower, or learner, or peer: what a node is that neither leads nor campaigns. */
export function becomeFollower(state: RaftState, following: Following): void {
  const { term, leader, reason, votedFor = null } = following;
  assert(term >= state.term, `term ${term} after term ${state.term}`);
  const before = { role: state.role, term: state.term, leader: state.leader };
  if (term > state.term) {
    state.term = term;
    state.votedFor = votedFor;
    state.persistHard();
  }
  if (state.leadership !== null) {
    state.leadership = null;
    state.out.timer(HEARTBEAT_TIMER, null);
    state.drawElectionDeadline();
  }
  state.role = state.restingRole();
  state.leader = leader;
  if (state.role !== before.role || term !== before.term || leader !== before.leader) {
    state.emitRole(reason);
  }
}

/** Asks first: neither term nor vote change. */
export function becomePreCandidate(state: RaftState, reason: string): void {
  assert(state.role !== "leader" && state.mayCampaign, `a ${state.role} may not campaign`);
  state.role = "pre-candidate";
  state.leader = null;
  state.emitRole(reason);
}

export function becomeCandidate(state: RaftState, reason: string): void {
  assert(state.role !== "leader" && state.mayCampaign, `a ${state.role} may not campaign`);
  state.term += 1;
  state.votedFor = state.self;
  state.persistHard();
  state.role = "candidate";
  state.leader = null;
  state.emitRole(reason);
}

export function becomeLeader(state: RaftState): Leadership {
  assert(state.role === "candidate", `a ${state.role} was elected`);
  const leadership = new Leadership();
  state.role = "leader";
  state.leader = state.self;
  state.leadership = leadership;
  state.emitRole("elected");
  return leadership;
}

/** The configuration changed under a node that neither leads nor campaigns. */
export function settleRole(state: RaftState, reason: string): void {
  if (state.role === "leader" || state.role === state.restingRole()) {
    return;
  }
  const campaigning = state.role === "candidate" || state.role === "pre-candidate";
  if (!campaigning || !state.mayCampaign) {
    state.role = state.restingRole();
    state.emitRole(reason);
  }
}
