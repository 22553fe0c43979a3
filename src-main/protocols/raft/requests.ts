/**
 * This node as a client of the group: it carries its requests to the leader, whoever that is, and
 * repeats them until each has one answer.
 */
import type { ConsensusOrder, ConsensusOutcome, ConsensusRefusal } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { SessionCommand } from "#main/kernel/sessions.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import type { Answer, Applier } from "./applying.ts";
import { ClientSession } from "./client-session.ts";
import { votersOf } from "./config.ts";
import type { Asker } from "./leadership.ts";
import { refused } from "./outcomes.ts";
import type { Pending, PendingKind } from "./pending.ts";
import { type RaftState, REQUEST_TIMER } from "./state.ts";
import type { Ask, MessageOf } from "./types.ts";

export interface Obstacle {
  readonly code: ConsensusRefusal;
  readonly message: string;
}

/** What this node does for its own requests when it leads. */
export interface LocalLeader {
  /** Why it takes no proposals now, or null. */
  obstacle(): Obstacle | null;
  propose(commands: readonly SessionCommand[], proposer: NodeId): void;
  read(asker: Asker, query: Uint8Array | null): boolean;
  ask(asker: Asker, ask: Ask): void;
}

type Order<Kind extends ConsensusOrder["kind"]> = Extract<ConsensusOrder, { kind: Kind }>;

const EMPTY = new Uint8Array(0);

export class Requests {
  readonly #state: RaftState;
  readonly #applier: Applier;
  readonly #leader: LocalLeader;
  readonly #pending = new Map<number, Pending>();
  #session: ClientSession;
  #nextId = 0;
  #timerSet = false;
  #readsWaiting = 0;
  /** Of a node outside of the group: who leads, as members say, and who else to ask. */
  #hint: NodeId | null = null;
  #told: readonly NodeId[] = [];
  #nextContact = 0;
  #locatedAt: Micros | null = null;

  constructor(state: RaftState, applier: Applier, leader: LocalLeader) {
    this.#state = state;
    this.#applier = applier;
    this.#leader = leader;
    this.#session = new ClientSession(state.self, 0, state.options.sessionExpiryMs);
  }

  /** Names of an earlier life never come back, as long as the clock does not. */
  start(): void {
    const { self, life, options } = this.#state;
    this.#session = new ClientSession(self, life, options.sessionExpiryMs);
    this.#nextId = life + 1;
  }

  propose({ request, command }: Order<"propose">): void {
    const { writable, options } = this.#state;
    if (!writable) {
      this.#answer(request, refused("read-only", "this node is read-only"));
    } else if (command.length > options.maxCommandBytes) {
      const limit = `a command has at most ${options.maxCommandBytes} bytes`;
      this.#answer(request, refused("too-large", limit));
    } else {
      this.#add("command", request, command);
    }
  }

  read({ request, query }: Order<"read">): void {
    const { options } = this.#state;
    if (query.length > options.maxCommandBytes) {
      const limit = `a query has at most ${options.maxCommandBytes} bytes`;
      this.#answer(request, refused("too-large", limit));
    } else {
      this.#add("read", request, query);
    }
  }

  /** Orders to the leader itself. They are sent once: a copy that comes late could surprise. */
  ask(request: number, ask: Ask): void {
    const route = this.#route();
    if (ask.order === "reconfigure" && !this.#state.writable) {
      this.#answer(request, refused("read-only", "this node is read-only"));
      return;
    }
    if (route === null) {
      this.#answer(request, refused("no-leader", "no leader is known"));
      return;
    }
    const pending = this.#add("ask", request, EMPTY);
    if (pending === null) {
      return;
    }
    pending.attempts = 1;
    pending.sentAt = this.#state.now;
    if (route === this.#state.self) {
      this.#leader.ask({ node: route, id: pending.id }, ask);
    } else {
      this.#state.send(route, { kind: "ask", id: pending.id, ask });
    }
  }

  /** Commands that never left this node are refused for certain. */
  becameReadOnly(): void {
    for (const pending of this.#pending.values()) {
      if (pending.kind === "command" && pending.attempts === 0) {
        this.#settle(pending, refused("read-only", "this node became read-only"));
      }
    }
  }

  /** There is another leader, or none: what is under way goes to the next one. */
  leaderChanged(): void {
    this.#hint = null;
    this.#told = this.#state.leader === null ? this.#told : [];
    this.#session.openingSentAt = null;
    for (const pending of this.#pending.values()) {
      if (pending.kind !== "ask") {
        pending.sentAt = null;
      }
    }
    this.flush();
  }

