/** Campaigns and votes (Raft section 5.2 and 5.4.1; pre-vote: dissertation section 9.6). */
import type { NodeId } from "#main/kernel/machine.ts";
import { votersOf, voteResult } from "./config.ts";
import { isUpToDate, majority } from "./formulas.ts";
import { becomeCandidate, becomeFollower, becomePreCandidate } from "./roles.ts";
import type { RaftState } from "./state.ts";
import type { MessageOf } from "./types.ts";

type Phase = "pre-vote" | "vote";

/** Ballots are drawn from 1 to this, so that 0 means none. */
const BALLOTS = 2 ** 32;

export class Elections {
  readonly #state: RaftState;
  readonly #onElected: () => void;
  #ballot = 0;
  #votes = new Map<NodeId, boolean>();

  constructor(state: RaftState, onElected: () => void) {
    this.#state = state;
    this.#onElected = onElected;
  }

  /** Nobody was heard for an election timeout. */
  timedOut(): void {
    const state = this.#state;
    if (state.mayCampaign) {
      this.campaign("election-timeout", state.options.preVote ? "pre-vote" : "vote");
      return;
    }
    if (state.leader !== null) {
      state.leader = null;
      state.emitRole("leader-silent");
    }
    // A node outside of the group is not called on again until a leader is heard.
    if (state.watchesLeader) {
      state.drawElectionDeadline();
    }
  }

  /** `force`: the leader asks for it itself, so that followers need not protect it. */
  campaign(reason: string, phase: Phase, force = false): void {
    const state = this.#state;
    this.#ballot = 1 + state.random.int(BALLOTS);
    this.#votes = new Map();
    if (phase === "pre-vote") {
      becomePreCandidate(state, reason);
    } else {
      becomeCandidate(state, reason);
    }
    state.drawElectionDeadline();
    const { lastTerm, last: lastIndex } = state.log;
    const request = { ballot: this.#ballot, lastIndex, lastTerm };
    for (const node of votersOf(state.config)) {
      if (node !== state.self) {
        state.send(
          node,
          phase === "pre-vote"
            ? { kind: "pre-vote", term: state.term + 1, ...request }
            : { kind: "vote", term: state.term, force, ...request },
        );
      }
    }
    this.#count(state.self, true, phase);
  }

  onPreVote(from: NodeId, message: MessageOf<"pre-vote">): void {
    const state = this.#state;
    const { term, ballot } = message;
    const reason = this.#preVoteReason(from, message);
    const granted = reason === "granted";
    this.#emitVote(from, { term, phase: "pre-vote", reason });
    // A rejection carries our own term: a candidate of an old one learns that it is stuck.
    const answer = granted ? term : state.term;
    state.send(from, { kind: "pre-vote-reply", term: answer, ballot, granted });
  }

  onVote(from: NodeId, message: MessageOf<"vote">): void {
    const state = this.#state;
    const { term, ballot } = message;
    const reason = this.#voteReason(from, message);
    const granted = reason === "granted";
    if (term > state.term && reason !== "leader-alive") {
      const votedFor = granted ? from : null;
      becomeFollower(state, { term, leader: null, reason: "higher-term", votedFor });
    } else if (granted && state.votedFor === null) {
      state.votedFor = from;
      state.persistHard();
    }
    if (granted) {
      state.drawElectionDeadline();
    }
    this.#emitVote(from, { term, phase: "vote", reason });
    state.send(from, { kind: "vote-reply", term: state.term, ballot, granted });
  }

  onReply(from: NodeId, message: MessageOf<"pre-vote-reply" | "vote-reply">): void {
    const state = this.#state;
    const { term, ballot, granted } = message;
    const phase: Phase = message.kind === "vote-reply" ? "vote" : "pre-vote";
    // The term of a granted pre-vote is the one asked about, which nobody is in yet.
    if (term > state.term && !(phase === "pre-vote" && granted)) {
      becomeFollower(state, { term, leader: null, reason: "higher-term" });
      return;
    }
    const campaigning = state.role === (phase === "vote" ? "candidate" : "pre-candidate");
    if (campaigning && ballot === this.#ballot) {
      this.#count(from, granted, phase);
    }
  }

  #count(from: NodeId, granted: boolean, phase: Phase): void {
    const state = this.#state;
    const voters = votersOf(state.config);
    if (this.#votes.has(from) || !voters.includes(from)) {
      return;
    }
    this.#votes.set(from, granted);
    const have = voters.filter((node) => this.#votes.get(node) === true).length;
    const needed = majority(voters.length);
    const term = phase === "vote" ? state.term : state.term + 1;
    state.emit({ kind: "tally", term, phase, from, granted, have, needed });
    switch (voteResult(state.config, this.#votes)) {
      case "won":
        if (phase === "pre-vote") {
          this.campaign("pre-vote-won", "vote");
        } else {
          this.#onElected();
        }
        break;
      case "lost":
        becomeFollower(state, { term: state.term, leader: null, reason: "outvoted" });
        break;
      case "open":
        break;
    }
  }

  #preVoteReason(from: NodeId, message: MessageOf<"pre-vote">): string {
    const state = this.#state;
    if (state.amnesia) {
      return "amnesia";
    }
    if (state.leaderAlive) {
      return "leader-alive";
    }
    if (message.term < state.term) {
      return "old-term";
    }
    if (message.term === state.term && !this.#mayVoteFor(from)) {
      return "already-voted";
    }
    return this.#logReason(message);
  }

  #voteReason(from: NodeId, message: MessageOf<"vote">): string {
    const state = this.#state;
    if (message.term < state.term) {
      return "old-term";
    }
    // Before the term is looked at: a member that was removed must not disturb (section 4.2.3).
    if (state.options.checkQuorum && !message.force && state.leaderAlive) {
      return "leader-alive";
    }
    if (state.amnesia) {
      return "amnesia";
    }
    if (message.term === state.term && !this.#mayVoteFor(from)) {
      return "already-voted";
    }
    return this.#logReason(message);
  }

  #mayVoteFor(candidate: NodeId): boolean {
    const { votedFor, leader } = this.#state;
    return votedFor === candidate || (votedFor === null && leader === null);
  }

  #logReason(message: { readonly lastTerm: number; readonly lastIndex: number }): string {
    const { lastTerm, last: lastIndex } = this.#state.log;
    return isUpToDate(message, { lastTerm, lastIndex }) ? "granted" : "log-behind";
  }

  #emitVote(candidate: NodeId, vote: { term: number; phase: Phase; reason: string }): void {
    const { term, phase, reason } = vote;
    const granted = reason === "granted";
    this.#state.emit({ kind: "vote", term, candidate, phase, granted, reason });
  }
}
