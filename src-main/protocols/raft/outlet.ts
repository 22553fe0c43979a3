/**
 * Collects the effects of one step. What comes behind a record goes into its `then`: so whatever a
 * step says after it wrote something can only be said when that is on disk.
 */
import type { ConsensusEvent } from "#main/kernel/consensus.ts";
import type { NodeId, TimerName } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { RaftEffect, RaftMessage, RaftRecord } from "./types.ts";

const NOTHING: readonly RaftEffect[] = [];

export class Outlet {
  #all: RaftEffect[] = [];
  #current = this.#all;
  readonly #timers = new Map<TimerName, Micros>();

  /** When each timer was last asked to fire; those that were cancelled are gone. */
  get timers(): ReadonlyMap<TimerName, Micros> {
    return this.#timers;
  }

  send(to: NodeId, message: RaftMessage): void {
    this.#current.push({ kind: "send", to, message });
  }

  emit(event: ConsensusEvent): void {
    this.#current.push({ kind: "emit", event });
  }

  timer(timer: TimerName, at: Micros | null): void {
    this.#current.push({ kind: "timer", timer, at });
    if (at === null) {
      this.#timers.delete(timer);
    } else {
      this.#timers.set(timer, at);
    }
  }

  persist(record: RaftRecord): void {
    const then: RaftEffect[] = [];
    const effect = { kind: "persist", record, then } as const;
    this.#current.push(record.kind === "checkpoint" ? { ...effect, checkpoint: true } : effect);
    this.#current = then;
  }

  take(): readonly RaftEffect[] {
    if (this.#all.length === 0) {
      return NOTHING;
    }
    const effects = this.#all;
    this.#all = [];
    this.#current = this.#all;
    return effects;
  }
}
