/**
 * Quorum confirmation. One node alone can only find a member unreachable; it then becomes an
 * observer of (member, incarnation). The member is dead when more than half of the agreed membership
 * observe the same, whoever of them is alive at present.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import { MICROS_PER_MS, ms } from "#main/kernel/time.ts";
import type { SizedUpdate } from "./broadcasts.ts";
import type { Context } from "./context.ts";
import { TIMER } from "./context.ts";
import { quorum } from "./formulas.ts";
import type { Ballots, Observation, Update } from "./messages.ts";
import { Roster } from "./roster.ts";
import type { Entry } from "./table.ts";
import { Tally } from "./tally.ts";

/** Tag, two length bytes, incarnation and count: the bytes of an update besides names and ages. */
const UPDATE_OVERHEAD_BYTES = 16;
const OBSERVATION_OVERHEAD_BYTES = 4;
/** The growth of a count is told in this many steps up to the quorum. */
const OBSERVED_STEPS = 20;
/** Roster and count of groups; and age and length of one. */
const BALLOT_OVERHEAD_BYTES = 24;
const GROUP_OVERHEAD_BYTES = 6;

/** Observers by name, as bits, or both. */
export interface Votes {
  readonly observations: readonly Observation[];
  readonly ballots?: Ballots;
}

export class Confirmation {
  readonly #context: Context;
  readonly #tallies = new Map<NodeId, Tally>();
  readonly #roster: Roster;
  #armed = false;
  /** When somebody with another agreed membership told of observers; bits say nothing to it. */
  #strangerAt: Micros | null = null;

  constructor(context: Context) {
    this.#context = context;
    this.#roster = new Roster(context.table);
  }

  /** This node itself finds the member unreachable, for the first time or still. */
  observe(entry: Entry, now: Micros): void {
    const { self, table } = this.#context;
    const tally = this.#tally(entry, now);
    const before = tally.count;
    const own = table.get(self);
    const merged = own?.agreed === true ? tally.add(own.slot, now, now) : "nothing";
    this.#merged(entry, before, merged === "fresher");
    this.#keepTime(now);
  }

  /** This node got an answer from the member: it does not observe it any longer. */
  withdraw(entry: Entry): void {
    const own = this.#context.table.get(this.#context.self);
    if (own !== undefined && entry.state !== "dead") {
      this.#tallies.get(entry.id)?.remove(own.slot);
    }
  }

  /**
   * Counts what others observed of the entry's present incarnation. Only agreed members count, each
   * once, and the accused never. What others remember of this node's own observations is ignored:
   * it may have been withdrawn since.
   */
  merge(entry: Entry, { observations, ballots }: Votes, now: Micros): void {
    const { table, self } = this.#context;
    const tally = this.#tally(entry, now);
    const before = tally.count;
    let fresher = false;
    for (const { observer, ageMs } of observations) {
      const by = table.get(observer);
      if (by?.agreed === true && by !== entry && observer !== self) {
        fresher = tally.add(by.slot, now - ms(ageMs), now) === "fresher" || fresher;
      }
    }
    if (ballots !== undefined && ballots.roster === this.#roster.hash) {
      fresher = this.#mergeBallots(entry, tally, ballots, now) || fresher;
    } else if (ballots !== undefined) {
      this.#strangerAt = now;
    }
    this.#merged(entry, before, fresher);
  }

