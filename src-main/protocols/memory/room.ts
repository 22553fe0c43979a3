import { assert } from "#main/kernel/assert.ts";

/** How much all namespaces of a node may take together. A delete always finds room. */
export class Room {
  readonly #maxKeys: number;
  readonly #maxBytes: number;
  #keys = 0;
  #bytes = 0;

  constructor(maxKeys: number, maxBytes: number) {
    this.#maxKeys = maxKeys;
    this.#maxBytes = maxBytes;
  }

  get keys(): number {
    return this.#keys;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Takes so much more, if it is there. What needs less than before is never refused. */
  enter(keys: number, bytes: number): boolean {
    const fits = this.fits(keys, bytes);
    if (fits) {
      this.shift(keys, bytes);
    }
    return fits;
  }

  fits(keys: number, bytes: number): boolean {
    const fitKeys = keys <= 0 || this.#keys + keys <= this.#maxKeys;
    const fitBytes = bytes <= 0 || this.#bytes + bytes <= this.#maxBytes;
    return fitKeys && fitBytes;
  }

  /** Without asking: gives back, or takes what a delete needs. */
  shift(keys: number, bytes: number): void {
    this.#keys += keys;
    this.#bytes += bytes;
    assert(this.#keys >= 0 && this.#bytes >= 0, "nobody gives back more than was taken");
  }
}
