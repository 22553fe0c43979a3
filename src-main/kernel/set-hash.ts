import { hashString, mix32 } from "./hash.ts";

/**
 * A hash of a set of strings that is kept as members come and go: the sum, in two lanes of 32
 * bits, of every member's hash. A sum and not an exclusive or, so that equal members cannot cancel
 * out. Good against accidents; it does not withstand somebody who searches for collisions.
 */
export class SetHash {
  #high: number;
  #low: number;
  /** Null while it has to be written anew. */
  #hex: string | null = null;

  /** `hex`: the hash to begin with; empty for that of the empty set. */
  constructor(hex = "") {
    this.#high = Number.parseInt(hex.slice(0, 8), 16) || 0;
    this.#low = Number.parseInt(hex.slice(8), 16) || 0;
  }

  add(member: string): void {
    this.#hex = null;
    this.#high = (this.#high + mix32(hashString(member, HIGH_SEED))) >>> 0;
    this.#low = (this.#low + mix32(hashString(member))) >>> 0;
  }

  remove(member: string): void {
    this.#hex = null;
    this.#high = (this.#high - mix32(hashString(member, HIGH_SEED))) >>> 0;
    this.#low = (this.#low - mix32(hashString(member))) >>> 0;
  }

  /** 16 hexadecimal digits; all zero for the empty set. */
  get hex(): string {
    this.#hex ??= hex32(this.#high) + hex32(this.#low);
    return this.#hex;
  }
}

const HIGH_SEED = 0x9747b28c;

function hex32(value: number): string {
  return value.toString(16).padStart(8, "0");
}
