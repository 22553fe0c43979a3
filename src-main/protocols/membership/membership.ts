/**
 * The membership machine: who belongs to the mesh and in what state, agreed on by gossip. It does not
 * probe; detectors report to it. This file routes inputs to the parts; each part is a file of its
 * own.
 */
import type { Machine, NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import type { WireReader } from "#main/kernel/wire.ts";
import { WireWriter } from "#main/kernel/wire.ts";
import { Agreement } from "./agreement.ts";
import { BroadcastQueue } from "./broadcasts.ts";
import { Claims } from "./claims.ts";
import { readUpdates, writeUpdates } from "./codec.ts";
import { Confirmation } from "./confirmation.ts";
import type { Context } from "./context.ts";
import { Effects, TIMER } from "./context.ts";
import { Gossip } from "./gossip.ts";
import { Inbox } from "./inbox.ts";
import { Join } from "./join.ts";
import { Leave } from "./leave.ts";
import type { MembershipOptions } from "./options.ts";
import { MAX_MEMBERS } from "./options.ts";
import { Reaper } from "./reaper.ts";
import { Suspicions } from "./suspicions.ts";
import { Sync } from "./sync.ts";
import type { Entry } from "./table.ts";
import { MemberTable, REMEMBERED } from "./table.ts";
import { Tombstones } from "./tombstones.ts";
import type {
  MembershipBoot,
  MembershipEffect,
  MembershipInput,
  MemberState,
  MemberView,
  ReportReason,
} from "./types.ts";
import { aliveUpdate, Verdicts } from "./verdicts.ts";

const NOTHING: readonly MembershipEffect[] = [];

export class Membership implements Machine<MembershipInput, MembershipEffect> {
  readonly #context: Context;
  readonly #claims: Claims;
  readonly #suspicions: Suspicions;
  readonly #confirmation: Confirmation;
  readonly #tombstones: Tombstones;
  readonly #verdicts: Verdicts;
  readonly #inbox: Inbox;
  readonly #gossip: Gossip;
  readonly #sync: Sync;
  readonly #join: Join;
  readonly #leave: Leave;
  readonly #agreement: Agreement;
  readonly #reaper: Reaper;
  /** An empty disk in a mesh that starts formed: everybody knows the first claim already. */
  readonly #announceFirst: boolean;
  #seedsToAsk: readonly NodeId[] | null = null;

  constructor(boot: MembershipBoot, options: MembershipOptions, random: Random) {
    const context: Context = {
      self: boot.self,
      options,
      random: random.fork("membership"),
      table: new MemberTable(boot.self),
      news: new BroadcastQueue(),
      effects: new Effects(),
    };
    this.#context = context;
    this.#announceFirst = boot.record !== null;
    this.#claims = new Claims(context, boot);
    this.#suspicions = new Suspicions(context);
    this.#confirmation = new Confirmation(context);
    this.#tombstones = new Tombstones(ms(options.tombstoneMs), MAX_MEMBERS);
    this.#verdicts = new Verdicts(context, {
      suspicions: this.#suspicions,
      confirmation: this.#confirmation,
      tombstones: this.#tombstones,
      scale: new WireWriter(),
    });
    this.#gossip = new Gossip(context, this.#suspicions, this.#confirmation);
    this.#sync = new Sync(context, {
      verdicts: this.#verdicts,
      confirmation: this.#confirmation,
      tombstones: this.#tombstones,
    });
    this.#join = new Join(context, (now) => this.#sync.snapshot(this.#claims.entry, now, "named"));
    this.#leave = new Leave(context, this.#claims, this.#verdicts);
    this.#agreement = new Agreement(context);
    this.#reaper = new Reaper(context, this.#tombstones);
    this.#inbox = new Inbox(context, {
      claims: this.#claims,
      confirmation: this.#confirmation,
      join: this.#join,
      leave: this.#leave,
      sync: this.#sync,
      verdicts: this.#verdicts,
    });
    this.#remember(boot);
  }

  get self(): NodeId {
    return this.#context.self;
  }

  /** The incarnation that may be claimed. */
  get incarnation(): number {
    return this.#claims.entry.incarnation;
  }

  /** Alive or suspect members without this node, in no order; a live array, not to be kept. */
  get live(): readonly NodeId[] {
    return this.#context.table.live;
  }

  /** N of every quorum. */
  get agreedSize(): number {
    return this.#context.table.agreedSize;
  }

  /** How many of the agreed members are alive or suspect, this node included. */
  get reachableAgreed(): number {
    return this.#context.table.reachableAgreed;
  }

  stateOf(member: NodeId): MemberState | undefined {
    return this.#context.table.get(member)?.state;
  }

  member(id: NodeId): MemberView | undefined {
    const entry = this.#context.table.get(id);
    return entry === undefined ? undefined : viewOf(entry);
  }

  /** Everybody known, this node included. */
  *members(): IterableIterator<MemberView> {
    for (const entry of this.#context.table.entries()) {
      yield viewOf(entry);
    }
  }

  /** Hash of (id, incarnation, state) of all members that have not left. */
  digest(): string {
    return this.#context.table.digest();
  }

  step(input: MembershipInput): readonly MembershipEffect[] {
    if (this.#leave.done) {
      return NOTHING;
    }
    this.#handle(input);
    return this.#finish(input.now);
  }

  /**
   * Appends news for a packet that is about to leave for `to`, and counts it as sent. At most
   * `budgetBytes`, plus what `to` is accused of, plus one byte.
   */
  piggyback(to: NodeId, writer: WireWriter, budgetBytes: number, now: Micros): void {
    const silent = !this.#claims.ready || this.#leave.done;
    writeUpdates(writer, silent ? [] : this.#gossip.updatesFor(to, budgetBytes, now));
  }

  /** Reads what `piggyback` wrote. Throws `DecodeError`, and then nothing has changed. */
  receiveUpdates(from: NodeId, reader: WireReader, now: Micros): readonly MembershipEffect[] {
    const updates = readUpdates(reader);
    if (updates.length === 0 || !this.#claims.ready || this.#leave.done) {
      return NOTHING;
    }
    this.#inbox.apply(updates, from, now);
    return this.#finish(now);
  }

  /** Those it knows are there; those it only remembers count as well, but first have to be heard. */
  #remember({ self, record, members }: MembershipBoot): void {
    const { table } = this.#context;
    const known = new Set(members.map((member) => member.id)).add(self);
    for (const id of record?.agreed ?? []) {
      if (!known.has(id)) {
        const metadata = { zone: "", address: "", tags: {} };
        table.add({ id, state: "unreachable", incarnation: REMEMBERED, metadata, agreed: true }, 0);
      }
    }
    if (record !== null && record.agreed.size > 0) {
      // All of that is on the disk already.
      table.takeAgreedChanges();
    }
    for (const member of members) {
      if (member.id !== self) {
        table.add({ ...member, state: "alive", agreed: true }, 0);
      }
    }
  }

  #finish(now: Micros): readonly MembershipEffect[] {
    this.#claims.recordAgreed();
    this.#gossip.arm(now);
    this.#agreement.arm(now);
    this.#reaper.arm(now);
    return this.#context.effects.drain();
  }

  #handle(input: MembershipInput): void {
    switch (input.kind) {
      case "start":
        this.#claims.start();
        this.#sync.start(input.now);
        break;
      case "message":
        // Before its first claim is durable a node has nothing to say and hears nothing.
        if (this.#claims.ready) {
          this.#inbox.receive(input.from, input.message, input.now);
        }
        break;
      case "timer":
        this.#timer(input.timer, input.now);
        break;
      case "join":
        this.#seedsToAsk = input.seeds;
        this.#askSeeds(input.now);
        break;
      case "leave":
        this.#join.stop();
        this.#leave.begin();
        break;
      case "report":
        this.#report(input.member, input.reason, input.now);
        break;
      case "answered":
        this.#answered(input.member, input.incarnation, input.now);
        break;
      case "writable":
        this.#inbox.writable = input.writable;
        if (!input.writable) {
          this.#agreement.unfit();
        }
        break;
      case "describe":
        this.#claims.describe(input.metadata);
        break;
      case "forget":
        this.#forget(input.member, input.now);
        break;
    }
  }

  #timer(timer: string, now: Micros): void {
    switch (timer) {
      case TIMER.gossip:
        this.#gossip.tick(now);
        break;
      case TIMER.sync:
        this.#sync.tick(now);
        break;
      case TIMER.join:
        this.#join.timer(now);
        break;
      case TIMER.agree:
        for (const entry of this.#agreement.tick(now, this.#inbox.writable)) {
          this.#sync.agree(entry);
        }
        break;
      case TIMER.observe:
        for (const entry of this.#confirmation.keepTime(now)) {
          this.#verdicts.confirmIfQuorum(entry, now);
        }
        break;
      case TIMER.reap:
        for (const entry of this.#reaper.tick(now)) {
          this.#verdicts.remove(entry, now);
        }
        break;
      case TIMER.leave:
        this.#leave.announce(now);
        break;
      case TIMER.left:
        this.#leave.finish();
        break;
      default:
        this.#memberTimer(timer, now);
    }
  }

  /** Timers with a member or a number behind the slash. */
  #memberTimer(timer: string, now: Micros): void {
    if (timer.startsWith(TIMER.suspicion)) {
      const entry = this.#context.table.get(timer.slice(TIMER.suspicion.length));
      if (entry !== undefined) {
        this.#verdicts.suspicionExpired(entry, now);
      }
    } else if (timer.startsWith(TIMER.announce)) {
      this.#announce(Number(timer.slice(TIMER.announce.length)), now);
    }
  }

  #announce(incarnation: number, now: Micros): void {
    const first = !this.#claims.ready;
    if (!this.#claims.announce(incarnation, now)) {
      return;
    }
    if (!first || this.#announceFirst) {
      this.#verdicts.spread(aliveUpdate(this.#claims.entry));
    }
    this.#askSeeds(now);
  }

  /** Joining waits for the first claim to be durable. */
  #askSeeds(now: Micros): void {
    if (this.#seedsToAsk !== null && this.#claims.ready) {
      this.#join.begin(this.#seedsToAsk, now);
      this.#seedsToAsk = null;
    }
  }

  #report(member: NodeId, reason: ReportReason, now: Micros): void {
    const { table, self } = this.#context;
    const entry = table.get(member);
    if (entry === undefined || member === self) {
      return;
    }
    if (entry.incarnation === REMEMBERED) {
      // Silent to this node, too: from here on it is a verdict like any other.
      table.setState(entry, "unreachable", 0, now);
    }
    if (entry.state === "unreachable") {
      this.#confirmation.observe(entry, now);
      this.#verdicts.confirmIfQuorum(entry, now);
      return;
    }
    this.#verdicts.suspect(member, entry.incarnation, self, { now, reason, by: null });
  }

  /**
   * The member answers, but that does not clear it: only its own higher incarnation does, or peers
   * that heard different things would never agree. It is told at once what it is accused of.
   */
  #answered(member: NodeId, incarnation: number, now: Micros): void {
    const { table, effects } = this.#context;
    const entry = table.get(member);
    if (entry === undefined || entry.state === "left") {
      return;
    }
    if (incarnation < entry.incarnation && entry.state === "alive") {
      // A former life's incarnation stands in its way: let it rise above that.
      effects.send(member, { kind: "gossip", updates: [aliveUpdate(entry)] });
      return;
    }
    if (entry.state === "alive") {
      return;
    }
    if (incarnation > entry.incarnation) {
      // It lives on in a claim this node missed, and would not answer to an older accusation.
      this.#sync.ask(member);
      return;
    }
    this.#suspicions.answered(member);
    this.#confirmation.withdraw(entry);
    const updates = this.#gossip.updatesFor(member, 0, now);
    effects.send(member, { kind: "gossip", updates });
  }

  #forget(member: NodeId, now: Micros): void {
    const { table, effects } = this.#context;
    const entry = table.get(member);
    const lost = entry?.state === "dead" || (entry?.state === "unreachable" && !entry.agreed);
    if (entry === undefined || !lost || !this.#inbox.writable) {
      const reason = entry === undefined ? "unknown" : lost ? "read-only" : "not-dead";
      effects.emit({ kind: "forget-refused", member, reason });
      return;
    }
    this.#verdicts.forgotten(member, entry.incarnation, { now, reason: "forgotten", by: null });
  }
}

function viewOf(entry: Entry): MemberView {
  const { id, state, incarnation, metadata, since, agreed } = entry;
  return { id, state, incarnation, metadata, since, agreed };
}