  /** A command was executed here, or the leader tells of it. */
  onAnswer({ client, sequence, index, outcome, result }: Answer): void {
    const { now } = this.#state;
    if (client === this.#session.base && sequence === 0) {
      this.#session.opened(index, now);
      this.flush();
      return;
    }
    const pending = client.startsWith(this.#session.base) ? this.#find(client, sequence) : null;
    if (pending === null) {
      return;
    }
    switch (outcome) {
      case "result":
        this.#session.used(client, now);
        this.#settle(pending, { ok: true, index, result });
        this.flush();
        break;
      case "expired":
        // This copy was not executed. An earlier one may have been, before the session was
        // forgotten: so not even now is it certain that nothing happened.
        this.#session.expired(client);
        this.#settle(pending, refused("unknown", "the session expired"));
        break;
      case "too-many":
        break;
    }
  }

  onReadIndex(id: number, index: number): void {
    const pending = this.#pending.get(id);
    if (pending?.kind !== "read" || pending.readIndex !== null) {
      return;
    }
    pending.readIndex = index;
    this.#readsWaiting++;
    this.applied();
  }

  onQueryReply({ id, index, result }: MessageOf<"query-reply">): void {
    const pending = this.#pending.get(id);
    if (pending?.kind === "read") {
      this.#settle(pending, { ok: true, index, result });
    }
  }

  onAskReply(id: number, outcome: ConsensusOutcome): void {
    const pending = this.#pending.get(id);
    if (pending?.kind === "ask") {
      this.#settle(pending, outcome);
    }
  }

  /** Only who is outside of the group, perhaps without knowing it, goes by what it is told. */
  onLocated(from: NodeId, { leader, voters }: MessageOf<"located">): void {
    const { role, self } = this.#state;
    const outside = role === "peer" || !voters.includes(self);
    if (!outside || leader === self || !this.#contacts().includes(from)) {
      return;
    }
    this.#told = voters;
    if (leader !== null && leader !== this.#hint) {
      this.#hint = leader;
      this.flush();
    }
  }

  /** The applied index moved: confirmed reads may have become answerable. */
  applied(): void {
    if (this.#readsWaiting === 0) {
      return;
    }
    const index = this.#state.applied;
    for (const pending of this.#pending.values()) {
      if (pending.readIndex !== null && pending.readIndex <= index) {
        const result = this.#applier.query(pending.bytes);
        this.#settle(pending, { ok: true, index, result });
      }
    }
  }

  timerFired(): void {
    const { now, options, self } = this.#state;
    this.#timerSet = false;
    const retryBefore = now - ms(options.retryIntervalMs);
    let retries = false;
    for (const pending of this.#pending.values()) {
      const { kind, sentAt, readIndex } = pending;
      if (now >= pending.deadline) {
        this.#expire(pending);
      } else if (kind !== "ask" && readIndex === null && sentAt !== null && sentAt <= retryBefore) {
        // What lies in our own log as a leader needs no second copy.
        retries ||= this.#route() !== self;
        pending.sentAt = this.#route() === self ? sentAt : null;
      }
    }
    const { openingSentAt } = this.#session;
    if (openingSentAt !== null && openingSentAt <= retryBefore && this.#route() !== self) {
      this.#session.openingSentAt = null;
      retries = true;
    }
    if (retries) {
      this.#hint = null;
    }
    this.flush();
    this.#setTimer();
  }

  /** Sends what has to be sent, as far as it is known where to. */
  flush(): void {
    if (this.#pending.size === 0) {
      return;
    }
    const route = this.#route();
    if (route === null) {
      this.#locate();
      return;
    }
    for (const pending of this.#pending.values()) {
      if (pending.kind === "read" && pending.sentAt === null && pending.readIndex === null) {
        this.#sendRead(route, pending);
      }
    }
    this.#sendCommands(route);
  }

  #add(kind: PendingKind, request: number, bytes: Uint8Array): Pending | null {
    const { now, options } = this.#state;
    if (this.#pending.size >= options.maxPendingRequests) {
      const limit = `${options.maxPendingRequests} requests are under way`;
      this.#answer(request, refused("busy", limit));
      return null;
    }
    const id = this.#nextId++;
    const deadline = now + ms(options.requestTimeoutMs);
    const state = { sentAt: null, attempts: 0, place: null, readIndex: null };
    const pending: Pending = { kind, request, id, bytes, deadline, ...state };
    this.#pending.set(id, pending);
    this.#setTimer();
    this.flush();
    return pending;
  }

