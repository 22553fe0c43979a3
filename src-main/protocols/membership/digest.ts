/** A running hash of a set of rows: rows are added and taken away, their order does not matter. */
import { hashString, mix32 } from "#main/kernel/hash.ts";

const SEED_A = 0x811c9dc5;
const SEED_B = 0x2f0b4a27;

/** Two independent 32-bit sums of row hashes; together as good as one of 64 bits. */
export class SetDigest {
  #a = 0;
  #b = 0;

  add(name: string, numbers: readonly number[]): void {
    this.#a = (this.#a + rowHash(SEED_A, name, numbers)) | 0;
    this.#b = (this.#b + rowHash(SEED_B, name, numbers)) | 0;
  }

  remove(name: string, numbers: readonly number[]): void {
    this.#a = (this.#a - rowHash(SEED_A, name, numbers)) | 0;
    this.#b = (this.#b - rowHash(SEED_B, name, numbers)) | 0;
  }

  /** 16 hexadecimal digits. */
  toString(): string {
    return hex(this.#a) + hex(this.#b);
  }
}

function rowHash(seed: number, name: string, numbers: readonly number[]): number {
  let hash = hashString(name, seed);
  for (const value of numbers) {
    hash = mix32(mix32(hash ^ (value | 0)) + Math.floor(value / 0x1_0000_0000) + 1);
  }
  return mix32(hash ^ seed);
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}
