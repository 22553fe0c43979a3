/** What a node knows about one other: counters that fade, and until when it is banned. */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import { decayed, faultPenalty } from "./formulas.ts";
import type { ReputationOptions } from "./options.ts";
import { TokenBucket } from "./token-bucket.ts";
import { FAULT_KINDS, type FaultKind, type ReputationRecord } from "./types.ts";

/** Members whose opinions about one other are kept; further ones are not heard. */
export const MAX_REPORTERS = 256;

export class Dossier {
  readonly member: NodeId;
  readonly bucket: TokenBucket;
  bannedUntil: Micros = 0;
  readonly #options: ReputationOptions;
  #faults: number[] = FAULT_KINDS.map(() => 0);
  #good = 0;
  /** Severity by reporter. */
  #hearsay = new Map<NodeId, number>();
  /** The counters are as they were at this time. */
  #at: Micros;
  /** While disconnected nothing fades; null while connected. */
  #forgetAt: Micros | null = null;

  constructor(member: NodeId, options: ReputationOptions, now: Micros) {
    this.member = member;
    this.#options = options;
    this.#at = now;
    this.bucket = new TokenBucket(options.messagesPerSecond, options.burst, now);
  }

  static restore({ faults, ...record }: ReputationRecord, options: ReputationOptions): Dossier {
    const dossier = new Dossier(record.member, options, record.at);
    dossier.#faults = FAULT_KINDS.map((kind, i) => {
      return Math.min(faults[i] ?? 0, options.faults[kind].cap);
    });
    dossier.bannedUntil = record.bannedUntil;
    return dossier;
  }

  /** Whether it was disconnected for so long that nothing is held against it any more. */
  isForgotten(now: Micros): boolean {
    return this.#forgetAt !== null && now >= this.#forgetAt && !this.isBanned(now);
  }

  isBanned(now: Micros): boolean {
    return now < this.bannedUntil;
  }

  /** What the own observations cost. */
  penalty(now: Micros): number {
    return FAULT_KINDS.reduce((sum, kind, i) => {
      const fault = this.#options.faults[kind];
      return sum + faultPenalty(this.#fade(this.#faults[i] ?? 0, fault.decay, now), fault);
    }, 0);
  }

  bonus(now: Micros): number {
    const { goodDecay, goodWeight } = this.#options;
    return goodWeight * this.#fade(this.#good, goodDecay, now);
  }

  /** Severities that others gave, each times what `trust` gives for its reporter. */
  hearsay(now: Micros, trust: (reporter: NodeId) => number): number {
    let total = 0;
    for (const [reporter, severity] of this.#hearsay) {
      total += trust(reporter) * this.#fade(severity, this.#options.hearsayDecay, now);
    }
    return total;
  }

  fault(kind: FaultKind, now: Micros): void {
    this.#settle(now);
    const index = FAULT_KINDS.indexOf(kind);
    const { cap } = this.#options.faults[kind];
    this.#faults[index] = Math.min(cap, (this.#faults[index] ?? 0) + 1);
  }

  praise(now: Micros): void {
    this.#settle(now);
    this.#good = Math.min(this.#options.goodCap, this.#good + 1);
  }

  /** One opinion for each reporter: repeating it adds nothing. */
  hear(reporter: NodeId, severity: number, now: Micros): void {
    this.#settle(now);
    if (severity === 0) {
      this.#hearsay.delete(reporter);
    } else if (this.#hearsay.has(reporter) || this.#hearsay.size < MAX_REPORTERS) {
      this.#hearsay.set(reporter, severity);
    }
  }

  /** The bad stays as it is, the good is gone: nobody gains by leaving and coming back. */
  disconnect(now: Micros): void {
    if (this.#forgetAt === null) {
      this.#settle(now);
      this.#good = 0;
      this.#forgetAt = now + ms(this.#options.retainMs);
    }
  }

  connect(now: Micros): void {
    if (this.#forgetAt !== null) {
      this.#forgetAt = null;
      this.#at = Math.max(this.#at, now);
    }
  }

  record(now: Micros): ReputationRecord {
    this.#settle(now);
    const { member, bannedUntil } = this;
    return { member, faults: [...this.#faults], at: this.#at, bannedUntil };
  }

  /** Brings all counters to the last whole interval, so that reading changes nothing. */
  #settle(now: Micros): void {
    const intervals = this.#intervals(now);
    this.#faults = this.#faults.map((count, i) => {
      const kind = FAULT_KINDS[i] ?? "time-out";
      return this.#fade(count, this.#options.faults[kind].decay, now);
    });
    this.#good = this.#fade(this.#good, this.#options.goodDecay, now);
    for (const [reporter, severity] of this.#hearsay) {
      const left = this.#fade(severity, this.#options.hearsayDecay, now);
      if (left === 0) {
        this.#hearsay.delete(reporter);
      } else {
        this.#hearsay.set(reporter, left);
      }
    }
    this.#at += intervals * ms(this.#options.decayIntervalMs);
  }

  #fade(count: number, factor: number, now: Micros): number {
    return decayed(count, factor, this.#intervals(now), this.#options.decayToZero);
  }

  #intervals(now: Micros): number {
    const elapsed = this.#forgetAt === null ? Math.max(0, now - this.#at) : 0;
    return Math.floor(elapsed / ms(this.#options.decayIntervalMs));
  }
}
