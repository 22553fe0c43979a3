/**
 * What this node believes about the others: every piece of news, whether gossiped, exchanged or found
 * out by itself, passes through here and is held against the order of precedence.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import type { WireWriter } from "#main/kernel/wire.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import { writeUpdate } from "./codec.ts";
import type { Confirmation, Votes } from "./confirmation.ts";
import type { Context } from "./context.ts";
import { minSuspicionMs } from "./formulas.ts";
import type { Update } from "./messages.ts";
import { supersedes } from "./precedence.ts";
import type { Suspicions } from "./suspicions.ts";
import type { Entry } from "./table.ts";
import type { Tombstones } from "./tombstones.ts";
import type { MemberMetadata, MemberState, StateReason } from "./types.ts";

/** Where a piece of news comes from. */
export interface Source {
  readonly now: Micros;
  readonly reason: StateReason;
  /** Who told, or accused; `null` for this node's own conclusions. */
  readonly by: NodeId | null;
  /** New members learnt from it are no news to anybody else: a joiner repeats nobody. */
  readonly quiet?: boolean;
}

export interface AliveNews {
  readonly id: NodeId;
  readonly incarnation: number;
  readonly metadata: MemberMetadata;
}

/** Once is enough for most refutations; the second time makes up for lost packets. */
const DISPUTE_SUSPICIONS = 2;

export class Verdicts {
  readonly #context: Context;
  readonly #suspicions: Suspicions;
  readonly #confirmation: Confirmation;
  readonly #tombstones: Tombstones;
  /** Measures updates, so that the queue knows what fits into a packet. */
  readonly #scale: WireWriter;
  /** Members with a quorum of votes that is not steady yet, and since when. */
  readonly #disputed = new Map<NodeId, Micros>();
  /** When members that had been in doubt here were found alive again. */
  readonly #clearedAt = new Map<NodeId, Micros>();

  constructor(
    context: Context,
    parts: {
      readonly suspicions: Suspicions;
      readonly confirmation: Confirmation;
      readonly tombstones: Tombstones;
      readonly scale: WireWriter;
    },
  ) {
    this.#context = context;
    this.#suspicions = parts.suspicions;
    this.#confirmation = parts.confirmation;
    this.#tombstones = parts.tombstones;
    this.#scale = parts.scale;
  }

  /** The member speaks for itself. Only this brings a new member in. */
  alive(news: AliveNews, source: Source): void {
    const { table, options } = this.#context;
    const entry = table.get(news.id);
    if (entry === undefined) {
      if (table.size >= options.maxMembers || this.#buried(news, source.now)) {
        return;
      }
      const added = table.add({ ...news, state: "alive", agreed: false }, source.now);
      this.#emitState(added, null, source);
      this.#emitMetadata(added);
      if (source.quiet !== true) {
        this.spread(aliveUpdate(added));
      }
      return;
    }
    if (news.incarnation > entry.metadataOf) {
      this.#takeMetadata(entry, news);
    }
    if (supersedes({ state: "alive", incarnation: news.incarnation }, entry)) {
      this.#become(entry, "alive", news.incarnation, source);
      this.spread(aliveUpdate(entry));
    }
  }

  /** An accusation. About an unknown member it is ignored: rumours do not create members. */
  suspect(member: NodeId, incarnation: number, accuser: NodeId, source: Source): void {
    const entry = this.#context.table.get(member);
    if (entry === undefined) {
      return;
    }
    if (supersedes({ state: "suspect", incarnation }, entry)) {
      this.#become(entry, "suspect", incarnation, source);
      this.#suspicions.start(entry, accuser, source.now);
      this.spread({ kind: "suspect", member, incarnation, accuser });
      return;
    }
    const same = incarnation === entry.incarnation && entry.state === "suspect";
    if (same && this.#suspicions.accuse(entry, accuser, source.now)) {
      this.spread({ kind: "suspect", member, incarnation, accuser });
    }
  }

