import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { LinksEffect, LinksEvent, LinksMessage } from "./types.ts";

const NOTHING: readonly LinksEffect[] = [];

/** Collects what a step wants done; a timer that stands already is not set again. */
export class Outlet {
  #effects: LinksEffect[] | null = null;
  readonly #timers = new Map<string, Micros>();

  take(): readonly LinksEffect[] {
    const effects = this.#effects ?? NOTHING;
    this.#effects = null;
    return effects;
  }

  send(to: NodeId, message: LinksMessage): void {
    this.#push({ kind: "send", to, message });
  }

  emit(event: LinksEvent): void {
    this.#push({ kind: "emit", event });
  }

  timer(timer: string, at: Micros): void {
    this.#timers.set(timer, at);
    this.#push({ kind: "timer", timer, at });
  }

  /** Sets the timer unless it fires as early already. */
  timerBy(timer: string, at: Micros): void {
    const standing = this.#timers.get(timer);
    if (standing === undefined || standing > at) {
      this.timer(timer, at);
    }
  }

  cancel(timer: string): void {
    if (this.#timers.delete(timer)) {
      this.#push({ kind: "timer", timer, at: null });
    }
  }

  /** The driver says it fired. */
  fired(timer: string): void {
    this.#timers.delete(timer);
  }
  #push(effect: LinksEffect): void {
    this.#effects ??= [];
    this.#effects.push(effect);
  }
}
