import { assert } from "./assert.ts";
import { hashString, mix32 } from "./hash.ts";
import type { Random } from "./random.ts";

const TWO_TO_32 = 0x1_0000_0000;
const TWO_TO_53 = TWO_TO_32 * 0x20_0000;
/** Draws thrown away at the start, until the seed has reached every bit of the state. */
const WARM_UP = 12;

/** The stream of a seed: a non-negative safe integer. Same seed, same draws, on every machine. */
export function createRandom(seed: number): Random {
  assert(Number.isSafeInteger(seed) && seed >= 0, `seed must be a non-negative integer: ${seed}`);
  return new Sfc32(mix32(seed >>> 0), mix32(Math.floor(seed / TWO_TO_32) ^ 0x9e3779b9));
}

/**
 * Chris Doty-Humphrey's sfc32 (PractRand): 128 bits of state, passes its author's tests to 32 TB,
 * and needs only 32-bit integer operations, which are exact and quick in JavaScript.
 */
class Sfc32 implements Random {
  readonly #seedLow: number;
  readonly #seedHigh: number;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seedLow: number, seedHigh: number) {
    this.#seedLow = seedLow;
    this.#seedHigh = seedHigh;
    this.#a = seedLow | 0;
    this.#b = seedHigh | 0;
    this.#c = mix32(seedLow ^ seedHigh) | 0;
    for (let i = 0; i < WARM_UP; i++) {
      this.#draw();
    }
  }

  next(): number {
    return this.#draw() / TWO_TO_32;
  }

  int(bound: number): number {
    assert(Number.isSafeInteger(bound) && bound >= 1, `bound must be a positive integer: ${bound}`);
    const wide = bound > TWO_TO_32;
    const range = wide ? TWO_TO_53 : TWO_TO_32;
    // Draws in the incomplete last stretch of the range would favour small results: draw again.
    const limit = range - (range % bound);
    let draw = wide ? this.#wideDraw() : this.#draw();
    while (draw >= limit) {
      draw = wide ? this.#wideDraw() : this.#draw();
    }
    return draw % bound;
  }

  fork(name: string): Random {
    const low = mix32(hashString(name, this.#seedLow | 0) ^ this.#seedHigh);
    const high = mix32(hashString(name, this.#seedHigh ^ 0x85ebca6b) ^ low);
    return new Sfc32(low, high);
  }

  /** 53 bits. */
  #wideDraw(): number {
    const high = this.#draw() >>> 5;
    return high * 0x400_0000 + (this.#draw() >>> 6);
  }

  #draw(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}
