/**
 * Who is dropped from the table, after a long time: members that left, and joiners that vanished
 * before anybody agreed on them. A dead agreed member never is: that takes an operator, because it
 * changes the denominator of every quorum.
 */
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import type { Context } from "./context.ts";
import { TIMER } from "./context.ts";
import type { Entry } from "./table.ts";
import type { Tombstones } from "./tombstones.ts";

export class Reaper {
  readonly #context: Context;
  readonly #tombstones: Tombstones;
  #armed = false;

  constructor(context: Context, tombstones: Tombstones) {
    this.#context = context;
    this.#tombstones = tombstones;
  }

  /** Sets the timer while there is anything that could become due. */
  arm(now: Micros): void {
    const { table, effects, options } = this.#context;
    const candidates = table.size > table.agreedSize || this.#tombstones.size > 0;
    if (!this.#armed && candidates) {
      this.#armed = true;
      effects.timer(TIMER.reap, now + ms(options.reapIntervalMs));
    }
  }

  /** Returns the members to be dropped now. */
  tick(now: Micros): readonly Entry[] {
    this.#armed = false;
    this.#tombstones.sweep(now);
    const { table, options } = this.#context;
    const due: Entry[] = [];
    for (const entry of table.entries()) {
      const gone = entry.state === "left" || (!entry.agreed && isLost(entry));
      if (gone && now - entry.since >= ms(options.leftRetentionMs)) {
        due.push(entry);
      }
    }
    return due;
  }
}

function isLost(entry: Entry): boolean {
  return entry.state === "unreachable" || entry.state === "dead";
}
