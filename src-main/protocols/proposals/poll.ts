/** One proposal with everything said about it: what a node counts. */
import type { NodeId } from "#main/kernel/machine.ts";
import { SetHash } from "#main/kernel/set-hash.ts";
import { hex } from "#main/kernel/sha256.ts";
import type { Micros } from "#main/kernel/time.ts";
import { CHOICES } from "./codec.ts";
import { SLOTS_PER_MEMBER } from "./limits.ts";
import { proposalKey } from "./proposal-id.ts";
import { type Subject, contentOf } from "./signed.ts";
import {
  type ClosingCounts,
  TALLIED,
  type Tally,
  cannotClose,
  closedOutcomes,
  outcomeOf,
  settledOutcome,
  votesNeeded,
} from "./tally.ts";
import type { Call, Choice, Closing, Counts, Outcome, Statement, Tallied, Vote } from "./types.ts";

/** `against`: what the member said before that contradicts it. */
export type AddOutcome =
  | { readonly kind: "new"; readonly against: Statement | null }
  | { readonly kind: "duplicate" }
  | { readonly kind: "stranger" };

const CONTESTED = "contested";
const FIRST_CLOSING_SLOT = CHOICES.length;

export class Poll implements Subject {
  readonly call: Call;
  readonly content: Uint8Array;
  readonly key: string;
  readonly needed: number;
  /** Final once set. */
  decided: Outcome | null = null;
  conflictTold = false;
  /** When this node closes if nothing is settled before. */
  closeAt: Micros;
  /** Another proposal that the caller signed under the same id: nobody should go on with either. */
  rival: Call | null = null;
  readonly #places: ReadonlyMap<NodeId, number>;
  /** By place and slot. Every choice and outcome of a member is kept: two are evidence. */
  readonly #statements = new Map<number, Statement>();
  readonly #hash = new SetHash();
  readonly #votes: Record<Choice, number> = { yes: 0, no: 0, abstain: 0 };
  readonly #closings: Record<Tallied, number> = { accepted: 0, rejected: 0, "no-quorum": 0 };
  #void = 0;
  #closers = 0;

  constructor(call: Call, settle: Micros) {
    const { proposal } = call;
    this.call = call;
    this.content = contentOf(proposal);
    this.key = proposalKey(proposal.id);
    this.needed = votesNeeded(proposal.electorate.length, proposal.quorumBasisPoints);
    this.closeAt = proposal.deadline + settle;
    this.#places = new Map(proposal.electorate.map((member, place) => [member, place]));
    this.#hash.add(hex(this.content));
  }

  get proposal() {
    return this.call.proposal;
  }

  /** Equal at two nodes that hold the same proposal and statements. */
  get hash(): string {
    return this.rival === null ? this.#hash.hex : CONTESTED;
  }

  get contested(): boolean {
    return this.rival !== null;
  }

