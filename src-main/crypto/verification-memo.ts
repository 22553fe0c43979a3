/**
 * A simulator runs all nodes of a mesh in one process, so the same signature is verified once for
 * every node that gets it. The memo remembers outcomes, good and bad: verification is a function
 * of key, content and signature, so what it remembers never changes what a node sees.
 */
import { createHash } from "node:crypto";
import { assert } from "#main/kernel/assert.ts";
import { BoundedMap } from "#main/kernel/bounded-map.ts";

export interface VerificationMemoOptions {
  /** Outcomes kept; the oldest go first. One takes about 150 bytes. */
  readonly capacity: number;
}

export const VERIFICATION_MEMO_DEFAULTS: VerificationMemoOptions = { capacity: 65_536 };

export class VerificationMemo {
  readonly #outcomes: BoundedMap<string, boolean>;
  #hits = 0;
  #misses = 0;

  constructor(options: VerificationMemoOptions = VERIFICATION_MEMO_DEFAULTS) {
    assert(Number.isInteger(options.capacity) && options.capacity >= 1, "a memo needs room");
    this.#outcomes = new BoundedMap(options.capacity);
  }

  get hits(): number {
    return this.#hits;
  }

  get misses(): number {
    return this.#misses;
  }

  get size(): number {
    return this.#outcomes.size;
  }

  /** `verify`'s answer, from memory where it was given before. Key and signature have fixed size. */
  recall(
    publicKey: Uint8Array,
    content: Uint8Array,
    signature: Uint8Array,
    verify: () => boolean,
  ): boolean {
    const hash = createHash("sha256").update(publicKey).update(signature).update(content);
    const key = hash.digest("base64");
    const known = this.#outcomes.get(key);
    if (known !== undefined) {
      this.#hits++;
      return known;
    }
    this.#misses++;
    const outcome = verify();
    this.#outcomes.set(key, outcome);
    return outcome;
  }
}
