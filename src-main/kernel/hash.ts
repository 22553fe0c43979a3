/** Small, fast, not cryptographic: for seeding, interning and comparing runs with each other. */

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const SECOND_OFFSET = 0x9747b28c;
const SECOND_PRIME = 0x5bd1e995;

/** FNV-1a of the string's UTF-16 code units, as an unsigned 32-bit integer. */
export function hashString(text: string, seed: number = FNV_OFFSET): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    hash = Math.imul(hash ^ (unit & 0xff), FNV_PRIME);
    hash = Math.imul(hash ^ (unit >>> 8), FNV_PRIME);
  }
  return hash >>> 0;
}

/** FNV-1a of bytes, as an unsigned 32-bit integer. */
export function hashBytes(bytes: Uint8Array, seed: number = FNV_OFFSET): number {
  let hash = seed;
  for (let i = 0; i < bytes.length; i++) {
    hash = Math.imul(hash ^ (bytes[i] ?? 0), FNV_PRIME);
  }
  return hash >>> 0;
}

/** Spreads every bit of a 32-bit integer over all others (the finaliser of MurmurHash3). */
export function mix32(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/**
 * A running 64-bit hash over everything a run does, in order. Two runs with equal hashes did the
 * same; the order of the calls counts.
 */
export class TraceHash {
  #low = FNV_OFFSET;
  #high = SECOND_OFFSET;

  /** Any integer up to 2^53. */
  number(value: number): void {
    this.#word(value | 0);
    this.#word((value / 0x1_0000_0000) | 0);
  }

  string(text: string): void {
    this.#word(text.length);
    this.#word(hashString(text));
  }

  bytes(bytes: Uint8Array): void {
    this.#word(bytes.length);
    this.#word(hashBytes(bytes));
  }

  /** Sixteen hexadecimal digits; does not end the hash. */
  digest(): string {
    return hex(mix32(this.#high ^ this.#low)) + hex(mix32(this.#low));
  }

  #word(word: number): void {
    this.#low = Math.imul(this.#low ^ word, FNV_PRIME);
    this.#low ^= this.#low >>> 15;
    this.#high = Math.imul(this.#high ^ word, SECOND_PRIME);
    this.#high ^= this.#high >>> 13;
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
