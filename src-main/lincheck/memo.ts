/** Exact memory of visited configurations: a false "seen before" would be a false verdict. */
import { mix32 } from "#main/kernel/hash.ts";

/** What all memos of a check may take together, in words of 32 bits. */
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

/** A set of keys of `width` words each. Once its pool is empty it takes up no new ones. */
export class Memo {
  readonly #width: number;
  readonly #pool: MemoPool;
  #keys: Int32Array<ArrayBuffer>;
  #slots: Int32Array<ArrayBuffer>;
  #capacity = 0;
  #size = 0;
  #words = 0;
  #full = false;

  constructor(width: number, pool: MemoPool) {
    this.#width = width;
    this.#pool = pool;
    this.#keys = new Int32Array(0);
    this.#slots = new Int32Array(0);
  }

  /** `false` when the key was added before. */
  add(key: Int32Array): boolean {
    if (this.#size === this.#capacity && !this.#full) this.#grow();
    if (this.#capacity === 0) return true;
    const slot = this.#find(key);
    if (this.#slots[slot] !== 0) return false;
    if (this.#size === this.#capacity) return true;
    this.#keys.set(key, this.#size * this.#width);
    this.#size += 1;
    this.#slots[slot] = this.#size;
    return true;
  }

  /** Forgets everything and gives the room back. */
  release(): void {
    this.#pool.giveBack(this.#words);
    this.#words = 0;
    this.#keys = new Int32Array(0);
    this.#slots = new Int32Array(0);
    this.#capacity = 0;
    this.#size = 0;
  }

  /** The slot of the key, or the empty one where it would go. */
  #find(key: Int32Array): number {
    const mask = this.#slots.length - 1;
    let slot = hashWords(key, 0, this.#width) & mask;
    for (;;) {
      const entry = this.#slots[slot] ?? 0;
      if (entry === 0 || this.#equals((entry - 1) * this.#width, key)) return slot;
      slot = (slot + 1) & mask;
    }
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
    if (!this.#pool.take(words - this.#words)) {
      this.#full = true;
      return;
    }
    this.#words = words;
    this.#capacity = capacity;
    const keys = new Int32Array(capacity * this.#width);
    keys.set(this.#keys);
    this.#keys = keys;
    this.#slots = new Int32Array(capacity * SLOTS_PER_ENTRY);
    const mask = this.#slots.length - 1;
    for (let entry = 0; entry < this.#size; entry++) {
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
