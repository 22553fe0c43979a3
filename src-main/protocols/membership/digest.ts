/** A running hash of a set of rows: rows are added and taken away, their order does not matter. */

const SEED_A = 0x811c9dc5;
const SEED_B = 0x2f0b4a27;

/** Two independent 32-bit hashes of a name and some numbers; together as good as one of 64 bits. */
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
  let hash = seed;
  for (let i = 0; i < name.length; i++) {
    hash = mix(hash, name.charCodeAt(i));
  }
  for (const value of numbers) {
    hash = mix(mix(hash, value | 0), Math.floor(value / 0x1_0000_0000));
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x01000193);
  return mixed ^ (mixed >>> 15);
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}
