/** Agreement by gossip: no leader, no rounds of votes; see README.md for what it promises. */
import { assert, unreachable } from "#main/kernel/assert.ts";
import type {
  Consensus,
  ConsensusOutcome,
  ConsensusRefusal,
  ConsensusStatus,
  LogEntryNote,
} from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import { DecodeError } from "#main/kernel/wire.ts";
import { Agreement } from "./agreement.ts";
import { BaseTransfer } from "./base-transfer.ts";
import { drawSome } from "./draw.ts";
import { spreadRounds, validateEpidemicMembers } from "./options.ts";
import { groupDigest } from "./proposal.ts";
import { PendingRequests } from "./requests.ts";
import { snapshotNote } from "./notes.ts";
import { logOf, statusOf } from "./status.ts";
import type {
  Base,
  EpidemicEffect,
  EpidemicInput,
  EpidemicMessage,
  EpidemicRecord,
  EpidemicSetup,
  GossipAnswer,
  Proposal,
} from "./types.ts";

const ROUND_TIMER = "round";
const ANTI_ENTROPY_TIMER = "anti-entropy";
const REQUEST_TIMER = "request";

type Gossip = Extract<EpidemicMessage, { type: "gossip" }>;
type Propose = Extract<EpidemicInput, { kind: "propose" }>;

export class Epidemic implements Consensus<EpidemicMessage, EpidemicRecord> {
  readonly #setup: EpidemicSetup;
  readonly #members: readonly NodeId[];
  /** The own place among the members; -1 outside. */
  readonly #self: number;
  readonly #others: readonly number[];
  readonly #group: string;
  readonly #agreement: Agreement;
  readonly #requests = new PendingRequests();
  /** Members heard from in this life: before they are a majority nothing is proposed here. */
  readonly #heard = new Set<number>();
  #effects: EpidemicEffect[] = [];
  #timers = new Map<string, Micros>();
  #writable = true;
  #now: Micros = 0;
  /** Rounds that are left if nothing new is heard. */
  #roundsLeft = 0;
  readonly #transfer: BaseTransfer;

