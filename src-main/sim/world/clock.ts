import { assert } from "#main/kernel/assert.ts";
import type { Micros } from "#main/kernel/time.ts";

const MILLION = 1_000_000;

/**
 * One node's two clocks against mesh time. The monotonic one, which timers go by, is a straight
 * line that may run fast or slow and never jumps. The wall clock, which only dates things, runs
 * with it and may be moved: it can be wrong, and it can go back.
 */
export class NodeClock {
  #worldBase: Micros = 0;
  #localBase: Micros = 0;
  #rate = 1;
  #wallOffset: Micros = 0;

  /** The monotonic clock. */
  read(world: Micros): Micros {
    const passed = world - this.#worldBase;
    return this.#localBase + (this.#rate === 1 ? passed : Math.floor(passed * this.#rate));
  }

  /** The wall clock when the monotonic one shows `local`; never before 0. */
  wallOf(local: Micros): Micros {
    return Math.max(0, local + this.#wallOffset);
  }

  /** From `world` on: runs `driftPpm` millionths fast (or slow); the wall clock is moved by `jump`. */
  set(world: Micros, driftPpm: number, jump: Micros): void {
    assert(driftPpm > -MILLION, "a clock does not run backwards");
    this.#localBase = this.read(world);
    this.#worldBase = world;
    this.#rate = 1 + driftPpm / MILLION;
    this.#wallOffset += jump;
  }

  /** The first mesh time, not before `world`, at which the monotonic clock shows `local` or more. */
  worldTimeOf(local: Micros, world: Micros): Micros {
    if (this.#rate === 1) {
      return Math.max(this.#worldBase + local - this.#localBase, world);
    }
    let at = this.#worldBase + Math.floor((local - this.#localBase) / this.#rate);
    while (this.read(at) < local) {
      at++;
    }
    return Math.max(at, world);
  }
}
