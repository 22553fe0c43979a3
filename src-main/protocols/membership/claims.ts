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
import type { Entry } from "./table.ts";
import type { MemberMetadata, MembershipBoot } from "./types.ts";

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
        agreed: true,
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
    this.#persist({
      incarnation: this.#entry.incarnation,
      metadata: this.#entry.metadata,
      accusedBy: undefined,
    });
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
    this.#write(this.#highest, TIMER.leave);
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
    this.#write(claim.incarnation, TIMER.announce + claim.incarnation);
  }

  #write(incarnation: number, timer: TimerName): void {
    this.#context.effects.push({
      kind: "persist",
      record: { incarnation, leaveTime: this.#leaveTime },
      // At 0 means at once; but the driver gets here only when the record is on disk.
      then: [{ kind: "timer", timer, at: 0 }],
    });
  }
}
