/**
 * Who observed one incarnation of one member as unreachable, and when. Each observer counts once,
 * and only for a limited time. One byte per possible observer, because in a mesh cut in two every
 * node keeps a tally about every member of the other side.
 */
import type { Micros } from "#main/kernel/time.ts";

const TICKS_PER_TTL = 100;
const MAX_TICK = 255;
const ABSENT = 0;

/** What a merged observation brought. */
export type Merged = "new" | "fresher" | "nothing";

export class Tally {
  readonly #ttl: Micros;
  /** Slot → time of the observation in ticks of ttl / 100 after the base; 0 means none. */
  #ticks = new Uint8Array(16);
  #base: Micros;
  #count = 0;
  #frozen = false;

  constructor(ttl: Micros, now: Micros) {
    this.#ttl = ttl;
    this.#base = now - ttl;
  }

  /** Distinct observers, expired ones included until `expire` is called. */
  get count(): number {
    return this.#count;
  }

  has(slot: number): boolean {
    return (this.#ticks[slot] ?? ABSENT) !== ABSENT;
  }

  /** Merges an observation made at `madeAt`; one that has expired already changes nothing. */
  add(slot: number, madeAt: Micros, now: Micros): Merged {
    if (this.#frozen || now - madeAt >= this.#ttl) {
      return "nothing";
    }
    this.#rebase(now);
    this.#reserve(slot);
    const tick = this.#tick(Math.min(madeAt, now));
    const held = this.#ticks[slot] ?? ABSENT;
    if (held === ABSENT) {
      this.#count++;
      this.#ticks[slot] = tick;
      return "new";
    }
    if (tick <= held) {
      return "nothing";
    }
    this.#ticks[slot] = tick;
    // A hop's rounding is no refreshment; only a repeated observation is worth passing on.
    return tick - held > TICKS_PER_TTL / 4 ? "fresher" : "nothing";
  }

  remove(slot: number): void {
    if (this.has(slot)) {
      this.#ticks[slot] = ABSENT;
      this.#count--;
    }
  }

  /** How long ago the observation was made, rounded up; 0 in a certificate. */
  age(slot: number, now: Micros): Micros {
    const tick = this.#ticks[slot] ?? ABSENT;
    return this.#frozen ? 0 : Math.max(0, now - this.#base - (tick - 1) * this.#quantum);
  }

  /** Drops what is older than the time to live. */
  expire(now: Micros): void {
    if (this.#frozen) {
      return;
    }
    this.#rebase(now);
    for (let slot = 0; slot < this.#ticks.length; slot++) {
      if (this.has(slot) && this.age(slot, now) >= this.#ttl) {
        this.remove(slot);
      }
    }
  }

  /** Turns the tally into a certificate: it proves a quorum once and for all, and never expires. */
  freeze(): void {
    this.#frozen = true;
  }

  /** Up to `limit` observers, from slot `start` on, wrapping around. */
  chunk(start: number, limit: number): readonly number[] {
    const slots: number[] = [];
    const length = this.#ticks.length;
    for (let i = 0; i < length && slots.length < limit; i++) {
      const slot = (start + i) % length;
      if (this.has(slot)) {
        slots.push(slot);
      }
    }
    return slots;
  }

  get #quantum(): Micros {
    return this.#ttl / TICKS_PER_TTL;
  }

  #tick(at: Micros): number {
    return 1 + Math.max(0, Math.floor((at - this.#base) / this.#quantum));
  }

  /** Moves the base forward when the present no longer fits into a byte. */
  #rebase(now: Micros): void {
    if (this.#tick(now) <= MAX_TICK) {
      return;
    }
    const shift = Math.floor((now - this.#ttl - this.#base) / this.#quantum);
    this.#base += shift * this.#quantum;
    for (let slot = 0; slot < this.#ticks.length; slot++) {
      const tick = this.#ticks[slot] ?? ABSENT;
      if (tick !== ABSENT && tick <= shift) {
        this.remove(slot);
      } else if (tick !== ABSENT) {
        this.#ticks[slot] = tick - shift;
      }
    }
  }

  #reserve(slot: number): void {
    if (slot < this.#ticks.length) {
      return;
    }
    const grown = new Uint8Array(Math.max(slot + 1, this.#ticks.length * 2));
    grown.set(this.#ticks);
    this.#ticks = grown;
  }
}