  #route(): NodeId | null {
    return this.#state.leader ?? this.#hint;
  }

  /** Members to ask: those of the configuration known here, and those that members told of. */
  #contacts(): NodeId[] {
    const { config, self } = this.#state;
    return [...new Set([...votersOf(config), ...this.#told])].filter((node) => node !== self);
  }

  #locate(): void {
    const { mayCampaign, now, options } = this.#state;
    if (this.#locatedAt !== null && now - this.#locatedAt < ms(options.retryIntervalMs)) {
      return;
    }
    // Who may campaign finds a leader that way, or hears then that it was removed.
    const waits = mayCampaign && this.#told.length === 0;
    const contacts = waits ? [] : this.#contacts();
    const contact = contacts[this.#nextContact++ % contacts.length];
    if (contact !== undefined) {
      this.#locatedAt = now;
      this.#state.send(contact, { kind: "locate" });
    }
  }

  #sendRead(route: NodeId, pending: Pending): void {
    const { self, now, leader } = this.#state;
    const { id, bytes } = pending;
    pending.sentAt = now;
    pending.attempts++;
    if (route !== self) {
      // Who is outside of the group has no state to answer from.
      this.#state.send(
        route,
        leader === null ? { kind: "query", id, query: bytes } : { kind: "read-index", id },
      );
    } else if (!this.#leader.read({ node: self, id }, null)) {
      this.#settle(pending, refused("busy", "too many reads wait for the leader"));
    }
  }

  #sendCommands(route: NodeId): void {
    const { self, now, options } = this.#state;
    let batch: SessionCommand[] = [];
    let bytes = 0;
    const answered = this.#answered();
    const session = this.#session.current(now);
    let opens = false;
    for (const pending of this.#pending.values()) {
      if (pending.kind !== "command" || pending.sentAt !== null) {
        continue;
      }
      if (route === self && this.#refuses(pending)) {
        continue;
      }
      if (pending.place === null && session === null) {
        opens = true;
        continue;
      }
      const command = this.#place(pending, session, answered);
      if (command === null) {
        continue;
      }
      pending.sentAt = now;
      pending.attempts++;
      batch.push(command);
      bytes += command.command.length;
      if (bytes >= options.maxAppendBytes || batch.length >= options.maxAppendEntries) {
        this.#submit(route, batch);
        [batch, bytes] = [[], 0];
      }
    }
    this.#submit(route, batch);
    if (opens && this.#session.openingSentAt === null) {
      this.#session.openingSentAt = now;
      this.#submit(route, [
        { client: this.#session.base, sequence: 0, answered: 0, command: EMPTY },
      ]);
    }
  }

  /** This node leads and takes no proposals now: certain for what it never took. */
  #refuses(pending: Pending): boolean {
    const obstacle = this.#leader.obstacle();
    if (obstacle !== null && pending.attempts === 0) {
      this.#settle(pending, refused(obstacle.code, obstacle.message));
    }
    return obstacle !== null;
  }

  /** The command with its place in the session; null while the window is full. */
  #place(pending: Pending, session: string | null, answered: number): SessionCommand | null {
    if (pending.place === null && session !== null) {
      const sequence = this.#session.next(answered);
      pending.place = sequence === null ? null : { session, sequence };
    }
    const { place, bytes } = pending;
    return place && { client: place.session, sequence: place.sequence, answered, command: bytes };
  }

  #submit(route: NodeId, commands: readonly SessionCommand[]): void {
    if (commands.length === 0) {
      return;
    }
    if (route !== this.#state.self) {
      this.#state.send(route, { kind: "forward", commands });
    } else if (this.#leader.obstacle() === null) {
      this.#leader.propose(commands, route);
    }
  }

  /** Everything up to this sequence has its answer. */
  #answered(): number {
    for (const { place } of this.#pending.values()) {
      if (place !== null) {
        return place.sequence - 1;
      }
    }
    return this.#session.last;
  }

  #find(session: string, sequence: number): Pending | null {
    for (const pending of this.#pending.values()) {
      if (pending.place?.sequence === sequence && pending.place.session === session) {
        return pending;
      }
    }
    return null;
  }

  #expire(pending: Pending): void {
    const known = this.#route() !== null;
    if (pending.attempts > 0) {
      this.#settle(pending, refused("unknown", "no answer came in time"));
    } else if (known) {
      this.#settle(pending, refused("busy", "the leader did not take it in time"));
    } else {
      this.#settle(pending, refused("no-leader", "no leader was found in time"));
    }
  }

  #settle(pending: Pending, outcome: ConsensusOutcome): void {
    if (this.#pending.delete(pending.id)) {
      this.#readsWaiting -= pending.readIndex === null ? 0 : 1;
      this.#answer(pending.request, outcome);
    }
  }

  #answer(request: number, outcome: ConsensusOutcome): void {
    this.#state.emit({ kind: "answered", request, outcome });
  }

  /** One timer for all: it looks at each when the next one is due. */
  #setTimer(): void {
    if (this.#timerSet || this.#pending.size === 0) {
      return;
    }
    const { now, options } = this.#state;
    let at = now + ms(options.retryIntervalMs);
    for (const { deadline } of this.#pending.values()) {
      at = Math.min(at, deadline);
    }
    this.#timerSet = true;
    this.#state.out.timer(REQUEST_TIMER, Math.max(at, now + 1));
  }
}