  constructor(setup: EpidemicSetup) {
    const problems = validateEpidemicMembers(setup.members);
    assert(problems.length === 0, problems.join("; "));
    this.#setup = setup;
    this.#members = [...setup.members].sort((a, b) => (a < b ? -1 : 1));
    this.#self = this.#members.indexOf(setup.self);
    this.#others = [...this.#members.keys()].filter((index) => index !== this.#self);
    this.#group = groupDigest(this.#members);
    const { options, app, restore } = setup;
    this.#transfer = new BaseTransfer(2 * ms(options.antiEntropyIntervalMs));
    this.#agreement = new Agreement({
      members: this.#members,
      self: this.#self,
      options,
      app,
      restore,
      emit: (event) => this.#effects.push({ kind: "emit", event }),
      live: () => this.#live(),
    });
    this.#agreement.onExecuted = ({ held, index, result }) => {
      const isOwn = held.proposal.origin === setup.self;
      const request = isOwn ? this.#requests.take(held.proposal.sequence) : undefined;
      if (request !== undefined) {
        this.#answer(request, { ok: true, index, result });
      }
    };
    this.#agreement.onProposedAgain = (before, after) => {
      this.#requests.move(before.sequence, after.sequence);
    };
  }

  step(input: EpidemicInput): readonly EpidemicEffect[] {
    this.#effects = [];
    this.#now = input.now;
    switch (input.kind) {
      case "start":
        this.#start();
        break;
      case "message":
        this.#receive(input.from, input.message);
        break;
      case "timer":
        this.#timer(input.timer);
        break;
      case "propose":
        this.#propose(input);
        break;
      case "read":
        this.#read(input.request, input.query);
        break;
      case "transfer":
      case "reconfigure":
        this.#refuse(
          input.request,
          "not-supported",
          "there is no leader and the members are fixed",
        );
        break;
      case "writable":
        this.#writable = input.writable;
        break;
      default:
        unreachable(input);
    }
    return this.#written();
  }

  status(): ConsensusStatus {
    return statusOf(this.#agreement, this.#members, this.#others, this.#timers);
  }

  log(from: number, limit: number): readonly LogEntryNote[] {
    return logOf(this.#agreement.replica, from, limit);
  }

  /** Everybody is asked at once: what a lost disk forgot the others know. */
  #start(): void {
    const quorum = this.#agreement.majority;
    const reason = this.#self >= 0 ? "all members are equal" : "not a member";
    this.#emit({ kind: "role", role: "peer", term: 0, leader: null, reason });
    const nobody: readonly NodeId[] = [];
    const voters = this.#members;
    const fixed = { kind: "config", index: 0, voters, outgoing: nobody, learners: nobody } as const;
    this.#emit({ ...fixed, quorum, tolerates: 0, committed: true });
    if (this.#self < 0) {
      return;
    }
    this.#heard.add(this.#self);
    this.#agreement.start(this.#now);
    const interval = ms(this.#setup.options.antiEntropyIntervalMs);
    this.#setTimer(ANTI_ENTROPY_TIMER, this.#now + 1 + this.#setup.random.int(interval));
    for (const member of this.#others) {
      this.#gossipTo(member, "always", this.#agreement.table.row(member).held);
    }
    this.#conclude(true);
  }

  #propose({ request, command }: Propose): void {
    const { maxCommandBytes } = this.#setup.options;
    if (this.#self < 0) {
      this.#refuse(request, "not-a-member", "this node is no member of the group");
    } else if (!this.#writable) {
      this.#refuse(request, "read-only", "this side of a partition is read-only");
    } else if (command.length > maxCommandBytes) {
      this.#refuse(request, "too-large", `a command has at most ${maxCommandBytes} bytes`);
    } else {
      const isHeard = this.#heard.size >= this.#agreement.majority;
      const busy = isHeard
        ? this.#agreement.reasonToWait(command.length)
        : "no majority was heard from since the start";
      if (busy === null) {
        this.#spread(request, command);
      } else {
        this.#refuse(request, "busy", busy);
      }
    }
  }

  #spread(request: number, command: Uint8Array): void {
    const { requestTimeoutMs, fanout } = this.#setup.options;
    const { proposal, digest } = this.#agreement.propose(command, this.#now);
    this.#requests.add(proposal.sequence, request, this.#now + ms(requestTimeoutMs));
    const index = this.#agreement.replica.base.index + this.#agreement.replica.held.length;
    this.#emit({ kind: "round", term: proposal.lamport, index, phase: "proposed", digest });
    // Between rounds the next one takes it along: a burst travels together.
    if (!this.#timers.has(ROUND_TIMER)) {
      this.#contact(fanout);
    }
    this.#watchRequests();
    this.#conclude(true);
  }

  #read(request: number, query: Uint8Array): void {
    if (this.#self < 0) {
      this.#refuse(request, "not-a-member", "this node is no member of the group");
      return;
    }
    const result = this.#setup.app.query(query);
    this.#answer(request, { ok: true, index: this.#agreement.replica.applied, result });
  }

  #timer(timer: string): void {
    this.#timers.delete(timer);
    switch (timer) {
      case ROUND_TIMER:
        this.#roundsLeft--;
        this.#contact(this.#setup.options.fanout);
        this.#conclude(false);
        break;
      case ANTI_ENTROPY_TIMER:
        this.#compare();
        this.#conclude(false);
        break;
      case REQUEST_TIMER:
        for (const request of this.#requests.takeExpired(this.#now)) {
          this.#refuse(request, "unknown", "no majority is known to hold it yet");
        }
        this.#watchRequests();
        break;
    }
  }

  #contact(count: number): void {
    const live = this.#live();
    const peers = live.length > 0 ? live : this.#others;
    for (const member of drawSome(peers, count, this.#setup.random)) {
      this.#gossipTo(member, "news", this.#agreement.table.row(member).held);
    }
  }

  /** Anyone is asked, believed to be alive or not: that is how a cut is found to have healed. */
  #compare(): void {
    const { random, options } = this.#setup;
    const { hash } = this.#agreement.table;
    for (const member of drawSome(this.#others, 1, random)) {
      this.#send(member, { type: "probe", group: this.#group, hash });
    }
    const after = ms(options.antiEntropyIntervalMs);
    this.#setTimer(ANTI_ENTROPY_TIMER, this.#now + after);
  }

  #receive(sender: NodeId, message: EpidemicMessage): void {
    const from = this.#agreement.indexOf(sender);
    if (this.#self < 0 || from < 0 || from === this.#self || message.group !== this.#group) {
      const reason = from < 0 ? "not a member" : "another group";
      this.#emit({ kind: "rejected", from: sender, reason });
      return;
    }
    switch (message.type) {
      case "probe":
        if (message.hash !== this.#agreement.table.hash) {
          this.#gossipTo(from, "news", this.#agreement.table.row(from).held);
        }
        break;
      case "gossip":
        this.#receiveGossip(from, message);
        break;
      case "fetch":
        this.#serve(from, message.at, message.offset);
        break;
      case "chunk":
        this.#receiveChunk(from, message);
        break;
      default:
        unreachable(message);
    }
  }

  #receiveGossip(from: number, message: Gossip): void {
    const { rows, decided, proposals, answer } = message;
    const theirs = rows[from];
    if (rows.length !== this.#members.length || theirs === undefined) {
      this.#emit({ kind: "rejected", from: this.#members[from] ?? "", reason: "another group" });
      return;
    }
    const isFirst = !this.#heard.has(from);
    this.#heard.add(from);
    const learnt = this.#agreement.merge(rows, from);
    const { size, contested } = this.#takeAll(proposals);
    const outcome = this.#agreement.hearCut(decided, this.#now);
    if (outcome === "conflict" || (outcome === "lacking" && contested)) {
      this.#send(from, { type: "fetch", group: this.#group, at: decided.index, offset: 0 });
    }
    this.#agreement.advance(this.#now);
    if (answer === "always" || (answer === "news" && this.#agreement.table.knowsMoreThan(rows))) {
      this.#gossipTo(from, "none", theirs.held);
    }
    const { base } = this.#agreement.replica;
    if (answer !== "none" && theirs.held.some((count, i) => count < (base.counts[i] ?? 0))) {
      this.#serve(from, 0, 0);
    }
    this.#goOn(learnt || size > 0 || isFirst || outcome === "adopted");
  }

  #takeAll(proposals: readonly Proposal[]): { readonly size: number; readonly contested: boolean } {
    let [size, contested] = [0, false];
    for (const proposal of proposals) {
      const admission = this.#agreement.take(proposal, this.#now);
      size += Number(admission === "take");
      // Refused or cut off from its predecessor: what is decided there has to be taken as a whole.
      contested ||= admission === "closed" || admission === "gap";
    }
    return { size, contested };
  }

  /** A piece of the checkpoint; one that reaches `at` is made when there is none. */
  #serve(to: number, at: number, offset: number): void {
    if (offset === 0 && this.#agreement.replica.base.index < at) {
      this.#agreement.rebase();
    }
    const { base } = this.#agreement.replica;
    const chunk = this.#transfer.pieceOf(base, at, offset);
    if (base.index === 0 || chunk === null) {
      return;
    }
    this.#send(to, { type: "chunk", group: this.#group, ...chunk });
    if (chunk.offset === 0) {
      this.#emit(snapshotNote(base, "sent"));
    }
  }

  #receiveChunk(from: number, chunk: Extract<EpidemicMessage, { type: "chunk" }>): void {
    if (chunk.at <= this.#agreement.replica.decided.index) {
      return;
    }
    const outcome = this.#transfer.take(chunk, this.#now);
    if (outcome.kind === "more") {
      const { at, length } = outcome.incoming;
      this.#send(from, { type: "fetch", group: this.#group, at, offset: length });
    } else if (
      outcome.kind === "bad" ||
      (outcome.kind === "complete" && !this.#install(outcome.base))
    ) {
      const reason = "a damaged checkpoint";
      this.#emit({ kind: "rejected", from: this.#members[from] ?? "", reason });
    }
  }

  #install(base: Base): boolean {
    if (base.counts.length !== this.#members.length) {
      return false;
    }
    try {
      this.#agreement.install(base, this.#now);
    } catch (error) {
      if (error instanceof DecodeError) {
        return false;
      }
      throw error;
    }
    this.#conclude(true);
    return true;
  }

  #conclude(news: boolean): void {
    this.#agreement.advance(this.#now);
    this.#goOn(news);
  }

  /** Keeps the rounds going while there is something to spread. */
  #goOn(news: boolean): void {
    if (news) {
      this.#roundsLeft = spreadRounds(this.#members.length);
    }
    if (this.#timers.has(ROUND_TIMER) || this.#roundsLeft <= 0 || this.#isSettled()) {
      return;
    }
    // A moment of its own for everybody, or all rounds of the mesh would coincide.
    const interval = ms(this.#setup.options.gossipIntervalMs);
    const after = Math.ceil(interval / 2) + this.#setup.random.int(interval);
    this.#setTimer(ROUND_TIMER, this.#now + after);
  }

  /** Everything held is executed, and everybody alive is known to hold it. */
  #isSettled(): boolean {
    const { table, replica } = this.#agreement;
    return (
      this.#heard.size >= this.#agreement.majority &&
      replica.held.length === replica.executed.length &&
      this.#live().every((member) => table.holdsAll(member, table.own.held))
    );
  }

  #gossipTo(member: number, answer: GossipAnswer, theirs: readonly number[]): void {
    const { table, replica } = this.#agreement;
    this.#send(member, {
      type: "gossip",
      group: this.#group,
      answer,
      rows: [...table.rows],
      decided: replica.decided,
      proposals: this.#agreement.lackedBy(theirs),
    });
  }

  #live(): number[] {
    const live = new Set(this.#setup.live());
    return this.#others.filter((member) => live.has(this.#members[member] ?? ""));
  }

  #watchRequests(): void {
    const { next } = this.#requests;
    if (next !== (this.#timers.get(REQUEST_TIMER) ?? null)) {
      this.#setTimer(REQUEST_TIMER, next);
    }
  }

  /** Nothing of a step leaves before its record is on disk. */
  #written(): readonly EpidemicEffect[] {
    const record = this.#agreement.takeRecord();
    if (record === null) {
      return this.#effects;
    }
    const then = this.#effects;
    const checkpoint = record.kind === "checkpoint" ? { checkpoint: true } : {};
    return [{ kind: "persist", record, ...checkpoint, then }];
  }

  #refuse(request: number, code: ConsensusRefusal, message: string): void {
    this.#answer(request, { ok: false, code, message });
  }

  #answer(request: number, outcome: ConsensusOutcome): void {
    this.#emit({ kind: "answered", request, outcome });
  }

  #emit(event: Extract<EpidemicEffect, { kind: "emit" }>["event"]): void {
    this.#effects.push({ kind: "emit", event });
  }

  #send(member: number, message: EpidemicMessage): void {
    this.#effects.push({ kind: "send", to: this.#members[member] ?? "", message });
  }

  #setTimer(timer: string, at: Micros | null): void {
    if (at === null) {
      this.#timers.delete(timer);
    } else {
      this.#timers.set(timer, at);
    }
    this.#effects.push({ kind: "timer", timer, at });
  }
}
