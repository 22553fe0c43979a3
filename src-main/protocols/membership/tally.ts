/**
 * Who observed one incarnation of one member as unreachable, and when. Each observer counts once,
 * and only for a limited time. One byte per possible observer, because in a mesh cut in two every
 * node keeps a tally about every member of the other side.
 */
import type { Micros } from "#main/kernel/time.ts";
import { MICROS_PER_MS } from "#main/kernel/time.ts";
import type { BallotGroup } from "./messages.ts";

const TICKS_PER_TTL = 100;
const MAX_TICK = 255;
const ABSENT = 0;

/** What a merged observation brought. */
export type Merged = "new" | "fresher" | "nothing";

/** Observers of about the same time, and the oldest tick among them. */
interface Span {
  readonly oldest: number;
  readonly bits: Uint8Array;
}

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

  /**
   * Merges observers told as bits over `slots`, all observed at `madeAt`. True when any of those
   * that are held already came again.
   */
  addAll(
    { bits, madeAt }: { readonly bits: Uint8Array; readonly madeAt: Micros },
    { slots, except }: { readonly slots: readonly number[]; readonly except: readonly number[] },
    now: Micros,
  ): boolean {
    let fresher = false;
    if (this.#frozen || now - madeAt >= this.#ttl) {
      return false;
    }
    this.#rebase(now);
    const tick = this.#tick(Math.min(madeAt, now));
    const length = Math.min(slots.length, bits.length * 8);
    for (let i = 0; i < length; i++) {
      if (((bits[i >> 3] ?? 0) & (1 << (i & 7))) === 0) {
        continue;
      }
      const slot = slots[i] ?? 0;
      const held = this.#ticks[slot] ?? ABSENT;
      if (tick <= held || except.includes(slot)) {
        continue;
      }
      if (held === ABSENT) {
        this.#reserve(slot);
        this.#count++;
      }
      this.#ticks[slot] = tick;
      fresher ||= held !== ABSENT && tick - held > TICKS_PER_TTL / 4;
    }
    return fresher;
  }

  /**
   * All observers as bits, by age: a group spans at most a quarter of the time to live and has the
   * age of its oldest, so that a group that is passed on does not age by that.
   */
  groups(indices: Int32Array, now: Micros): readonly BallotGroup[] {
    return this.#spans(indices, this.#oldestLive(now)).map(({ oldest, bits }) => ({
      ageMs: this.#ageOf(oldest, now) / MICROS_PER_MS,
      bits,
    }));
  }

  /** The first tick that has not expired. */
  #oldestLive(now: Micros): number {
    const passed = Math.floor((now - this.#base - this.#ttl) / this.#quantum);
    return this.#frozen ? 1 : Math.max(1, passed + 2);
  }

  #spans(indices: Int32Array, live: number): readonly Span[] {
    const spans: Span[] = [];
    const spanOf = this.#spanOfTick(live, (oldest) => {
      spans.push({ oldest, bits: new Uint8Array(Math.ceil(indices.length / 8)) });
    });
    const ticks = this.#ticks;
    const slots = Math.min(ticks.length, indices.length);
    for (let slot = 0; slot < slots; slot++) {
      const span = spanOf[ticks[slot] ?? ABSENT] ?? 0;
      const index = indices[slot] ?? -1;
      const bits = span === 0 || index < 0 ? undefined : spans[span - 1]?.bits;
      if (bits !== undefined) {
        bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
      }
    }
    return spans;
  }

  /** Tick → number of its span from 1 on, 0 for what has expired; tells of every span it begins. */
  #spanOfTick(live: number, begin: (oldest: number) => void): Uint8Array {
    const used = new Uint8Array(MAX_TICK + 1);
    for (const tick of this.#ticks) {
      used[tick] = 1;
    }
    let count = 0;
    let end = 0;
    for (let tick = 0; tick <= MAX_TICK; tick++) {
      if (used[tick] === 0 || tick < live) {
        used[tick] = 0;
        continue;
      }
      if (count === 0 || (tick > end && !this.#frozen)) {
        count++;
        end = tick + TICKS_PER_TTL / 4;
        begin(tick);
      }
      used[tick] = count;
    }
    return used;
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
    return this.#ageOf(tick, now);
  }

  #ageOf(tick: number, now: Micros): Micros {
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
