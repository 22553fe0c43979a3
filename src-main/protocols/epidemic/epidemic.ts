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
import { chunkOf, type Incoming, type Outgoing, outgoing, takeChunk } from "./base-transfer.ts";
import { drawSome } from "./draw.ts";
import { MAX_COUNTER, MAX_PROPOSALS } from "./limits.ts";
import { spreadRounds, validateEpidemicMembers } from "./options.ts";
import { groupDigest } from "./proposal.ts";
import { PendingRequests } from "./requests.ts";
import type {
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
  #incoming: Incoming | null = null;
  /** When the last piece came: a transfer that stands still gives way to an older checkpoint. */
  #incomingSince: Micros = 0;
  #outgoing: Outgoing | null = null;

  constructor(setup: EpidemicSetup) {
    const problems = validateEpidemicMembers(setup.members);
    assert(problems.length === 0, problems.join("; "));
    this.#setup = setup;
    this.#members = [...setup.members].sort((a, b) => (a < b ? -1 : 1));
    this.#self = this.#members.indexOf(setup.self);
    this.#others = [...this.#members.keys()].filter((index) => index !== this.#self);
    this.#group = groupDigest(this.#members);
    const { options, app, restore } = setup;
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
    const { replica, table } = this.#agreement;
    const { base, applied } = replica;
    const isMember = this.#self >= 0;
    return {
      protocol: "epidemic",
      role: "peer",
      term: isMember ? table.own.clock : 0,
      leader: null,
      votedFor: null,
      voters: this.#members,
      outgoing: [],
      learners: [],
      quorum: this.#agreement.majority,
      tolerates: 0,
      first: base.index + 1,
      last: base.index + replica.held.length,
      committed: applied,
      applied,
      snapshot:
        base.index === 0
          ? null
          : { index: base.index, term: base.lamport, bytes: base.snapshot.length },
      timers: [...this.#timers].map(([timer, at]) => ({ timer, at })),
      peers: isMember ? this.#others.map((member) => this.#peer(member)) : [],
    };
  }

  /** What is executed by its index, then what waits, in the order that it has so far. */
  log(from: number, limit: number): readonly LogEntryNote[] {
    const { replica } = this.#agreement;
    const done = replica.executed.map(({ held }) => held);
    const known = new Set(done);
    const all = [...done, ...replica.held.filter((held) => !known.has(held))];
    const start = Math.max(0, from - replica.base.index - 1);
    return all.slice(start, start + limit).map((held, position) => ({
      index: replica.base.index + start + position + 1,
      term: held.proposal.lamport,
      digest: held.digest,
      what: "command",
      bytes: held.proposal.command.length,
    }));
  }

  #peer(member: number) {
    const match = this.#agreement.matchOf(member);
    const { closed, decided } = this.#agreement.table.row(member);
    const state = `closed ${closed.index}, decided up to Lamport time ${decided.lamport}`;
    return { node: this.#members[member] ?? "", match, next: match + 1, state, inFlight: 0 };
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
      const busy = this.#reasonToWait(command.length);
      if (busy === null) {
        this.#spread(request, command);
      } else {
        this.#refuse(request, "busy", busy);
      }
    }
  }

  #reasonToWait(bytes: number): string | null {
    const { table } = this.#agreement;
    if (this.#heard.size < this.#agreement.majority) {
      return "no majority was heard from since the start";
    }
    const own = table.own.held[this.#self] ?? 0;
    if (this.#live().some((member) => (table.row(member).held[this.#self] ?? 0) > own)) {
      return "own proposals of a former life are still coming in from others";
    }
    if (table.own.clock >= MAX_COUNTER) {
      return "the Lamport clock is at its end";
    }
    return this.#agreement.hasRoomFor(bytes) ? null : "too many own proposals are undecided";
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
    if (this.#outgoing?.base !== base) {
      this.#outgoing = outgoing(base);
    }
    const start = at === base.index ? offset : 0;
    const chunk = chunkOf(this.#outgoing, start);
    if (base.index === 0 || chunk === null) {
      return;
    }
    this.#send(to, { type: "chunk", group: this.#group, ...chunk });
    if (start === 0) {
      const { index, lamport: term, chain: digest, snapshot } = base;
      const bytes = snapshot.length;
      this.#emit({ kind: "snapshot", how: "sent", term, index, digest, bytes });
    }
  }

  #receiveChunk(from: number, chunk: Extract<EpidemicMessage, { type: "chunk" }>): void {
    const patience = 2 * ms(this.#setup.options.antiEntropyIntervalMs);
    const isNewer = chunk.at >= (this.#incoming?.at ?? 0);
    if (
      chunk.at <= this.#agreement.replica.decided.index ||
      !(isNewer || this.#now - this.#incomingSince > patience)
    ) {
      return;
    }
    const outcome = takeChunk(this.#incoming, chunk);
    this.#incomingSince = this.#now;
    this.#incoming = outcome.kind === "more" ? outcome.incoming : null;
    if (outcome.kind === "more") {
      const { at, length } = outcome.incoming;
      this.#send(from, { type: "fetch", group: this.#group, at, offset: length });
    } else if (outcome.kind === "bad" || !this.#install(outcome.base)) {
      const reason = "a damaged checkpoint";
      this.#emit({ kind: "rejected", from: this.#members[from] ?? "", reason });
    }
  }

  #install(base: Parameters<Agreement["install"]>[0]): boolean {
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
      proposals: this.#lackedBy(theirs),
    });
  }

  /** In the order of the log, so any origin's in its own order; as many as fit. */
  #lackedBy(theirs: readonly number[]): Proposal[] {
    const proposals: Proposal[] = [];
    let bytes = 0;
    for (const { proposal } of this.#agreement.replica.held) {
      const origin = this.#agreement.indexOf(proposal.origin);
      if (proposal.sequence > (theirs[origin] ?? 0)) {
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

/** Generous for everything of a proposal but its command. */
const PROPOSAL_OVERHEAD_BYTES = 128;
