/**
 * A member that lost its disk forgot whom it voted for, which terms it promised to refuse, and
 * entries that it acknowledged. Until it is bound again by everything it may have promised, its
 * word counts nowhere. See the README, "Without memory".
 */
import type { NodeId } from "#main/kernel/machine.ts";
import { votersOf } from "./config.ts";
import { becomeFollower } from "./roles.ts";
import type { RaftState } from "./state.ts";
import type { MessageOf } from "./types.ts";

export class Recovery {
  readonly #state: RaftState;
  /** Voters that were heard in this life: whatever term they had is ours at least. */
  readonly #heard = new Set<NodeId>();
  /** The last entry of a leader's log when it learnt of the loss, and that leader's term. */
  #target: { readonly term: number; readonly last: number } | null = null;

  constructor(state: RaftState) {
    this.#state = state;
  }

  /** Asks everybody; again and again, since each election calls for a new target. */
  ask(): void {
    const state = this.#state;
    for (const node of state.isMember ? votersOf(state.config) : []) {
      if (node !== state.self) {
        state.send(node, { kind: "recover", life: state.life });
      }
    }
  }

  onReply(from: NodeId, { life, term, last }: MessageOf<"recover-reply">): void {
    const state = this.#state;
    if (!state.amnesia || life !== state.life) {
      return;
    }
    if (term > state.term) {
      becomeFollower(state, { term, leader: null, reason: "higher-term" });
    }
    this.#heard.add(from);
    // The greatest one of a term: an earlier answer of the same leader is as good.
    if (last !== null && (this.#target === null || term > this.#target.term)) {
      this.#target = { term, last };
    }
    this.check();
  }

  /** Ends the loss when nothing can be missing any more. */
  check(): void {
    const state = this.#state;
    const target = this.#target;
    if (!state.amnesia || target === null || target.term !== state.term) {
      return;
    }
    const others = votersOf(state.config).filter((node) => node !== state.self);
    if (state.commit < target.last || !others.every((node) => this.#heard.has(node))) {
      return;
    }
    state.amnesia = false;
    // The vote of this term may have been given away before: spent on itself it harms nobody.
    state.votedFor ??= state.self;
    state.persistHard();
    state.emitRole("recovered");
  }
}
