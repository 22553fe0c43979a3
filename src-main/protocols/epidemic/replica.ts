/**
 * The log of one node: the proposals that it holds in their total order, the sequence of those
 * that were executed, and the state. A proposal that belongs before executed ones makes the
 * replica go back to its base and execute again.
 */
import { assert } from "#main/kernel/assert.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { StateMachine } from "#main/kernel/state-machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import {
  comparePlaces,
  EMPTY_VOTE,
  extendChain,
  isAtOrBefore,
  ORIGIN_PLACE,
  proposalDigest,
} from "./proposal.ts";
import type { Base, Cut, Place, Proposal, Vote } from "./types.ts";

/** A proposal behind the base. */
export interface Held {
  readonly proposal: Proposal;
  readonly digest: string;
  /** When this life of the node took it in. */
  since: Micros;
}

export interface Executed {
  readonly held: Held;
  readonly index: number;
  /** Digest of the log up to here. */
  readonly chain: string;
  /** Log time. */
  readonly time: Micros;
  readonly result: Uint8Array;
}

export interface Execution {
  /** What was undone, first and last index; null when nothing was. */
  readonly undone: readonly [from: number, to: number] | null;
  /** Executed for the first time or anew, in order. */
  readonly executed: readonly Executed[];
}

export class Replica {
  readonly #app: StateMachine;
  readonly #members: readonly NodeId[];
  #base: Base;
  #decided: Cut;
  /** In their total order; all behind the base. */
  #held: Held[] = [];
  #executed: Executed[] = [];

  constructor(app: StateMachine, members: readonly NodeId[], base: Base | null) {
    this.#app = app;
    this.#members = members;
    const counts = members.map(() => 0);
    this.#base = base ?? { ...EMPTY_VOTE, counts, time: 0, snapshot: app.snapshot() };
    this.#decided = this.#base;
    if (base !== null) {
      app.restore(base.snapshot);
    }
  }

  get base(): Base {
    return this.#base;
  }

  get decided(): Cut {
    return this.#decided;
  }

  get held(): readonly Held[] {
    return this.#held;
  }

  get executed(): readonly Executed[] {
    return this.#executed;
  }

  /** Index of the last executed proposal. */
  get applied(): number {
    return this.#base.index + this.#executed.length;
  }

  get appliedPlace(): Place {
    return this.#executed.at(-1)?.held.proposal ?? this.#base;
  }

  at(index: number): Executed | undefined {
    return this.#executed[index - this.#base.index - 1];
  }

  /** The digest of the log up to `index`; undefined outside of what is kept. */
  chainAt(index: number): string | undefined {
    return index === this.#base.index ? this.#base.chain : this.at(index)?.chain;
  }

