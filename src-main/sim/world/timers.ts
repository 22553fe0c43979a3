import type { TimerName } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { Agenda } from "./agenda.ts";
import { TIMER } from "./pending.ts";
import { type Process, SWEEP_AT, type TimerSlot } from "./process.ts";

/**
 * The nodes' timers, by their own clocks, on the world's agenda. An entry on the agenda is never
 * taken back: one whose version is not its slot's any more is void when it comes up, and a timer
 * that was put off keeps its earlier entry, which then looks again.
 */
export class Timers {
  readonly #agenda: Agenda;

  constructor(agenda: Agenda) {
    this.#agenda = agenda;
  }

  set(process: Process, name: TimerName, atLocal: Micros | null, now: Micros): void {
    let slot = process.timers.get(name);
    if (slot === undefined) {
      if (atLocal === null) {
        return;
      }
      slot = { name, atLocal: null, queuedFor: Number.POSITIVE_INFINITY, version: 0 };
      this.#keep(process, slot);
    }
    slot.atLocal = atLocal;
    if (atLocal === null) {
      return;
    }
    const due = process.clock.worldTimeOf(atLocal, now);
    if (due < slot.queuedFor) {
      this.#queue(process, slot, due);
    }
  }

  /** After a change of the clock, or a pause that let entries pass. */
  rearm(process: Process, now: Micros): void {
    for (const slot of process.timers.values()) {
      if (slot.atLocal !== null) {
        this.#queue(process, slot, process.clock.worldTimeOf(slot.atLocal, now));
      }
    }
  }

  /** Whether the slot's timer is to fire now; if not yet, it is back on the agenda. */
  comesDue(process: Process, slot: TimerSlot, now: Micros): boolean {
    slot.queuedFor = Number.POSITIVE_INFINITY;
    if (slot.atLocal === null || process.state === "paused") {
      return false;
    }
    const due = process.clock.worldTimeOf(slot.atLocal, now);
    if (due > now) {
      this.#queue(process, slot, due);
      return false;
    }
    slot.atLocal = null;
    return true;
  }

  /** Slots outlive their firing, as most timers are set again; those that were not are swept. */
  #keep(process: Process, slot: TimerSlot): void {
    const { timers } = process;
    if (timers.size >= process.timerLimit) {
      for (const [name, { atLocal, queuedFor }] of timers) {
        if (atLocal === null && queuedFor === Number.POSITIVE_INFINITY) {
          timers.delete(name);
        }
      }
      process.timerLimit = Math.max(SWEEP_AT, timers.size * 2);
    }
    timers.set(slot.name, slot);
  }

  #queue(process: Process, slot: TimerSlot, due: Micros): void {
    slot.version++;
    slot.queuedFor = due;
    const pending = this.#agenda.pending;
    const handle = pending.allocate(TIMER, process.index, process.life);
    pending.detail[handle] = slot.version;
    pending.ref[handle] = slot;
    this.#agenda.push(due, handle);
  }
}
