import type { Micros } from "#main/kernel/time.ts";
import type { MemoryEffect, MemoryEvent } from "./types.ts";

export const ANSWER_TIMER = "answer";

/**
 * Answers to requests whose records are on their way to the disk. An answer tells how long it took,
 * and that is with the disk: it waits for a timer that is set when the record is written. What
 * later requests have to write, the driver holds it back for.
 */
export class PendingAnswers {
  #held: MemoryEvent[] = [];

  /** The effects with the timer instead of the answers among them. */
  hold(effects: readonly MemoryEffect[], now: Micros): readonly MemoryEffect[] {
    const rest: MemoryEffect[] = [];
    const before = this.#held.length;
    for (const effect of effects) {
      if (effect.kind === "emit" && effect.event.kind === "answered") {
        this.#held.push(effect.event);
      } else {
        rest.push(effect);
      }
    }
    return this.#held.length === before
      ? rest
      : [...rest, { kind: "timer", timer: ANSWER_TIMER, at: now }];
  }

  take(): readonly MemoryEvent[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }
}
