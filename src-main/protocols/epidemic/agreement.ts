/**
 * What one member knows and has agreed to: the table of who holds what, the log, its own votes.
 * Messages, timers and requests are `Epidemic`'s.
 */
import { assert } from "#main/kernel/assert.ts";
import type { ConsensusEvent } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { StateMachine } from "#main/kernel/state-machine.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import { type Admission, admit, hasRoom, isUnderPressure } from "./admission.ts";
import { MAX_COUNTER, MAX_PROPOSALS } from "./limits.ts";
import type { EpidemicOptions } from "./options.ts";
import { majorityOf } from "./options.ts";
import { comparePlaces, isAtOrBefore, ORIGIN_PLACE, stateDigest } from "./proposal.ts";
import {
  hasSeen,
  isClosable,
  isHeldByMajority,
  isOutvoted,
  isReady,
  type Readiness,
} from "./readiness.ts";
import { type Executed, type Execution, type Held, Replica } from "./replica.ts";
import { entryNote, snapshotNote } from "./notes.ts";
import { SeenCounts } from "./seen-counts.ts";
import { KnowledgeTable } from "./table.ts";
import type { Base, Cut, EpidemicRecord, Place, Proposal, Row, Vote } from "./types.ts";

export interface AgreementSetup {
  /** Sorted. */
  readonly members: readonly NodeId[];
  readonly self: number;
  readonly options: EpidemicOptions;
  readonly app: StateMachine;
  readonly restore: readonly EpidemicRecord[];
  readonly emit: (event: ConsensusEvent) => void;
  /** Indices of the members believed to be alive, without this one. */
  readonly live: () => readonly number[];
}

/** What somebody else's cut meant here. */
export type CutOutcome = "known" | "lacking" | "adopted" | "conflict";

export class Agreement {
  readonly table: KnowledgeTable;
  readonly replica: Replica;
  readonly #setup: AgreementSetup;
  readonly #indexOf: ReadonlyMap<NodeId, number>;
  readonly #counted: SeenCounts;
  /** Where this node's own vote ends; the decided cut's end when that is later. */
  #closed: Place;
  /** Sequence of an own proposal that others have heard of, even if this disk has lost it. */
  #lastSequence = 0;
  /** Lamport time of the last own proposal, or a later one. */
  #lastOwn: number;
  /** Not on disk yet. */
  #unwritten: Proposal[] = [];
  #voted = false;
  #checkpointDue = false;

  constructor(setup: AgreementSetup) {
    const { members, self, app, restore } = setup;
    this.#setup = setup;
    this.#counted = new SeenCounts(members, setup.emit);
    this.#indexOf = new Map(members.map((member, index) => [member, index]));
    this.table = new KnowledgeTable(members.length, self);
    const base = restore.findLast((record) => record.kind === "checkpoint")?.base ?? null;
    this.replica = new Replica(app, members, base);
    this.#closed = base ?? ORIGIN_PLACE;
    this.#lastOwn = this.#lastOwnBefore(this.replica.base);
    if (self >= 0) {
      this.#restore(restore);
    }
  }

  indexOf(member: NodeId): number {
    return this.#indexOf.get(member) ?? -1;
  }

