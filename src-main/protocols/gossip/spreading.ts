import type { StoredRumour } from "./stream.ts";
import { expectedPushRounds } from "./theory.ts";

interface Spreading {
  readonly stored: StoredRumour;
  roundsLeft: number;
}

/** Rumours that push rounds still carry: each for a number of rounds fixed when it came. */
export class ActiveRumours {
  readonly #active = new Map<string, Spreading>();

  get size(): number {
    return this.#active.size;
  }

  /** What telling one peer everything would take. */
  get bytes(): number {
    let sum = 0;
    for (const { stored } of this.#active.values()) {
      sum += stored.bytes;
    }
    return sum;
  }

  add(stored: StoredRumour, rounds: number): void {
    this.#active.set(stored.key, { stored, roundsLeft: rounds });
  }

  /** The ones with most rounds left first: what had least chance to spread. */
  due(): StoredRumour[] {
    const order = [...this.#active.values()].sort((a, b) => b.roundsLeft - a.roundsLeft);
    return order.map((spreading) => spreading.stored);
  }

  /** Counts a round for those that took part in it. */
  roundOver(sent: readonly StoredRumour[]): void {
    for (const { key } of sent) {
      const spreading = this.#active.get(key);
      if (spreading !== undefined) {
        spreading.roundsLeft--;
        if (spreading.roundsLeft <= 0) {
          this.#active.delete(key);
        }
      }
    }
  }
}

/** Rounds for which a rumour is pushed by a node of a mesh of `n`. */
export function spreadRounds(n: number, fanout: number, multiplier: number): number {
  return Math.max(1, Math.ceil(multiplier * expectedPushRounds(n, fanout)));
}
