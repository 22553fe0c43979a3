import type { ConsensusEvent } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { isAtOrBefore } from "./proposal.ts";
import { hasSeen, type Readiness } from "./readiness.ts";
import type { Held, Replica } from "./replica.ts";
import type { Place } from "./types.ts";

/** Tells once of every member's word for a proposal, up to the one that suffices. */
export class SeenCounts {
  readonly #members: readonly NodeId[];
  readonly #emit: (event: ConsensusEvent) => void;
  readonly #told = new Map<Held, Set<number>>();

  constructor(members: readonly NodeId[], emit: (event: ConsensusEvent) => void) {
    this.#members = members;
    this.#emit = emit;
  }

  tell(replica: Replica, state: Readiness): void {
    const done = new Set(replica.executed.map(({ held }) => held));
    for (const [position, held] of replica.held.entries()) {
      const told = this.#told.get(held) ?? new Set<number>();
      if (!done.has(held) && told.size < state.majority) {
        this.#told.set(held, told);
        this.#tellOf(held, replica.base.index + position + 1, told, state);
      }
    }
  }

  forgetUpTo(place: Place): void {
    for (const held of this.#told.keys()) {
      if (isAtOrBefore(held.proposal, place)) {
        this.#told.delete(held);
      }
    }
  }

  #tellOf(held: Held, index: number, told: Set<number>, state: Readiness): void {
    const { proposal } = held;
    for (const [member, from] of this.#members.entries()) {
      if (told.size < state.majority && !told.has(member) && hasSeen(member, proposal, state)) {
        told.add(member);
        const [have, needed] = [told.size, state.majority];
        const term = proposal.lamport;
        this.#emit({ kind: "counted", term, index, phase: "seen", from, have, needed });
      }
    }
  }
}