  get majority(): number {
    return majorityOf(this.#setup.members.length);
  }

  /** Why nothing can be proposed now; null when it can. `bytes` are the command's. */
  reasonToWait(bytes: number): string | null {
    const { members, self, options, live } = this.#setup;
    const { clock, held } = this.table.own;
    const own = held[self] ?? 0;
    if (live().some((member) => (this.table.row(member).held[self] ?? 0) > own)) {
      return "own proposals of a former life are still coming in from others";
    }
    if (clock >= MAX_COUNTER - 1) {
      return "the Lamport clock is at its end";
    }
    const fits = hasRoom(members[self] ?? "", bytes, this.replica.held, options);
    return fits ? null : "too many own proposals are undecided";
  }

  /** Executes again what this node had voted to close: that much was agreed for certain. */
  start(now: Micros): void {
    for (const held of this.replica.held) {
      held.since = now;
    }
    const agreed = this.replica.held.filter(({ proposal }) => isAtOrBefore(proposal, this.#closed));
    this.#tell(this.replica.execute(agreed), now);
    this.#vote(this.#closed);
    this.#voted = false;
  }

  propose(command: Uint8Array, now: Micros): Held {
    const { members, self } = this.#setup;
    const { clock, held } = this.table.own;
    const proposal: Proposal = {
      origin: members[self] ?? "",
      sequence: Math.max(this.#lastSequence, held[self] ?? 0) + 1,
      previous: { sequence: held[self] ?? 0, lamport: this.#lastOwn },
      lamport: clock + 1,
      time: now,
      command,
    };
    return this.#keep(proposal, now);
  }

  take(proposal: Proposal, now: Micros): Admission | "stranger" {
    const origin = this.indexOf(proposal.origin);
    if (origin < 0) {
      return "stranger";
    }
    const { decided, held: retained } = this.replica;
    const held = this.table.own.held[origin] ?? 0;
    const state = {
      held,
      decided,
      closed: this.#closed,
      retained,
      isHeldByMajority: () => isHeldByMajority(proposal, this.#readiness(now)),
    };
    const admission = admit(proposal, state, this.#setup.options);
    if (admission === "take") {
      this.#keep(proposal, now);
    } else if (admission === "void") {
      this.table.setOwnHeld(origin, proposal.sequence);
    }
    return admission;
  }

  /** Learns from another's table; true when that brought anything. */
  merge(rows: readonly Row[], from: number): boolean {
    // What others know of this member proves what it did in a life whose disk was lost.
    const { self } = this.#setup;
    const { clock, held } = rows[self] ?? this.table.own;
    this.#lastSequence = Math.max(this.#lastSequence, held[self] ?? 0);
    if (clock > this.table.own.clock) {
      this.table.setOwn({ clock });
    }
    assert(from !== this.#setup.self, "a member heard from itself");
    return this.table.merge(rows);
  }

  /** Makes another member's decision this one's own, if everything that it is about is here. */
  hearCut(cut: Cut, now: Micros): CutOutcome {
    const { replica } = this;
    if (isAtOrBefore(cut, replica.decided)) {
      return "known";
    }
    if (!this.table.holdsAll(this.#setup.self, cut.counts)) {
      return "lacking";
    }
    const plan = replica.planUpTo(cut);
    if (replica.base.index + plan.length !== cut.index || replica.chainOf(plan) !== cut.chain) {
      return "conflict";
    }
    const later = replica.executed.filter(({ held }) => !isAtOrBefore(held.proposal, cut));
    this.#tell(replica.execute([...plan, ...later.map(({ held }) => held)]), now);
    this.#decide(replica.cutUpTo(cut), now);
    return "adopted";
  }

  /** Draws all conclusions from what is known now. */
  advance(now: Micros): void {
    const { replica } = this;
    const state = this.#readiness(now);
    this.#counted.tell(replica, state);
    this.#dropOutvoted(state, now);
    this.#tell(replica.execute(replica.plan((held) => isReady(held, state))), now);
    this.#vote(this.#closableUpTo(state));
    const agreed = this.#decidedByVotes();
    if (!isAtOrBefore(agreed, replica.decided)) {
      this.#decide(replica.cutUpTo(agreed), now);
    }
    this.#checkpoint();
  }

  /** Starts over from another's checkpoint. Throws `DecodeError`; then nothing has changed. */
  install(base: Base, now: Micros): void {
    const { replica, table } = this;
    if (replica.chainAt(base.index) === base.chain) {
      // All of it is here already; starting over would forget the own vote behind it.
      this.hearCut(base, now);
      return;
    }
    const undone = [replica.decided.index + 1, replica.applied] as const;
    const late = replica.install(base);
    if (undone[0] <= undone[1]) {
      this.#setup.emit({ kind: "truncated", from: undone[0], to: undone[1] });
    }
    const { own } = table;
    const held = own.held.map((count, origin) => Math.max(count, base.counts[origin] ?? 0));
    const clock = Math.max(own.clock, base.lamport);
    table.setOwn({ held, clock, closed: replica.voteUpTo(base), decided: placeOf(base) });
    this.#closed = base;
    this.#lastOwn = Math.max(this.#lastOwn, this.#lastOwnBefore(base));
    this.#unwritten = this.#unwritten.filter((proposal) => !isAtOrBefore(proposal, base));
    this.#checkpointDue = true;
    this.#tellSnapshot("installed");
    this.#voidAll(late, now);
  }

  /** Brings the base up to what is decided, for a member that can only go on from there. */
  rebase(): void {
    if (this.replica.decided.index > this.replica.base.index) {
      this.replica.rebase();
      this.#checkpointDue = true;
      this.#tellSnapshot("taken");
    }
  }

  /** What has to be on disk before anything of this step may be said; null when nothing. */
  takeRecord(): EpidemicRecord | null {
    const { base, held } = this.replica;
    const closed = isAtOrBefore(this.#closed, base) ? null : placeOf(this.#closed);
    const proposals = this.#unwritten;
    const [checkpoint, voted] = [this.#checkpointDue, this.#voted];
    this.#unwritten = [];
    this.#checkpointDue = false;
    this.#voted = false;
    if (checkpoint) {
      const all = held.map(({ proposal }) => proposal);
      return { kind: "checkpoint", base, proposals: all, closed };
    }
    return proposals.length > 0 || voted ? { kind: "log", proposals, closed } : null;
  }

  /** What a member that holds `theirs` lacks, every origin's in its own order; as many as fit. */
  lackedBy(theirs: readonly number[]): Proposal[] {
    const proposals: Proposal[] = [];
    let bytes = 0;
    for (const { proposal } of this.replica.held) {
      if (proposal.sequence > (theirs[this.indexOf(proposal.origin)] ?? 0)) {
        bytes += proposal.command.length + PROPOSAL_OVERHEAD_BYTES;
        const fits = bytes <= this.#setup.options.messageBytes && proposals.length < MAX_PROPOSALS;
        if (!fits && proposals.length > 0) {
          break;
        }
        proposals.push(proposal);
      }
    }
    return proposals;
  }

  /** Told of what is executed, in order. */
  onExecuted: (executed: Executed, now: Micros) => void = () => {};
  /** An own proposal came too late for its place and became another. */
  onProposedAgain: (before: Proposal, after: Proposal) => void = () => {};

  #restore(records: readonly EpidemicRecord[]): void {
    const { base } = this.replica;
    this.table.setOwn({
      held: [...base.counts],
      clock: base.lamport,
      closed: this.replica.voteUpTo(base),
      decided: placeOf(base),
    });
    const from = Math.max(
      0,
      records.findLastIndex((record) => record.kind === "checkpoint"),
    );
    for (const { proposals, closed } of records.slice(from)) {
      for (const proposal of proposals) {
        const origin = this.indexOf(proposal.origin);
        if (proposal.sequence > (this.table.own.held[origin] ?? Infinity)) {
          this.#insert(proposal, origin, 0);
        }
      }
      this.#closed = closed ?? base;
    }
  }

  #keep(proposal: Proposal, now: Micros): Held {
    const held = this.#insert(proposal, this.indexOf(proposal.origin), now);
    this.#unwritten.push(proposal);
    const index = this.replica.base.index + this.replica.held.indexOf(held) + 1;
    this.#setup.emit({ kind: "appended", entries: [entryNote(held, index)] });
    return held;
  }

  #insert(proposal: Proposal, origin: number, now: Micros): Held {
    this.table.setOwnHeld(origin, proposal.sequence);
    this.table.setOwn({ clock: Math.max(this.table.own.clock, proposal.lamport) });
    if (origin === this.#setup.self) {
      this.#lastOwn = proposal.lamport;
    }
    return this.replica.insert(proposal, now);
  }

  /** The latest Lamport time at which this member can have proposed up to `place`. */
  #lastOwnBefore(place: Place): number {
    const origin = this.#setup.members[this.#setup.self] ?? "";
    const { lamport } = place;
    return isAtOrBefore({ lamport, origin }, place) ? lamport : Math.max(0, lamport - 1);
  }

  #readiness(now: Micros): Readiness {
    const { options, members, live } = this.#setup;
    return {
      table: this.table,
      indexOf: this.#indexOf,
      size: members.length,
      majority: this.majority,
      decided: this.replica.decided,
      applied: this.replica.appliedPlace,
      live: live(),
      now,
      patience: ms(options.patienceMs),
      closeAfter: ms(options.closeAfterMs),
    };
  }

  #dropOutvoted(state: Readiness, now: Micros): void {
    const done = new Set(this.replica.executed.map(({ held }) => held));
    const out = this.replica.held.filter(
      (held) => !done.has(held) && isOutvoted(held.proposal, state),
    );
    out.forEach((held) => this.replica.drop(held));
    this.#voidAll(out, now);
  }

  /** The place up to which this node can vote: as far as all is executed and everybody knows. */
  #closableUpTo(state: Readiness): Place {
    const { held, executed } = this.replica;
    const done = new Set(executed.map((one) => one.held));
    let place = this.#closed;
    for (const [position, one] of held.entries()) {
      if (isAtOrBefore(one.proposal, place)) {
        continue;
      }
      if (!done.has(one) || !isClosable(one, state)) {
        break;
      }
      // The whole Lamport time, when nothing else of it is held: a late one may have no successor.
      const { lamport } = one.proposal;
      const isLast = (held[position + 1]?.proposal.lamport ?? Infinity) > lamport;
      place = isLast ? { lamport: lamport + 1, origin: "" } : one.proposal;
    }
    return place;
  }

  /** This node's vote: what is executed here up to `place`, and nothing else, should stay. */
  #vote(place: Place): void {
    const vote = this.replica.voteUpTo(place);
    const { closed } = this.table.own;
    if (comparePlaces(vote, closed) !== 0 || vote.index !== closed.index) {
      this.table.setOwn({ closed: vote });
      this.#closed = place;
      this.#voted = true;
    }
  }

  /** The place up to which a majority voted for the log that is executed here. */
  #decidedByVotes(): Place {
    const votes = this.table.rows
      .map(({ closed }) => closed)
      .filter((vote) => this.#isSameHere(vote))
      .sort((a, b) => comparePlaces(b, a));
    return votes[this.majority - 1] ?? this.replica.base;
  }

  #isSameHere(vote: Vote): boolean {
    const { base } = this.replica;
    if (isAtOrBefore(vote, base)) {
      return true;
    }
    const here = this.replica.voteUpTo(vote);
    return here.index === vote.index && here.chain === vote.chain;
  }

  #decide(cut: Cut, now: Micros): void {
    const late = this.replica.decide(cut);
    this.table.setOwn({ decided: placeOf(cut) });
    const { closed } = this.table.own;
    if (!this.#isSameHere(closed) || isAtOrBefore(closed, cut)) {
      this.#vote(cut);
    }
    this.#voidAll(late, now);
    this.#counted.forgetUpTo(cut);
  }

  /** Proposals that will never be executed where they are; the own ones are made again. */
  #voidAll(out: readonly Held[], now: Micros): void {
    // Those on disk would be proposals again in the next life.
    this.#checkpointDue ||= out.length > 0;
    for (const { proposal } of out) {
      this.#unwritten = this.#unwritten.filter((one) => one !== proposal);
      if (this.indexOf(proposal.origin) === this.#setup.self) {
        this.onProposedAgain(proposal, this.propose(proposal.command, now).proposal);
      }
    }
  }

