/** Handing leadership over (dissertation section 3.10). */
import type { ConsensusOutcome } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import { refused } from "./outcomes.ts";
import type { Asker, Tell } from "./leadership.ts";
import { type RaftState, TRANSFER_TIMER } from "./state.ts";

interface Active {
  readonly to: NodeId;
  readonly asker: Asker;
  readonly deadline: Micros;
  /** The target was told to campaign: it may win even after we gave up. */
  told: boolean;
}

const EMPTY = new Uint8Array(0);

export class Transfers {
  readonly #state: RaftState;
  readonly #tell: Tell;
  #active: Active | null = null;

  constructor(state: RaftState, tell: Tell) {
    this.#state = state;
    this.#tell = tell;
  }

  /** While leadership is on its way, proposals are refused: the target could not catch up. */
  get underWay(): boolean {
    return this.#active !== null && this.#state.role === "leader";
  }

  /** The leader is asked; `to` null leaves the choice to it. */
  begin(asker: Asker, to: NodeId | null): void {
    const state = this.#state;
    const target = to ?? this.#fittest();
    const problem = this.#problem(target);
    if (target === null || problem !== null) {
      this.#tell(asker, refused("bad-change", problem ?? "there is no other voter"));
      return;
    }
    if (this.#active?.to === target) {
      this.#tell(asker, refused("busy", `leadership is on its way to ${target}`));
      return;
    }
    this.#end(
      this.#active?.told === true
        ? refused("unknown", "another transfer was asked for, but the target was told already")
        : refused("busy", "another transfer was asked for"),
    );
    const deadline = state.now + ms(state.options.electionTimeoutMaxMs);
    this.#active = { to: target, asker, deadline, told: false };
    state.out.timer(TRANSFER_TIMER, deadline);
    this.caughtUp(target);
  }

  /** The log of `node` reaches further: perhaps as far as ours. */
  caughtUp(node: NodeId): void {
    const state = this.#state;
    const active = this.#active;
    const match = state.leadership?.progress.get(node)?.match;
    if (active !== null && active.to === node && !active.told && match === state.log.last) {
      active.told = true;
      state.send(node, { kind: "timeout-now", term: state.term });
    }
  }

  /** Leaders came and went in this step. */
  leaderChanged(): void {
    const { leader, commit: index } = this.#state;
    const active = this.#active;
    if (active !== null && leader !== null) {
      this.#end(
        leader === active.to
          ? { ok: true, index, result: EMPTY }
          : refused("busy", `${leader} became the leader`),
      );
    }
  }

  timedOut(): void {
    if (this.#active !== null && this.#state.now >= this.#active.deadline) {
      this.#end(
        this.#active.told
          ? refused("unknown", "the target was told to take over, and was not heard")
          : refused("busy", "the target did not catch up in time"),
      );
    }
  }

  #end(outcome: ConsensusOutcome): void {
    const active = this.#active;
    if (active !== null) {
      this.#active = null;
      this.#state.out.timer(TRANSFER_TIMER, null);
      this.#tell(active.asker, outcome);
    }
  }

  #problem(target: NodeId | null): string | null {
    const { config, self } = this.#state;
    if (target === self) {
      return `${self} leads already`;
    }
    return target === null || config.voters.includes(target)
      ? null
      : `${target} is no voter of this group`;
  }

  /** The voter with the longest log among those heard of last. */
  #fittest(): NodeId | null {
    const { config, self, leadership } = this.#state;
    let best: NodeId | null = null;
    let bestMatch = -1;
    for (const node of config.voters) {
      const progress = leadership?.progress.get(node);
      if (node !== self && progress !== undefined && !progress.lost && this.#isHeard(progress)) {
        if (progress.match > bestMatch) {
          [best, bestMatch] = [node, progress.match];
        }
      }
    }
    return best;
  }

  #isHeard({ heardAt }: { readonly heardAt: Micros }): boolean {
    return this.#state.now - heardAt <= ms(this.#state.options.electionTimeoutMaxMs);
  }
}
