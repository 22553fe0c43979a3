/** Numbers keys of a fixed count of 32-bit words in the order in which they first come. */
import { mix32 } from "#main/kernel/hash.ts";

/** What all memories of a check may take together, in words of 32 bits. */
export class MemoPool {
  #left: number;

  constructor(words: number) {
    this.#left = words;
  }

  take(words: number): boolean {
    if (words > this.#left) return false;
    this.#left -= words;
    return true;
  }

  giveBack(words: number): void {
    this.#left += words;
  }
}

const FIRST_ENTRIES = 64;
/** Slots of the index per entry: open addressing stays quick up to half full. */
const SLOTS_PER_ENTRY = 2;

/** Takes up no new keys once its pool is empty. */
export class WordTable {
  size = 0;
  readonly #width: number;
  readonly #pool: MemoPool;
  #keys = new Int32Array(0);
  #slots = new Int32Array(0);
  #capacity = 0;
  #taken = 0;
  #full = false;

  constructor(width: number, pool: MemoPool) {
    this.#width = width;
    this.#pool = pool;
  }

  /** The key's number; a new one (equal to the `size` before) if need be, -1 without room. */
  add(key: Int32Array): number {
    if (this.size === this.#capacity && !this.#full) this.#grow();
    if (this.#capacity === 0) return -1;
    const mask = this.#slots.length - 1;
    let slot = hashWords(key, 0, this.#width) & mask;
    for (;;) {
      const entry = (this.#slots[slot] ?? 0) - 1;
      if (entry < 0) break;
      if (this.#equals(entry * this.#width, key)) return entry;
      slot = (slot + 1) & mask;
    }
    if (this.size === this.#capacity) return -1;
    for (let i = 0; i < this.#width; i++) this.#keys[this.size * this.#width + i] = key[i] ?? 0;
    this.size += 1;
    this.#slots[slot] = this.size;
    return this.size - 1;
  }

  /** Forgets everything and gives the room back. */
  release(): void {
    this.#pool.giveBack(this.#taken);
    this.#taken = 0;
    this.#keys = new Int32Array(0);
    this.#slots = new Int32Array(0);
    this.#capacity = 0;
    this.size = 0;
  }

  #equals(at: number, key: Int32Array): boolean {
    for (let i = 0; i < this.#width; i++) {
      if (this.#keys[at + i] !== key[i]) return false;
    }
    return true;
  }

  #grow(): void {
    const capacity = Math.max(FIRST_ENTRIES, this.#capacity * 2);
    const words = capacity * (this.#width + SLOTS_PER_ENTRY);
    if (!this.#pool.take(words - this.#taken)) {
      this.#full = true;
      return;
    }
    this.#taken = words;
    this.#capacity = capacity;
    const keys = new Int32Array(capacity * this.#width);
    keys.set(this.#keys);
    this.#keys = keys;
    this.#slots = new Int32Array(capacity * SLOTS_PER_ENTRY);
    const mask = this.#slots.length - 1;
    for (let entry = 0; entry < this.size; entry++) {
      let slot = hashWords(keys, entry * this.#width, this.#width) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = entry + 1;
    }
  }
}

function hashWords(words: Int32Array, at: number, length: number): number {
  let hash = 0x811c9dc5;
  for (let i = at; i < at + length; i++) {
    hash = Math.imul(hash ^ (words[i] ?? 0), 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  return mix32(hash);
}