  /**
   * What others observed. Observers accuse; and they are counted. Whoever still holds the member
   * alive gives it a suspicion's time first, however many observers there are.
   */
  observed(member: NodeId, incarnation: number, votes: Votes, source: Source): void {
    const { table, options } = this.#context;
    const entry = table.get(member);
    if (entry === undefined) {
      return;
    }
    for (const { observer } of votes.observations) {
      this.suspect(member, incarnation, observer, source);
    }
    const accusation = { state: "suspect", incarnation } as const;
    if (votes.ballots !== undefined && !supersedes(entry, accusation)) {
      // More accusers than these do not shorten a suspicion.
      const enough = Math.ceil(options.suspicionMultiplier) + 1;
      for (const observer of this.#confirmation.someOf(votes.ballots, enough)) {
        this.suspect(member, incarnation, observer, source);
      }
    }
    const open = entry.state === "suspect" || entry.state === "unreachable";
    if (open && incarnation === entry.incarnation) {
      this.#confirmation.merge(entry, votes, source.now);
      this.confirmIfQuorum(entry, source.now);
    }
  }

  /**
   * The member said goodbye. The time of the intent is always kept, also when the verdict stays: two
   * intents would otherwise chase each other through the mesh for ever.
   */
  left(update: Extract<Update, { kind: "left" }>, source: Source): void {
    const entry = this.#context.table.get(update.member);
    if (entry === undefined) {
      return;
    }
    const newer = update.leaveTime > entry.leaveTime;
    entry.leaveTime = Math.max(entry.leaveTime, update.leaveTime);
    const { incarnation } = update;
    if (supersedes({ state: "left", incarnation }, entry)) {
      this.#become(entry, "left", incarnation, source);
      this.spread(update);
      this.recheckQuorums(source.now);
    } else if (newer && entry.state === "left" && incarnation === entry.incarnation) {
      this.spread(update);
    }
  }

  /** An operator took the member out. It is remembered only as a tombstone. */
  forgotten(member: NodeId, incarnation: number, source: Source): void {
    const { table } = this.#context;
    const entry = table.get(member);
    if (entry === undefined || incarnation < entry.incarnation) {
      return;
    }
    if (entry.state !== "left") {
      this.#become(entry, "left", incarnation, source);
    }
    this.remove(entry, source.now);
    this.spread({ kind: "forgotten", member, incarnation });
    this.recheckQuorums(source.now);
  }

  /** Drops the member from the table and leaves a tombstone against old news. */
  remove(entry: Entry, now: Micros): void {
    const { table, news, effects } = this.#context;
    this.#suspicions.cancel(entry.id);
    this.#confirmation.clear(entry.id);
    this.#confirmation.releaseSlot(entry.slot);
    this.#disputed.delete(entry.id);
    this.#clearedAt.delete(entry.id);
    news.invalidate(entry.id);
    table.remove(entry);
    this.#tombstones.bury(entry.id, entry.incarnation, now);
    effects.emit({ kind: "removed", member: entry.id });
  }

  /** The suspicion ran out unanswered: this node's verdict, and its vote. */
  suspicionExpired(entry: Entry, now: Micros): void {
    if (!this.#suspicions.expire(entry, now)) {
      return;
    }
    const source: Source = { now, reason: "suspicion-timeout", by: null };
    this.#become(entry, "unreachable", entry.incarnation, source);
    this.#confirmation.observe(entry, now);
    this.confirmIfQuorum(entry, now);
  }

  /** Dead needs both: this node's own verdict, and a quorum of observers. */
  confirmIfQuorum(entry: Entry, now: Micros): void {
    if (entry.state !== "unreachable") {
      return;
    }
    if (!this.#confirmation.hasQuorum(entry, now)) {
      this.#disputed.delete(entry.id);
      return;
    }
    if (this.#mayStillRefute(entry, now)) {
      return;
    }
    this.#become(entry, "dead", entry.incarnation, { now, reason: "quorum", by: null });
    this.#confirmation.certify(entry, now);
  }

