/**
 * What this node claims about itself: its incarnation and metadata. A claim goes to the disk first;
 * the timer that announces it is armed only once it is there, so a crash can never make the node
 * reuse an incarnation that others have seen.
 */
import type { NodeId, TimerName } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { Context } from "./context.ts";
import { TIMER } from "./context.ts";
import { refutingIncarnation } from "./precedence.ts";
import type { AgreedChanges, Entry } from "./table.ts";
import type { MemberMetadata, MembershipBoot, MembershipRecord } from "./types.ts";

interface PendingClaim {
  readonly incarnation: number;
  readonly metadata: MemberMetadata;
  /** `undefined` when the claim does not refute anything. */
  readonly accusedBy: NodeId | null | undefined;
}

export class Claims {
  readonly #context: Context;
  readonly #entry: Entry;
  /** On their way to the disk, lowest incarnation first. */
  #pending: PendingClaim[] = [];
  #leaveTime: number;
  #durable = false;

  constructor(context: Context, boot: MembershipBoot) {
    this.#context = context;
    this.#leaveTime = boot.record?.leaveTime ?? 0;
    this.#entry = context.table.add(
      {
        id: boot.self,
        state: "alive",
        // Above everything a former life claimed. An empty disk begins at 0 and refutes upward.
        incarnation: boot.record === null ? 0 : boot.record.incarnation + 1,
        metadata: boot.metadata,
        // Without any memory it is told later whether it joins somebody.
        agreed: boot.record === null || boot.record.agreed.size === 0 || remembersItself(boot),
      },
      0,
    );
  }

  get entry(): Entry {
    return this.#entry;
  }

  /** False until the first claim is on disk; the node says nothing before. */
  get ready(): boolean {
    return this.#durable;
  }

  start(): void {
    const { incarnation, metadata } = this.#entry;
    this.#pending.push({ incarnation, metadata, accusedBy: undefined });
    this.#write(TIMER.announce + incarnation, this.#context.table.takeAgreedChanges());
  }

  /**
   * The agreed membership has changed: whoever acts on it, or tells of it, must find it on the disk
   * after a crash.
   */
  recordAgreed(): void {
    const { table, effects } = this.#context;
    const changes = table.takeAgreedChanges();
    if (changes !== null) {
      effects.persistFirst({ ...this.#record, ...changes });
    }
  }

  describe(metadata: MemberMetadata): void {
    this.#persist({ incarnation: this.#highest + 1, metadata, accusedBy: undefined });
  }

  /**
   * Somebody claims something about this node that it must answer: an accusation of `incarnation`,
   * or a claim in its name. Old accusations, and those that a claim under way answers, are ignored.
   */
  refute(incarnation: number, accusedBy: NodeId | null): void {
    if (incarnation < this.#highest) {
      return;
    }
    const metadata = this.#pending.at(-1)?.metadata ?? this.#entry.metadata;
    this.#persist({
      incarnation: refutingIncarnation(this.#highest, incarnation),
      metadata,
      accusedBy,
    });
  }

  /** Lamport time of the newest leave intent that this node issued or saw. */
  get leaveTime(): number {
    return this.#leaveTime;
  }

  /** A leave intent, later than every one seen; the `leave` timer fires when it is on disk. */
  persistLeave(): void {
    this.#leaveTime++;
    // Who comes back after a farewell counts no longer, and has to be let in like a stranger.
    this.#write(TIMER.leave, { joined: [], gone: [this.#context.self] });
  }

  witnessLeaveTime(leaveTime: number): void {
    this.#leaveTime = Math.max(this.#leaveTime, leaveTime);
  }

  /**
   * The claim of `incarnation` is durable: make it ours. Returns whether anything is new; the caller
   * tells the others.
   */
  announce(incarnation: number, now: Micros): boolean {
    const claim = this.#pending.find((pending) => pending.incarnation === incarnation);
    if (claim === undefined) {
      return false;
    }
    this.#pending = this.#pending.filter((pending) => pending.incarnation > incarnation);
    this.#durable = true;
    const { table, effects, self } = this.#context;
    table.setState(this.#entry, "alive", incarnation, now);
    const changed = claim.metadata !== this.#entry.metadata;
    table.setMetadata(this.#entry, claim.metadata, incarnation);
    effects.emit({ kind: "incarnation", incarnation });
    if (changed) {
      effects.emit({ kind: "metadata", member: self, metadata: claim.metadata });
    }
    if (claim.accusedBy !== undefined) {
      effects.emit({ kind: "refuted", incarnation, accusedBy: claim.accusedBy });
    }
    return true;
  }

  get #highest(): number {
    return this.#pending.at(-1)?.incarnation ?? this.#entry.incarnation;
  }

  #persist(claim: PendingClaim): void {
    this.#pending.push(claim);
    this.#write(TIMER.announce + claim.incarnation, null);
  }

  get #record(): MembershipRecord {
    return { incarnation: this.#highest, leaveTime: this.#leaveTime, joined: [], gone: [] };
  }

  #write(timer: TimerName, changes: AgreedChanges | null): void {
    this.#context.effects.push({
      kind: "persist",
      record: { ...this.#record, ...changes },
      // At 0 means at once; but the driver gets here only when the record is on disk.
      then: [{ kind: "timer", timer, at: 0 }],
    });
  }
}

function remembersItself({ record, self }: MembershipBoot): boolean {
  return record?.agreed.has(self) ?? false;
}
