import { assert } from "./assert.ts";

/**
 * A map that forgets what was put in first when it is over its limit; setting a key again does not
 * make it younger. The order is kept beside the map: asking a `Map` for its first key again and
 * again walks over everything that was deleted before.
 */
export class BoundedMap<K, V> {
  readonly #capacity: number;
  readonly #entries = new Map<K, V>();
  /** Keys in the order they came; some may be gone already. */
  #order: K[] = [];
  #first = 0;

  constructor(capacity: number) {
    assert(capacity >= 1, "a map needs room");
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  set(key: K, value: V): void {
    if (!this.#entries.has(key)) {
      this.#order.push(key);
    }
    this.#entries.set(key, value);
    while (this.#entries.size > this.#capacity) {
      this.#entries.delete(this.#order[this.#first++] as K);
    }
    if (this.#first > this.#capacity || this.#order.length > 4 * this.#capacity + 16) {
      this.#tidy();
    }
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }

  someKey(test: (key: K) => boolean): boolean {
    for (const key of this.#entries.keys()) {
      if (test(key)) {
        return true;
      }
    }
    return false;
  }

  /** Keys that were deleted and came again stand where they came last. */
  #tidy(): void {
    this.#order = [...this.#entries.keys()];
    this.#first = 0;
  }
}