  /**
   * When minorities find each other again, the votes of each against the next add up to a quorum
   * before the accused have had their say. So a quorum that needs votes of members who are in doubt
   * here, or were until just now, waits for some of a suspicion's shortest times.
   */
  #mayStillRefute(entry: Entry, now: Micros): boolean {
    const { table, options } = this.#context;
    const { suspicionMultiplier, probeIntervalMs } = options;
    const suspicion = minSuspicionMs(suspicionMultiplier, table.agreedSize, probeIntervalMs);
    const grace = ms(DISPUTE_SUSPICIONS * suspicion);
    const isSteady = ({ id, state }: Entry) =>
      state === "alive" && (this.#clearedAt.get(id) ?? -grace) <= now - grace;
    if (this.#confirmation.hasSteadyQuorum(entry, isSteady)) {
      return false;
    }
    const since = this.#disputed.get(entry.id) ?? now;
    this.#disputed.set(entry.id, since);
    return now < since + grace;
  }

  /** The agreed membership shrank: fewer observers may be enough now. */
  recheckQuorums(now: Micros): void {
    const { table } = this.#context;
    // A copy: a verdict that changes moves the member within the list.
    for (const id of table.lost.slice()) {
      const entry = table.get(id);
      if (entry !== undefined) {
        this.confirmIfQuorum(entry, now);
      }
    }
  }

  /** Queues an update for everybody. */
  spread(update: Update): void {
    this.#scale.reset();
    writeUpdate(this.#scale, update);
    this.#context.news.enqueue(update.member, this.#scale.length, update);
  }

  #buried(news: AliveNews, now: Micros): boolean {
    const incarnation = this.#tombstones.incarnation(news.id, now);
    if (incarnation === undefined || news.incarnation > incarnation) {
      return false;
    }
    // Who sends old news missed the removal.
    this.spread({ kind: "forgotten", member: news.id, incarnation });
    return true;
  }

  #takeMetadata(entry: Entry, news: AliveNews): void {
    const before = entry.metadata;
    this.#context.table.setMetadata(entry, news.metadata, news.incarnation);
    if (!sameMetadata(before, news.metadata)) {
      this.#emitMetadata(entry);
    }
  }

  /** The one place where a verdict on another member changes. */
  #become(entry: Entry, state: MemberState, incarnation: number, source: Source): void {
    const previous = entry.state;
    if (previous === "suspect") {
      this.#suspicions.cancel(entry.id);
    }
    if (incarnation !== entry.incarnation || state === "left") {
      this.#confirmation.clear(entry.id);
    }
    this.#disputed.delete(entry.id);
    if (state === "alive") {
      this.#clearedAt.set(entry.id, source.now);
    }
    this.#context.table.setState(entry, state, incarnation, source.now);
    this.#emitState(entry, previous, source);
  }

  #emitState(entry: Entry, previous: MemberState | null, source: Source): void {
    this.#context.effects.emit({
      kind: "state",
      member: entry.id,
      state: entry.state,
      previous,
      incarnation: entry.incarnation,
      reason: source.reason,
      by: source.by,
    });
  }

  #emitMetadata(entry: Entry): void {
    this.#context.effects.emit({
      kind: "metadata",
      member: entry.id,
      metadata: entry.metadata,
    });
  }
}

export function aliveUpdate(entry: Entry): Update {
  return {
    kind: "alive",
    member: entry.id,
    incarnation: entry.incarnation,
    metadata: entry.metadata,
  };
}

export function sameMetadata(a: MemberMetadata, b: MemberMetadata): boolean {
  if (a.zone !== b.zone || a.address !== b.address) {
    return false;
  }
  const names = Object.keys(a.tags);
  return (
    names.length === Object.keys(b.tags).length &&
    names.every((name) => a.tags[name] === b.tags[name])
  );
}
