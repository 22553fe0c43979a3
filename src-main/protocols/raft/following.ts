/** Appends and heartbeats of a leader (Raft figure 2, AppendEntries). */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Applier } from "./applying.ts";
import { type Entry, isOrdered } from "./entry.ts";
import { followerCommit } from "./formulas.ts";
import { isConfig } from "./restore.ts";
import { becomeFollower, settleRole } from "./roles.ts";
import type { RaftState } from "./state.ts";
import type { MessageOf } from "./types.ts";

export class Following {
  readonly #state: RaftState;
  readonly #applier: Applier;

  constructor(state: RaftState, applier: Applier) {
    this.#state = state;
    this.#applier = applier;
  }

  /**
   * Whether `from` leads the present term. The election timer starts anew only here, for a valid
   * word of the present leader, and where a vote is granted.
   */
  accept(from: NodeId, term: number): boolean {
    const state = this.#state;
    if (term === state.term && (state.role === "leader" || (state.leader ?? from) !== from)) {
      state.reject(from, "a second leader in one term");
      return false;
    }
    if (term > state.term || state.leader !== from) {
      becomeFollower(state, { term, leader: from, reason: "leader-found" });
    }
    state.heardLeaderAt = state.now;
    state.drawElectionDeadline();
    return true;
  }

  onAppend(from: NodeId, message: MessageOf<"append">): void {
    const state = this.#state;
    const { term, prevIndex, prevTerm, entries } = message;
    if (term < state.term) {
      this.#rejectAppend(from, message);
      return;
    }
    if (!areValid(message)) {
      state.reject(from, "entries that no leader sends");
      return;
    }
    if (!this.accept(from, term)) {
      return;
    }
    if (prevIndex > state.commit && state.log.term(prevIndex) !== prevTerm) {
      this.#rejectAppend(from, message);
      return;
    }
    if (!this.#write(from, entries)) {
      return;
    }
    // What this request vouches for, which may be less than what the log holds.
    const match = prevIndex + entries.length;
    state.send(from, { kind: "append-reply", ok: true, match, ...this.signature() });
    this.#applier.commitTo(followerCommit(state.commit, message.commit, match));
  }

  onHeartbeat(from: NodeId, message: MessageOf<"heartbeat">): void {
    const state = this.#state;
    const { term, commit, round } = message;
    if (term < state.term) {
      state.send(from, { kind: "heartbeat-reply", round: 0, ...this.signature() });
      return;
    }
    if (!this.accept(from, term)) {
      return;
    }
    if (round > 0) {
      state.send(from, { kind: "heartbeat-reply", round, ...this.signature() });
    }
    // The leader speaks of what it believes to be here. A member that lost its disk has less, and
    // may have something else at these places: it waits for appends, which compare.
    if (!state.amnesia && commit <= state.log.last) {
      this.#applier.commitTo(commit);
    }
  }

  /** What every answer to a leader carries. */
  signature() {
    const { term, life, amnesia } = this.#state;
    return { term, life, lost: amnesia };
  }

  #rejectAppend(from: NodeId, { prevIndex, prevTerm }: MessageOf<"append">): void {
    const { log } = this.#state;
    const hintIndex = log.lastWithTermAtMost(prevTerm, prevIndex);
    const hintTerm = log.term(hintIndex) ?? 0;
    const hint = { rejected: prevIndex, hintIndex, hintTerm };
    this.#state.send(from, { kind: "append-reply", ok: false, ...hint, ...this.signature() });
  }

  /** Takes what is not here yet. False when it contradicts what is committed here. */
  #write(from: NodeId, entries: readonly Entry[]): boolean {
    const state = this.#state;
    const missing = state.log.firstMissing(entries);
    if (missing === null) {
      return true;
    }
    if (missing.index <= state.commit) {
      state.reject(from, `entry ${missing.index} contradicts what is committed`);
      return false;
    }
    // Cuts the log off only here, on a conflict: an append that is merely shorter cuts nothing.
    state.append(entries.slice(entries.indexOf(missing)));
    settleRole(state, "config");
    return true;
  }
}

function areValid({ term, prevTerm, prevIndex, entries }: MessageOf<"append">): boolean {
  const start = prevIndex === 0 ? prevTerm === 0 : prevTerm > 0;
  return (
    start &&
    prevTerm <= term &&
    isOrdered(entries, prevTerm, term) &&
    entries.every((entry) => entry.kind !== "config" || isConfig(entry.data))
  );
}
