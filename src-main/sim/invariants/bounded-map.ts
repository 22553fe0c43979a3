import { assert } from "#main/kernel/assert.ts";

/** A map that forgets what was put in first when it is over its limit. */
export class BoundedMap<K, V> {
  readonly #capacity: number;
  readonly #entries = new Map<K, V>();

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
    this.#entries.set(key, value);
    if (this.#entries.size > this.#capacity) {
      const [oldest] = this.#entries.keys();
      this.#entries.delete(oldest as K);
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
}
