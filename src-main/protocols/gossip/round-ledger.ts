import { MAX_COPIES, MAX_COPIES_BYTES } from "./limits.ts";
import type { StoredRumour } from "./stream.ts";
import type { RoundCounts } from "./types.ts";

/**
 * The books of the running round. One budget of bytes for copies of all kinds keeps what a node
 * sends per round constant, however much it is asked for.
 */
export class RoundLedger {
  messages = 0;
  duplicates = 0;
  tooOld = 0;
  #copies = 0;
  #bytes = 0;
  #deferred = 0;

  /**
   * The entries that still fit in one message and in the round's allowance; counts them as sent and
   * the others as deferred.
   */
  admit(entries: readonly StoredRumour[], allowance: number): StoredRumour[] {
    const admitted: StoredRumour[] = [];
    let messageBytes = 0;
    for (const stored of entries) {
      const fits =
        admitted.length < MAX_COPIES &&
        messageBytes + stored.bytes <= MAX_COPIES_BYTES &&
        this.#bytes + stored.bytes <= allowance;
      if (!fits) {
        this.#deferred++;
        continue;
      }
      messageBytes += stored.bytes;
      this.#bytes += stored.bytes;
      this.#copies++;
      stored.copiesSent++;
      admitted.push(stored);
    }
    return admitted;
  }

  /** What the round has sent so far. */
  get bytes(): number {
    return this.#bytes;
  }

  close(round: number, antiEntropy: boolean, hot: number): RoundCounts {
    const counts: RoundCounts = {
      round,
      antiEntropy,
      messages: this.messages,
      copies: this.#copies,
      bytes: this.#bytes,
      deferred: this.#deferred,
      duplicates: this.duplicates,
      tooOld: this.tooOld,
      hot,
    };
    this.messages = 0;
    this.duplicates = 0;
    this.tooOld = 0;
    this.#copies = 0;
    this.#bytes = 0;
    this.#deferred = 0;
    return counts;
  }
}
