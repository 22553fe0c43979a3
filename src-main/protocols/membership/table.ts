/**
 * The member table: who is known, with what verdict, and the figures that follow from it, kept up to
 * date with every change so that nobody has to walk the table for a message.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { Micros } from "#main/kernel/time.ts";
import { SetDigest } from "./digest.ts";
import { RANK } from "./precedence.ts";
import type { MemberMetadata, MemberState } from "./types.ts";

/** One member. Read anywhere; changed only by the table. */
export interface Entry {
  readonly id: NodeId;
  /** A small number, this member's place in every tally; reused after removal. */
  readonly slot: number;
  state: MemberState;
  incarnation: number;
  metadata: MemberMetadata;
  /** The incarnation that `metadata` was claimed with; behind when only accusations arrived. */
  metadataOf: number;
  since: Micros;
  agreed: boolean;
  leaveTime: number;
  /** Index in the list of live or lost members; −1 for this node itself and for left members. */
  place: number;
}

export interface NewMember {
  readonly id: NodeId;
  readonly state: MemberState;
  readonly incarnation: number;
  readonly metadata: MemberMetadata;
  readonly agreed: boolean;
}

/** Who counts in the agreed membership from now on, and who no longer. */
export interface AgreedChanges {
  readonly joined: readonly NodeId[];
  readonly gone: readonly NodeId[];
}

/**
 * The incarnation of a member that is only remembered from the disk: below all that it may claim,
 * so whatever is heard of it is news. Never told to others.
 */
export const REMEMBERED = -1;

export class MemberTable {
  readonly #self: NodeId;
  readonly #entries = new Map<NodeId, Entry>();
  readonly #bySlot: (Entry | undefined)[] = [];
  readonly #freeSlots: number[] = [];
  /** Alive or suspect, and unreachable or dead; both without this node. Unordered. */
  readonly #live: NodeId[] = [];
  readonly #lost: NodeId[] = [];
  readonly #digest = new SetDigest();
  readonly #syncDigest = new SetDigest();
  /** Member → whether it counts now, where that differs from what was taken last. */
  #agreedChanges = new Map<NodeId, boolean>();
  #agreedVersion = 0;
  #agreedSize = 0;
  #reachableAgreed = 0;
  #present = 0;
  #accused = 0;

  constructor(self: NodeId) {
    this.#self = self;
  }

  get live(): readonly NodeId[] {
    return this.#live;
  }

  get lost(): readonly NodeId[] {
    return this.#lost;
  }

  /** N of every quorum: agreed and not left, whatever their verdict. */
  get agreedSize(): number {
    return this.#agreedSize;
  }

  /** Another number after every change of who is agreed. */
  get agreedVersion(): number {
    return this.#agreedVersion;
  }

  get reachableAgreed(): number {
    return this.#reachableAgreed;
  }

  /** Members that have not left, this node included. */
  get present(): number {
    return this.#present;
  }

  /** Members with a verdict against them: neither alive nor left. */
  get accused(): number {
    return this.#accused;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(id: NodeId): Entry | undefined {
    return this.#entries.get(id);
  }

  atSlot(slot: number): Entry | undefined {
    return this.#bySlot[slot];
  }

  entries(): IterableIterator<Entry> {
    return this.#entries.values();
  }

  /** Hash of (id, incarnation, state) of all that have not left. */
  digest(): string {
    return this.#digest.toString();
  }

  /** Hash of everything a full exchange would bring into line. */
  syncDigest(): string {
    return this.#syncDigest.toString();
  }

  add(member: NewMember, now: Micros): Entry {
    const slot = this.#freeSlots.pop() ?? this.#bySlot.length;
    const entry: Entry = {
      ...member,
      slot,
      metadataOf: member.incarnation,
      since: now,
      leaveTime: 0,
      place: -1,
    };
    this.#bySlot[slot] = entry;
    this.#entries.set(entry.id, entry);
    this.#account(entry, 1);
    this.#countsNow(entry, false);
    return entry;
  }

