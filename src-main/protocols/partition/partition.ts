/**
 * Decides from the local verdicts whether this node may write. Majority is counted over the last
 * agreed membership, never over who happens to be alive. Losing it, or getting it back, changes
 * the mode only once the view held still for the stability window, or at the latest after the cap.
 */
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import { unreachable } from "#main/kernel/assert.ts";
import { hasMajority } from "./majority.ts";
import { stableAfterBySize, unstableCap } from "./options.ts";
import type { PartitionOptions } from "./options.ts";
import type { PartitionSetup } from "./setup.ts";
import type {
  ModeReason,
  PartitionCounts,
  PartitionEffect,
  PartitionEvent,
  PartitionInput,
  PartitionMode,
} from "./types.ts";
import { ReachabilityView } from "./view.ts";

const SETTLE_TIMER = "settle";

export class Partition {
  readonly #options: PartitionOptions;
  readonly #view: ReachabilityView;
  #effects: PartitionEffect[] = [];
  #mode: PartitionMode;
  /** Last change of who is agreed or reachable. */
  #changedAt: Micros = 0;
  /** Since when mode and majority disagree; null while they agree. */
  #unsettledSince: Micros | null = null;
  #suspectedSince: Micros | null = null;
  /** Null while read-write, and before the first input. */
  #readOnlySince: Micros | null = null;
  #timerAt: Micros | null = null;

  constructor(setup: PartitionSetup) {
    this.#options = setup.options;
    this.#view = new ReachabilityView(setup.self, setup.options.tieBreaker, setup.agreed);
    this.#mode = this.#view.selfAgreed ? "read-write" : "read-only";
  }

  get mode(): PartitionMode {
    return this.#mode;
  }

  get counts(): PartitionCounts {
    return this.#view.counts;
  }

  /** When the majority was lost; null while it is held and the node is read-write. */
  get suspectedSince(): Micros | null {
    return this.#suspectedSince;
  }

  step(input: PartitionInput): readonly PartitionEffect[] {
    this.#effects = [];
    switch (input.kind) {
      case "start":
        this.#start(input.now);
        break;
      case "member":
        if (this.#view.set(input.member, input.agreed, input.reachable)) {
          this.#changedAt = input.now;
          this.#judge(input.now);
        }
        break;
      case "timer":
        this.#timerAt = null;
        this.#settle(input.now);
        break;
      default:
        unreachable(input);
    }
    return this.#effects;
  }

  #start(now: Micros): void {
    this.#changedAt = now;
    if (this.#mode === "read-only") {
      this.#readOnlySince ??= now;
      this.#emitMode("not-a-member", null);
    }
    this.#judge(now);
  }

  /** Membership of oneself acts at once; majority only opens the question for `#settle`. */
  #judge(now: Micros): void {
    if (!this.#view.selfAgreed) {
      this.#leaveMembership(now);
      return;
    }
    const majority = hasMajority(this.counts);
    if (!majority && this.#suspectedSince === null) {
      this.#suspectedSince = now;
      this.#emit({ kind: "suspected", ...this.counts });
    }
    if (majority === (this.#mode === "read-write")) {
      this.#agree();
    } else if (this.#suspectedSince === null) {
      // Only not being a member kept it from writing, and whoever let it in could write.
      this.#becomeReadWrite(now);
    } else {
      this.#unsettledSince ??= now;
      this.#settle(now);
    }
  }

  #leaveMembership(now: Micros): void {
    this.#suspectedSince = null;
    this.#unsettledSince = null;
    this.#setTimer(null);
    if (this.#mode === "read-write") {
      this.#mode = "read-only";
      this.#readOnlySince = now;
      this.#emitMode("not-a-member", null);
    }
  }

  /** Mode and majority agree: whatever was under way is off. */
  #agree(): void {
    this.#unsettledSince = null;
    this.#setTimer(null);
    if (this.#mode === "read-write" && this.#suspectedSince !== null) {
      const since = this.#suspectedSince;
      this.#suspectedSince = null;
      this.#emit({ kind: "cleared", since, ...this.counts });
    }
  }

  #settle(now: Micros): void {
    if (this.#unsettledSince === null) {
      return;
    }
    const window = this.#stableAfter();
    const stableAt = this.#changedAt + window;
    const cappedAt = this.#unsettledSince + unstableCap(window);
    if (now < Math.min(stableAt, cappedAt)) {
      this.#setTimer(Math.min(stableAt, cappedAt));
      return;
    }
    if (this.#mode === "read-only") {
      this.#becomeReadWrite(now);
    } else {
      this.#becomeReadOnly(now, now >= stableAt);
    }
  }

  #becomeReadOnly(now: Micros, stable: boolean): void {
    this.#mode = "read-only";
    this.#readOnlySince = now;
    this.#unsettledSince = null;
    this.#setTimer(null);
    const { reachable, of } = this.counts;
    const sized = reachable * 2 === of ? "half" : "minority";
    this.#emitMode(stable ? sized : "unstable", null);
  }

  #becomeReadWrite(now: Micros): void {
    const lost = this.#suspectedSince;
    const regained = this.#unsettledSince ?? now;
    this.#mode = "read-write";
    this.#suspectedSince = null;
    this.#unsettledSince = null;
    this.#setTimer(null);
    this.#emitMode("majority", now - (this.#readOnlySince ?? now));
    this.#readOnlySince = null;
    if (lost !== null) {
      this.#emit({ kind: "healed", since: lost, tookUs: now - regained, ...this.counts });
    }
  }

  #stableAfter(): Micros {
    const { stableAfterMs } = this.#options;
    return stableAfterMs === null ? stableAfterBySize(this.counts.of) : ms(stableAfterMs);
  }

  #setTimer(at: Micros | null): void {
    if (this.#timerAt !== at) {
      this.#timerAt = at;
      this.#effects.push({ kind: "timer", timer: SETTLE_TIMER, at });
    }
  }

  #emitMode(reason: ModeReason, lastedUs: Micros | null): void {
    this.#emit({ kind: "mode", mode: this.#mode, reason, lastedUs, ...this.counts });
  }

  #emit(event: PartitionEvent): void {
    this.#effects.push({ kind: "emit", event });
  }
}