  get tally(): Tally {
    return { ...this.#votes, void: this.#void, of: this.#places.size };
  }

  get counts(): Counts {
    return { ...this.#votes, needed: this.needed, of: this.#places.size };
  }

  /** What no further vote can change; null while one could. */
  get settled(): Tallied | null {
    return settledOutcome(this.tally, this.proposal);
  }

  /** The outcome if nobody voted any more. */
  get leaning(): Tallied {
    return outcomeOf(this.tally, this.proposal);
  }

  closingsFor(outcome: Tallied): number {
    return this.#closings[outcome];
  }

  /** Outcomes that a quorum closed with. */
  get closed(): readonly Tallied[] {
    return closedOutcomes(this.#closingCounts(), this.needed);
  }

  /** What the closings say: an outcome, that there can be none any more, or nothing yet. */
  get verdict(): Outcome | null {
    const [outcome] = this.closed;
    return outcome ?? (cannotClose(this.#closingCounts(), this.needed) ? "expired" : null);
  }

  asks(member: NodeId): boolean {
    return this.#places.has(member);
  }

  voteOf(member: NodeId): Vote | undefined {
    const found = this.#saidBy(member).find((one) => one.kind === "vote");
    return found?.kind === "vote" ? found : undefined;
  }

  closingOf(member: NodeId): Closing | undefined {
    const found = this.#saidBy(member).find((one) => one.kind === "closing");
    return found?.kind === "closing" ? found : undefined;
  }

  /** Members that have not closed. */
  get silent(): NodeId[] {
    return this.proposal.electorate.filter((member) => this.closingOf(member) === undefined);
  }

  holds(statement: Statement): boolean {
    const index = this.#indexOf(statement);
    return index !== null && this.#statements.has(index);
  }

  /** The caller has checked the signature. */
  add(statement: Statement): AddOutcome {
    const index = this.#indexOf(statement);
    if (index === null) {
      return { kind: "stranger" };
    }
    if (this.#statements.has(index)) {
      return { kind: "duplicate" };
    }
    const before = this.#saidBy(statement.member).filter((one) => one.kind === statement.kind);
    this.#statements.set(index, statement);
    this.#hash.add(String(index));
    if (statement.kind === "vote") {
      this.#countVote(statement.choice, before);
    } else {
      this.#closings[statement.outcome]++;
      this.#closers += before.length === 0 ? 1 : 0;
    }
    return { kind: "new", against: before[0] ?? null };
  }

  /** Statements held, as a bit set over places and slots. */
  bits(): Uint8Array {
    const bits = new Uint8Array(Math.ceil((this.#places.size * SLOTS_PER_MEMBER) / 8));
    for (const index of this.#statements.keys()) {
      bits[index >>> 3] = (bits[index >>> 3] ?? 0) | (1 << (index & 7));
    }
    return bits;
  }

  /** Statements held here that `bits` lacks, by place. */
  lackedBy(bits: Uint8Array): Statement[] {
    const lacked = [...this.#statements].filter(([index]) => !isSet(bits, index));
    return lacked.sort(([a], [b]) => a - b).map(([, statement]) => statement);
  }

  /** Whether `bits` has anything that is not held here. */
  lacks(bits: Uint8Array): boolean {
    const size = this.#places.size * SLOTS_PER_MEMBER;
    for (let index = 0; index < size; index++) {
      if (isSet(bits, index) && !this.#statements.has(index)) {
        return true;
      }
    }
    return false;
  }

  /** All votes held, by voter; of a member that contradicts itself all of them. */
  votes(): Vote[] {
    const statements = this.lackedBy(new Uint8Array(0));
    return statements.filter((one) => one.kind === "vote");
  }

  /** A second choice of one member voids both; further ones change nothing more. */
  #countVote(choice: Choice, before: readonly Statement[]): void {
    const [first] = before;
    if (first === undefined) {
      this.#votes[choice]++;
    } else if (before.length === 1 && first.kind === "vote") {
      this.#votes[first.choice]--;
      this.#void++;
    }
  }

  #closingCounts(): ClosingCounts {
    return { closings: this.#closings, members: this.#closers, of: this.#places.size };
  }

  #saidBy(member: NodeId): Statement[] {
    const place = this.#places.get(member);
    const said: Statement[] = [];
    const slots = place === undefined ? 0 : SLOTS_PER_MEMBER;
    for (let slot = 0; slot < slots; slot++) {
      const statement = this.#statements.get((place ?? 0) * SLOTS_PER_MEMBER + slot);
      if (statement !== undefined) {
        said.push(statement);
      }
    }
    return said;
  }

  #indexOf(statement: Statement): number | null {
    const place = this.#places.get(statement.member);
    if (place === undefined) {
      return null;
    }
    const slot =
      statement.kind === "vote"
        ? CHOICES.indexOf(statement.choice)
        : FIRST_CLOSING_SLOT + TALLIED.indexOf(statement.outcome);
    return place * SLOTS_PER_MEMBER + slot;
  }
}

function isSet(bits: Uint8Array, index: number): boolean {
  return ((bits[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0;
}