  remove(entry: Entry): void {
    this.setAgreed(entry, false);
    this.#account(entry, -1);
    this.#entries.delete(entry.id);
    this.#bySlot[entry.slot] = undefined;
    this.#freeSlots.push(entry.slot);
  }

  /** A new verdict. Who leaves gives up the place in the agreed membership. */
  setState(entry: Entry, state: MemberState, incarnation: number, now: Micros): void {
    const before = entry.agreed;
    this.#account(entry, -1);
    if (entry.state !== state) {
      entry.since = now;
    }
    entry.state = state;
    entry.incarnation = incarnation;
    entry.agreed &&= state !== "left";
    this.#account(entry, 1);
    this.#countsNow(entry, before);
  }

  setMetadata(entry: Entry, metadata: MemberMetadata, incarnation: number): void {
    this.#account(entry, -1);
    entry.metadata = metadata;
    entry.metadataOf = incarnation;
    this.#account(entry, 1);
  }

  setAgreed(entry: Entry, agreed: boolean): void {
    const before = entry.agreed;
    this.#account(entry, -1);
    entry.agreed = agreed;
    this.#account(entry, 1);
    this.#countsNow(entry, before);
  }

  /** What changed in the agreed membership since the last call; `null` when nothing did. */
  takeAgreedChanges(): AgreedChanges | null {
    if (this.#agreedChanges.size === 0) {
      return null;
    }
    const joined: NodeId[] = [];
    const gone: NodeId[] = [];
    for (const [id, counts] of this.#agreedChanges) {
      (counts ? joined : gone).push(id);
    }
    this.#agreedChanges = new Map();
    return { joined, gone };
  }

  #countsNow(entry: Entry, before: boolean): void {
    if (entry.agreed === before) {
      return;
    }
    this.#agreedVersion++;
    if (!this.#agreedChanges.delete(entry.id)) {
      this.#agreedChanges.set(entry.id, entry.agreed);
    }
  }

  /**
   * Up to `count` distinct members, uniformly from the live ones and those lost ones that `lostToo`
   * accepts. Draws at most three times `count` members, so it may find fewer.
   */
  pick(count: number, random: Random, lostToo: (entry: Entry) => boolean): readonly NodeId[] {
    const total = this.#live.length + this.#lost.length;
    const picked: NodeId[] = [];
    for (let tries = 0; tries < 3 * count && picked.length < Math.min(count, total); tries++) {
      const index = random.int(total);
      const id = this.#live[index] ?? this.#lost[index - this.#live.length];
      const entry = id === undefined ? undefined : this.#entries.get(id);
      if (entry === undefined || picked.includes(entry.id)) {
        continue;
      }
      if (index < this.#live.length || lostToo(entry)) {
        picked.push(entry.id);
      }
    }
    return picked;
  }

  /** Adds (+1) or takes away (−1) what the entry contributes to every figure. */
  #account(entry: Entry, sign: 1 | -1): void {
    const reachable = entry.state === "alive" || entry.state === "suspect";
    if (entry.agreed) {
      this.#agreedSize += sign;
      this.#reachableAgreed += reachable ? sign : 0;
    }
    if (entry.state === "left") {
      return;
    }
    this.#present += sign;
    this.#accused += entry.state === "alive" ? 0 : sign;
    const row = [entry.incarnation, RANK[entry.state]];
    const syncRow = [...row, entry.agreed ? 1 : 0, entry.metadataOf];
    if (sign === 1) {
      this.#digest.add(entry.id, row);
      this.#syncDigest.add(entry.id, syncRow);
    } else {
      this.#digest.remove(entry.id, row);
      this.#syncDigest.remove(entry.id, syncRow);
    }
    if (entry.id !== this.#self) {
      this.#list(entry, reachable ? this.#live : this.#lost, sign);
    }
  }

  #list(entry: Entry, list: NodeId[], sign: 1 | -1): void {
    if (sign === 1) {
      entry.place = list.length;
      list.push(entry.id);
      return;
    }
    const last = list.pop();
    const moved = last === undefined || last === entry.id ? undefined : this.#entries.get(last);
    if (moved !== undefined) {
      list[entry.place] = moved.id;
      moved.place = entry.place;
    }
    entry.place = -1;
  }
}
