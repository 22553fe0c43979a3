/**
 * What a search remembers of the configurations it has been to. Exact: a false "seen before" would
 * be a false verdict.
 *
 * A configuration is a key and a set: the operations of unknown outcome that it has used up. One
 * that fails with few of them used up fails with more as well. So each key has a chain of small
 * sets, and what contains one of them counts as seen.
 */
import { type MemoPool, WordTable } from "./word-table.ts";

/** Sets compared per key; beyond that, sets are only recognised when they come again as they are. */
const MAX_CHAIN = 48;
const NONE = -1;

export class Memo {
  readonly #keyWords: number;
  readonly #setWords: number;
  readonly #pool: MemoPool;
  readonly #keys: WordTable;
  readonly #overflow: WordTable;
  /** Per key: the first set of its chain, and how many there are. */
  #heads = new Int32Array(0);
  #lengths = new Int32Array(0);
  /** Per set: the next of its chain, and its words. */
  #nexts = new Int32Array(0);
  #sets = new Int32Array(0);
  #setCount = 0;
  #taken = 0;

  constructor(keyWords: number, setWords: number, pool: MemoPool) {
    this.#keyWords = keyWords;
    this.#setWords = setWords;
    this.#pool = pool;
    this.#keys = new WordTable(keyWords, pool);
    this.#overflow = new WordTable(keyWords + setWords, pool);
  }

  /**
   * `false` when the configuration (key and set, one after the other) was added before, or one
   * that is no worse. Takes up nothing new once its pool is empty.
   */
  add(configuration: Int32Array): boolean {
    const known = this.#keys.size;
    const key = this.#keys.add(configuration);
    if (this.#setWords === 0 || key < 0) return key < 0 || key === known;
    if (!this.#makeRoom(key)) return true;
    for (let set = this.#heads[key] ?? NONE; set !== NONE; set = this.#nexts[set] ?? NONE) {
      const order = this.#compare(set, configuration);
      if (order === "contains") return false;
      if (order === "contained") {
        this.#write(set, configuration);
        return true;
      }
    }
    if ((this.#lengths[key] ?? 0) === MAX_CHAIN) {
      const size = this.#overflow.size;
      const index = this.#overflow.add(configuration);
      return index < 0 || index === size;
    }
    this.#chain(key, configuration);
    return true;
  }

  /** Forgets everything and gives the room back. */
  release(): void {
    this.#keys.release();
    this.#overflow.release();
    this.#pool.giveBack(this.#taken);
    this.#taken = 0;
    this.#heads = new Int32Array(0);
    this.#lengths = new Int32Array(0);
    this.#nexts = new Int32Array(0);
    this.#sets = new Int32Array(0);
    this.#setCount = 0;
  }

  /** How the set of the configuration compares with one of a chain. */
  #compare(set: number, configuration: Int32Array): "contains" | "contained" | "neither" {
    let [contains, contained] = [true, true];
    for (let i = 0; i < this.#setWords; i++) {
      const old = this.#sets[set * this.#setWords + i] ?? 0;
      const now = configuration[this.#keyWords + i] ?? 0;
      if ((old & ~now) !== 0) contains = false;
      if ((now & ~old) !== 0) contained = false;
    }
    if (contains) return "contains";
    return contained ? "contained" : "neither";
  }

  #chain(key: number, configuration: Int32Array): void {
    const set = this.#setCount++;
    this.#write(set, configuration);
    this.#nexts[set] = this.#heads[key] ?? NONE;
    this.#heads[key] = set;
    this.#lengths[key] = (this.#lengths[key] ?? 0) + 1;
  }

  #write(set: number, configuration: Int32Array): void {
    for (let i = 0; i < this.#setWords; i++) {
      this.#sets[set * this.#setWords + i] = configuration[this.#keyWords + i] ?? 0;
    }
  }

  /** Room for the key's chain and one more set. */
  #makeRoom(key: number): boolean {
    if (key >= this.#heads.length) {
      const length = Math.max(64, this.#heads.length * 2);
      if (!this.#take(2 * (length - this.#heads.length))) return false;
      this.#heads = grown(this.#heads, length).fill(NONE, this.#heads.length);
      this.#lengths = grown(this.#lengths, length);
    }
    if (this.#setCount === this.#nexts.length) {
      const length = Math.max(64, this.#nexts.length * 2);
      const words = 1 + this.#setWords;
      if (!this.#take(words * (length - this.#nexts.length))) return false;
      this.#nexts = grown(this.#nexts, length);
      this.#sets = grown(this.#sets, length * this.#setWords);
    }
    return true;
  }

  #take(words: number): boolean {
    if (!this.#pool.take(words)) return false;
    this.#taken += words;
    return true;
  }
}

function grown(words: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(words);
  return larger;
}
