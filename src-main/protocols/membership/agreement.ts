/**
 * When a joiner starts to count. If joiners counted at once, a minority could let in friends until it
 * looked like a majority. So a joiner counts only after a while of being alive, during which this
 * side was writable and had a majority of those who counted before.
 */
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import type { Context } from "./context.ts";
import { TIMER } from "./context.ts";
import { quorum } from "./formulas.ts";
import type { Entry } from "./table.ts";

const CHECKS_PER_WAIT = 10;

export class Agreement {
  readonly #context: Context;
  #armed = false;
  /** Since when this side has been fit to agree; `null` while it is not. */
  #fitSince: Micros | null = null;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Sets the timer while anybody is waiting. */
  arm(now: Micros): void {
    const { table, effects, options } = this.#context;
    if (!this.#armed && table.present > table.agreedSize) {
      this.#armed = true;
      effects.timer(TIMER.agree, now + ms(options.agreeAfterMs / CHECKS_PER_WAIT));
    }
  }

  /** Returns those who count from now on. */
  tick(now: Micros, writable: boolean): readonly Entry[] {
    this.#armed = false;
    const { table, options } = this.#context;
    if (!writable || table.reachableAgreed < quorum(table.agreedSize)) {
      this.#fitSince = null;
      return [];
    }
    this.#fitSince ??= now;
    const agreed: Entry[] = [];
    for (const entry of table.entries()) {
      const waited = now - Math.max(entry.since, this.#fitSince);
      if (!entry.agreed && entry.state === "alive" && waited >= ms(options.agreeAfterMs)) {
        agreed.push(entry);
      }
    }
    return agreed;
  }

  /** This side turned read-only: the wait starts over. */
  unfit(): void {
    this.#fitSince = null;
  }
}