  #mergeBallots(entry: Entry, tally: Tally, ballots: Ballots, now: Micros): boolean {
    const { slots } = this.#roster;
    const own = this.#context.table.get(this.#context.self);
    // Nobody observes itself, and nobody else speaks for this node.
    const except = own === undefined ? [entry.slot] : [entry.slot, own.slot];
    let fresher = false;
    for (const { ageMs, bits } of ballots.groups) {
      const among = { slots, except };
      fresher = tally.addAll({ bits, madeAt: now - ms(ageMs) }, among, now) || fresher;
    }
    return fresher;
  }

  /** Some of the observers that the ballots tell of; nobody when they are about another roster. */
  someOf(ballots: Ballots, limit: number): readonly NodeId[] {
    const found: NodeId[] = [];
    if (ballots.roster !== this.#roster.hash) {
      return found;
    }
    const { slots } = this.#roster;
    for (const { bits } of ballots.groups) {
      for (let i = 0; i < slots.length && found.length < limit; i++) {
        const id = this.#context.table.atSlot(slots[i] ?? -1)?.id;
        if (((bits[i >> 3] ?? 0) & (1 << (i & 7))) !== 0 && id !== undefined) {
          found.push(id);
        }
      }
    }
    return found;
  }

  /** Whether a quorum of observers that have not expired stands behind the verdict. */
  hasQuorum(entry: Entry, now: Micros): boolean {
    const tally = this.#tallies.get(entry.id);
    if (tally === undefined || tally.count < this.#bar(entry).needed) {
      return false;
    }
    tally.expire(now);
    return tally.count >= this.#bar(entry).needed;
  }

  /** Whether this node and observers that are steady in its eyes are a quorum by themselves. */
  hasSteadyQuorum(entry: Entry, isSteady: (observer: Entry) => boolean): boolean {
    const { table, self } = this.#context;
    const tally = this.#tallies.get(entry.id);
    const { needed } = this.#bar(entry);
    let steady = 0;
    for (const slot of tally?.chunk(0, tally.count) ?? []) {
      const by = table.atSlot(slot);
      if (by !== undefined && (by.id === self || isSteady(by))) {
        steady++;
      }
    }
    return steady >= needed;
  }

  /** The tally becomes the certificate of a confirmed death. */
  certify(entry: Entry, now: Micros): void {
    const tally = this.#tally(entry, now);
    tally.freeze();
    this.#context.effects.emit({
      kind: "confirmed",
      member: entry.id,
      incarnation: entry.incarnation,
      observers: this.observations(entry, now, tally.count).map(({ observer }) => observer),
      ...this.#bar(entry),
    });
    this.#spread(entry);
  }

  /** The member has another incarnation, or is gone: what was observed is void. */
  clear(member: NodeId): void {
    this.#tallies.delete(member);
  }

  /** A member is gone: its slot may soon belong to another. */
  releaseSlot(slot: number): void {
    for (const tally of this.#tallies.values()) {
      tally.remove(slot);
    }
  }

  /** Up to `limit` observations of the member, a random part of them when there are more. */
  observations(entry: Entry, now: Micros, limit: number): readonly Observation[] {
    const { table, random } = this.#context;
    const tally = this.#tallies.get(entry.id);
    if (tally === undefined) {
      return [];
    }
    const start = tally.count > limit ? random.int(table.size) : 0;
    const found: Observation[] = [];
    for (const slot of tally.chunk(start, limit)) {
      const observer = table.atSlot(slot)?.id;
      if (observer !== undefined) {
        found.push({ observer, ageMs: tally.age(slot, now) / MICROS_PER_MS });
      }
    }
    return found;
  }

  /**
   * All observers as bits, when they are more than an update can name; now and then none, while
   * there is somebody about whose roster is another.
   */
  ballots(entry: Entry, now: Micros): Ballots | undefined {
    const { options, random } = this.#context;
    const tally = this.#tallies.get(entry.id);
    if (tally === undefined || tally.count <= options.observersPerUpdate) {
      return undefined;
    }
    const since = now - ms(options.observationTtlMs);
    if (this.#strangerAt !== null && this.#strangerAt > since && random.next() < 0.5) {
      return undefined;
    }
    return { roster: this.#roster.hash, groups: tally.groups(this.#roster.indices, now) };
  }

  /**
   * The update about a member's observers, within so many bytes, or larger when it fits into an
   * empty packet; `null` when there is none.
   */
  render(entry: Entry, maxBytes: number, now: Micros): SizedUpdate | null {
    const ballots = this.ballots(entry, now);
    if (ballots !== undefined) {
      const { id: member, incarnation } = entry;
      const update: Update = { kind: "observed", member, incarnation, observations: [], ballots };
      const size = UPDATE_OVERHEAD_BYTES + utf8Bound(member) + ballotBytes(ballots);
      if (size <= Math.max(maxBytes, this.#context.options.gossipBudgetBytes)) {
        return { update, size };
      }
    }
    const all = this.observations(entry, now, this.#context.options.observersPerUpdate);
    let size = UPDATE_OVERHEAD_BYTES + utf8Bound(entry.id);
    const observations: Observation[] = [];
    for (const observation of all) {
      const bytes = OBSERVATION_OVERHEAD_BYTES + utf8Bound(observation.observer);
      if (size + bytes > maxBytes) {
        break;
      }
      size += bytes;
      observations.push(observation);
    }
    if (observations.length === 0) {
      return null;
    }
    const { id: member, incarnation } = entry;
    return { update: { kind: "observed", member, incarnation, observations }, size };
  }

  /**
   * Periodic while anybody is unreachable: drops expired observations and repeats this node's own.
   * Returns the members whose count may have changed.
   */
  keepTime(now: Micros): readonly Entry[] {
    this.#armed = false;
    const { table, self, options } = this.#context;
    const own = table.get(self);
    const unreachable: Entry[] = [];
    for (const id of table.lost) {
      const entry = table.get(id);
      const tally = this.#tallies.get(id);
      if (entry?.state !== "unreachable" || tally === undefined || own === undefined) {
        continue;
      }
      unreachable.push(entry);
      if (tally.has(own.slot) && tally.age(own.slot, now) >= ms(options.observationTtlMs) / 2) {
        this.observe(entry, now);
      }
      tally.expire(now);
    }
    if (unreachable.length > 0) {
      this.#askForVotes(unreachable);
      this.#keepTime(now);
    }
    return unreachable;
  }

  /**
   * Somebody lacks votes about the member: send all that are counted here. News dies out, and a
   * certificate of many chunks may never have been complete everywhere.
   */
  answerVotes(to: NodeId, entry: Entry, now: Micros): void {
    const { effects, options } = this.#context;
    const { id: member, incarnation } = entry;
    const all = this.observations(entry, now, this.#tallies.get(member)?.count ?? 0);
    for (let from = 0; from < all.length; from += options.observersPerUpdate) {
      const observations = all.slice(from, from + options.observersPerUpdate);
      effects.send(to, {
        kind: "gossip",
        updates: [{ kind: "observed", member, incarnation, observations }],
      });
    }
  }

  /** One random member is asked about one random case: in a minority there are many, for long. */
  #askForVotes(unreachable: readonly Entry[]): void {
    const { table, random, effects } = this.#context;
    const entry = unreachable[random.int(unreachable.length)];
    const to = table.live.length === 0 ? undefined : table.live[random.int(table.live.length)];
    if (entry !== undefined && to !== undefined) {
      const { id: member, incarnation } = entry;
      effects.send(to, { kind: "votes", member, incarnation });
    }
  }

  /** N counts the accused too, so that a lone founder cannot bury a joiner that nobody agreed on. */
  #bar(entry: Entry): { readonly needed: number; readonly of: number } {
    const of = this.#context.table.agreedSize + (entry.agreed ? 0 : 1);
    return { needed: quorum(of), of };
  }

  #tally(entry: Entry, now: Micros): Tally {
    let tally = this.#tallies.get(entry.id);
    if (tally === undefined) {
      tally = new Tally(ms(this.#context.options.observationTtlMs), now);
      this.#tallies.set(entry.id, tally);
    }
    return tally;
  }

  #merged(entry: Entry, before: number, fresher: boolean): void {
    const observers = this.#tallies.get(entry.id)?.count ?? 0;
    const bar = this.#bar(entry);
    // In a big mesh every step would be told a thousand times a second.
    const step = Math.ceil(bar.needed / OBSERVED_STEPS);
    if (Math.floor(observers / step) > Math.floor(before / step)) {
      const { id: member, incarnation } = entry;
      this.#context.effects.emit({ kind: "observed", member, incarnation, observers, ...bar });
    }
    if (observers > before || fresher) {
      this.#spread(entry);
    }
  }

  #spread(entry: Entry): void {
    const { news, options, table } = this.#context;
    const count = this.#tallies.get(entry.id)?.count ?? 0;
    // What counts for the order of sending; the real size is known when it is made.
    const least =
      count > options.observersPerUpdate
        ? BALLOT_OVERHEAD_BYTES + table.agreedSize / 8
        : OBSERVATION_OVERHEAD_BYTES * count;
    news.enqueue(entry.id, UPDATE_OVERHEAD_BYTES + least, null);
  }

  #keepTime(now: Micros): void {
    if (!this.#armed) {
      this.#armed = true;
      const { effects, options } = this.#context;
      effects.timer(TIMER.observe, now + ms(options.observationTtlMs / 4));
    }
  }
}

function ballotBytes({ groups }: Ballots): number {
  return groups.reduce(
    (sum, { bits }) => sum + GROUP_OVERHEAD_BYTES + bits.length,
    BALLOT_OVERHEAD_BYTES,
  );
}

/** An upper bound of the UTF-8 bytes: exact for ASCII names, generous for others. */
function utf8Bound(text: string): number {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7f) {
      return text.length * 3;
    }
  }
  return text.length;
}
