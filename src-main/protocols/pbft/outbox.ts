/**
 * Collects the effects of one step. What comes behind a record goes into its `then`: whatever a
 * step says after it wrote something can only be said when that is on disk.
 */
import type { ConsensusEvent } from "#main/kernel/consensus.ts";
import type { NodeId, TimerName } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { PbftEffect, PbftMessage, PbftRecord } from "./types.ts";

export class Outbox {
  #all: PbftEffect[] = [];
  #current: PbftEffect[] = this.#all;
  readonly #timers = new Map<TimerName, Micros>();

  get timers(): ReadonlyMap<TimerName, Micros> {
    return this.#timers;
  }

  take(): readonly PbftEffect[] {
    const effects = this.#all;
    this.#all = [];
    this.#current = this.#all;
    return effects;
  }

  send(to: NodeId, message: PbftMessage): void {
    this.#current.push({ kind: "send", to, message });
  }

  emit(event: ConsensusEvent): void {
    this.#current.push({ kind: "emit", event });
  }

  persist(record: PbftRecord): void {
    const then: PbftEffect[] = [];
    const effect = { kind: "persist", record, then } as const;
    this.#current.push(record.kind === "checkpoint" ? { ...effect, checkpoint: true } : effect);
    this.#current = then;
  }

  /** Sets the timer, unless it stands at that time already; `null` cancels. */
  timer(timer: TimerName, at: Micros | null): void {
    if ((this.#timers.get(timer) ?? null) === at) {
      return;
    }
    if (at === null) {
      this.#timers.delete(timer);
    } else {
      this.#timers.set(timer, at);
    }
    this.#current.push({ kind: "timer", timer, at });
  }

  /** The driver says it fired. */
  fired(timer: TimerName): void {
    this.#timers.delete(timer);
  }
}
