import type { Micros } from "#main/kernel/time.ts";
import { MICROS_PER_SECOND } from "#main/kernel/time.ts";

/** Lets `burst` through at once and `perSecond` in the long run. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #at: Micros;

  constructor(perSecond: number, burst: number, now: Micros) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = now;
  }

  /** Whether `cost` tokens were there, and taken. A clock set back refills nothing. */
  take(cost: number, now: Micros): boolean {
    const elapsed = Math.max(0, now - this.#at);
    const refilled = (elapsed * this.#perSecond) / MICROS_PER_SECOND;
    this.#tokens = Math.min(this.#burst, this.#tokens + refilled);
    this.#at = Math.max(this.#at, now);
    if (cost > this.#tokens) {
      return false;
    }
    this.#tokens -= cost;
    return true;
  }
}
