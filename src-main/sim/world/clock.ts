import { assert } from "#main/kernel/assert.ts";
import type { Micros } from "#main/kernel/time.ts";

const MILLION = 1_000_000;

/**
 * One node's clock against mesh time: a straight line that may run fast or slow and may be moved
 * once in a while. It never shows less than before: a clock that was set back stands still until
 * the time it had shown comes round again, as a monotonic clock must.
 */
export class NodeClock {
  #worldBase: Micros = 0;
  #localBase: Micros = 0;
  #rate = 1;
  #shown: Micros = 0;

  read(world: Micros): Micros {
    this.#shown = Math.max(this.#shown, this.#line(world));
    return this.#shown;
  }

  /** From `world` on: runs `driftPpm` millionths fast (or slow), and jumps by `jump` once. */
  set(world: Micros, driftPpm: number, jump: Micros): void {
    assert(driftPpm > -MILLION, "a clock does not run backwards");
    this.#localBase = this.#line(world) + jump;
    this.#worldBase = world;
    this.#rate = 1 + driftPpm / MILLION;
  }

  /** The first mesh time, not before `world`, at which the clock shows `local` or more. */
  worldTimeOf(local: Micros, world: Micros): Micros {
    if (this.#shown >= local && this.#line(world) <= this.#shown) {
      return world;
    }
    if (this.#rate === 1) {
      return Math.max(this.#worldBase + local - this.#localBase, world);
    }
    let at = this.#worldBase + Math.floor((local - this.#localBase) / this.#rate);
    while (this.#line(at) < local) {
      at++;
    }
    return Math.max(at, world);
  }

  #line(world: Micros): Micros {
    const passed = world - this.#worldBase;
    return this.#localBase + (this.#rate === 1 ? passed : Math.floor(passed * this.#rate));
  }
}
