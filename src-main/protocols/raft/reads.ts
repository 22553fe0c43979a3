/**
 * Linearizable reads without a log entry (dissertation section 6.4): note the commit index, make
 * sure by a round of heartbeats begun afterwards that nobody else leads, wait until that index is
 * executed, answer. There are no leases: they would rest on clocks.
 */
import { assert } from "#main/kernel/assert.ts";
import { reachedByQuorum } from "./config.ts";
import type { Asker, Leadership, PendingRead } from "./leadership.ts";
import type { RaftState } from "./state.ts";

export class Reads {
  readonly #state: RaftState;
  readonly #deliver: (read: PendingRead) => void;

  constructor(state: RaftState, deliver: (read: PendingRead) => void) {
    this.#state = state;
    this.#deliver = deliver;
  }

  /** Whether it was taken; with too many waiting it is not. */
  request(asker: Asker, query: Uint8Array | null): boolean {
    const leadership = this.#leadership();
    const { reads, early } = leadership;
    if (reads.length + early.length >= this.#state.options.maxPendingReads) {
      return false;
    }
    if (!this.#knowsCommit()) {
      early.push({ asker, query });
      return true;
    }
    this.#note(asker, query);
    if (this.#confirmed() >= leadership.round) {
      this.beginRound();
    }
    return true;
  }

  /** The first commit of this term: now the commit index is the group's. */
  committed(): void {
    const { early } = this.#leadership();
    if (early.length > 0 && this.#knowsCommit()) {
      for (const { asker, query } of early.splice(0)) {
        this.#note(asker, query);
      }
      this.beginRound();
    }
  }

  /** A heartbeat to everybody; who answers it had nobody else for a leader when it came. */
  beginRound(): void {
    const { term, commit } = this.#state;
    const leadership = this.#leadership();
    leadership.round++;
    const { round } = leadership;
    for (const [node, progress] of leadership.progress) {
      const known = Math.min(progress.match, commit);
      progress.toldCommit = Math.max(progress.toldCommit, known);
      this.#state.send(node, { kind: "heartbeat", term, commit: known, round });
    }
    this.answered();
  }

  /** A member answered a round. */
  answered(): void {
    const leadership = this.#leadership();
    const { reads } = leadership;
    if (reads.length === 0) {
      return;
    }
    const confirmed = this.#confirmed();
    const ready = reads.findIndex(({ round }) => round > confirmed);
    for (const read of reads.splice(0, ready === -1 ? reads.length : ready)) {
      this.#deliver(read);
    }
    const [next] = reads;
    if (next !== undefined && next.round > leadership.round && confirmed >= leadership.round) {
      this.beginRound();
    }
  }

  /** It counts from the round after all that have begun: an answer on its way proves nothing. */
  #note(asker: Asker, query: Uint8Array | null): void {
    const { reads, round } = this.#leadership();
    reads.push({ asker, query, index: this.#state.commit, round: round + 1 });
  }

  #confirmed(): number {
    const { config, self } = this.#state;
    const { progress } = this.#leadership();
    return reachedByQuorum(config, (node) => {
      const peer = progress.get(node);
      return node === self
        ? Number.MAX_SAFE_INTEGER
        : peer === undefined || peer.lost
          ? 0
          : peer.round;
    });
  }

  #knowsCommit(): boolean {
    const { log, commit, term } = this.#state;
    return log.term(commit) === term;
  }

  #leadership(): Leadership {
    const { leadership } = this.#state;
    assert(leadership !== null, "only a leader confirms reads");
    return leadership;
  }
}