  /** The log up to a place behind the base, for a vote. */
  voteUpTo({ lamport, origin }: Place): Vote {
    const end = this.#executed.findLast(({ held }) =>
      isAtOrBefore(held.proposal, { lamport, origin }),
    );
    const { index, chain } = end ?? this.#base;
    return { lamport, origin, index, chain };
  }

  /** Forgets one that is not executed and will never be. */
  drop(held: Held): void {
    assert(!this.#executed.some((one) => one.held === held), "dropped what was executed");
    this.#held = this.#held.filter((one) => one !== held);
  }

  insert(proposal: Proposal, since: Micros): Held {
    const held: Held = { proposal, digest: proposalDigest(proposal), since };
    let at = this.#held.length;
    while (at > 0 && comparePlaces(this.#held[at - 1]?.proposal ?? ORIGIN_PLACE, proposal) > 0) {
      at--;
    }
    this.#held.splice(at, 0, held);
    return held;
  }

  /**
   * What the log would be if `isReady` proposals may be executed: up to the last executed one all
   * that are or may be, behind that as far as nothing stands in the way.
   */
  plan(isReady: (held: Held) => boolean): Held[] {
    const done = new Set(this.#executed.map((one) => one.held));
    const end = this.appliedPlace;
    const planned: Held[] = [];
    for (const held of this.#held) {
      const take = done.has(held) || isReady(held);
      if (take) {
        planned.push(held);
      } else if (!isAtOrBefore(held.proposal, end)) {
        break;
      }
    }
    return planned;
  }

  /** What the log is according to somebody else's cut. */
  planUpTo(cut: Cut): Held[] {
    return this.#held.filter(
      ({ proposal }) =>
        isAtOrBefore(proposal, cut) &&
        proposal.sequence <= (cut.counts[this.#members.indexOf(proposal.origin)] ?? 0),
    );
  }

  /** The digest of the log if it were `plan`. */
  chainOf(plan: readonly Held[]): string {
    return plan.reduce((chain, { digest }) => extendChain(chain, digest), this.#base.chain);
  }

  execute(plan: readonly Held[]): Execution {
    let common = 0;
    while (common < plan.length && this.#executed[common]?.held === plan[common]) {
      common++;
    }
    const { applied } = this;
    const undo = common < this.#executed.length;
    if (undo) {
      this.#goBackTo(common);
    }
    const executed = plan.slice(common).map((held) => this.#apply(held));
    return { undone: undo ? [this.#base.index + common + 1, applied] : null, executed };
  }

  /** The log up to a place behind the base, for a decision. */
  cutUpTo(place: Place): Cut {
    const vote = this.voteUpTo(place);
    const counts = [...this.#base.counts];
    for (const { held } of this.#executed.slice(0, vote.index - this.#base.index)) {
      const origin = this.#members.indexOf(held.proposal.origin);
      counts[origin] = Math.max(counts[origin] ?? 0, held.proposal.sequence);
    }
    return { ...vote, counts };
  }

  /**
   * From here on the log up to `cut` never changes. Returns the proposals that came too late for
   * it: they are forgotten and will never be executed.
   */
  decide(cut: Cut): Held[] {
    assert(this.chainAt(cut.index) === cut.chain, "decided what was not executed");
    const done = new Set(this.#executed.map((one) => one.held));
    const late = this.#held.filter((one) => isAtOrBefore(one.proposal, cut) && !done.has(one));
    this.#held = this.#held.filter((one) => !late.includes(one));
    this.#decided = cut;
    return late;
  }

  /** Moves the base to what is decided and forgets the proposals up to there. */
  rebase(): void {
    const count = this.#decided.index - this.#base.index;
    const later = this.#executed.slice(count).map((one) => one.held);
    const time = this.at(this.#decided.index)?.time ?? this.#base.time;
    if (later.length > 0) {
      this.#goBackTo(count);
    }
    this.#base = { ...this.#decided, time, snapshot: this.#app.snapshot() };
    this.#decided = this.#base;
    this.#held = this.#held.slice(count);
    this.#executed = [];
    later.forEach((held) => this.#apply(held));
  }

  /**
   * Starts over from somebody else's base. Throws `DecodeError` for a snapshot that is none; then
   * nothing has changed. Returns what came too late for it.
   */
  install(base: Base): Held[] {
    this.#app.restore(base.snapshot);
    const late = this.#held.filter(
      ({ proposal }) =>
        isAtOrBefore(proposal, base) &&
        proposal.sequence > (base.counts[this.#members.indexOf(proposal.origin)] ?? 0),
    );
    this.#held = this.#held.filter(({ proposal }) => !isAtOrBefore(proposal, base));
    this.#base = base;
    this.#decided = base;
    this.#executed = [];
    return late;
  }

  /** Undoes all but the first `count` behind the base. */
  #goBackTo(count: number): void {
    const keep = this.#executed.slice(0, count);
    this.#app.restore(this.#base.snapshot);
    this.#executed = [];
    keep.forEach(({ held }) => this.#apply(held));
  }

  #apply(held: Held): Executed {
    const index = this.applied + 1;
    const last = this.#executed.at(-1);
    const time = Math.max(last?.time ?? this.#base.time, held.proposal.time);
    const chain = extendChain(last?.chain ?? this.#base.chain, held.digest);
    const result = this.#app.apply(held.proposal.command, { index, time });
    const executed: Executed = { held, index, chain, time, result };
    this.#executed.push(executed);
    return executed;
  }
}