  #checkpoint(): void {
    const { replica } = this;
    const { options, members } = this.#setup;
    const decided = replica.decided.index - replica.base.index;
    const pressed = decided > 0 && isUnderPressure(members, replica.held, options);
    // At rest it costs nothing; behind what is decided, executing again.
    if (
      pressed ||
      (decided >= options.checkpointEvery && replica.decided.index === replica.applied)
    ) {
      this.rebase();
    }
  }

  #tell({ undone, executed }: Execution, now: Micros): void {
    const { emit } = this.#setup;
    if (undone !== null) {
      emit({ kind: "truncated", from: undone[0], to: undone[1] });
    }
    const last = executed.at(-1);
    if (last === undefined) {
      return;
    }
    for (const { index, held } of executed) {
      const term = held.proposal.lamport;
      emit({ kind: "round", term, index, phase: "committed", digest: held.digest });
    }
    emit({ kind: "committed", term: last.held.proposal.lamport, index: last.index });
    for (const one of executed) {
      const { index, held, chain, result } = one;
      const [term, { digest }] = [held.proposal.lamport, held];
      emit({ kind: "applied", term, index, digest, state: stateDigest(chain, result) });
      this.onExecuted(one, now);
    }
  }

  #tellSnapshot(how: "taken" | "installed"): void {
    this.#setup.emit(snapshotNote(this.replica.base, how));
  }

  /** For the status: how many of the executed ones a member holds, from the first without a gap. */
  matchOf(member: number): number {
    const { executed, base } = this.replica;
    const state = this.#readiness(0);
    const lacking = executed.findIndex(({ held }) => !hasSeen(member, held.proposal, state));
    return base.index + (lacking < 0 ? executed.length : lacking);
  }
}

/** Generous for everything of a proposal but its command. */
const PROPOSAL_OVERHEAD_BYTES = 128;

function placeOf({ lamport, origin }: Place): Place {
  return { lamport, origin };
}
