import type { Random } from "#main/kernel/random.ts";
import type { GossipOptions } from "./options.ts";
import type { StoredRumour } from "./stream.ts";
import { expectedPushRounds } from "./theory.ts";

interface HotRumour {
  readonly stored: StoredRumour;
  /** Events that the stop rule counts. */
  events: number;
  /** Sends it took part in. */
  sends: number;
  /** Copies of the last send of which no peer said that it knew them. */
  unanswered: number;
}

export type StopOptions = Pick<GossipOptions, "stopRule" | "stopAfter" | "counterResets">;

/**
 * The hot rumours of one node and the rule by which it loses interest in them (Demers et al. 1987,
 * section 1.4: feedback or blind, counter or coin).
 */
export class Mongering {
  readonly #hot = new Map<string, HotRumour>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  get size(): number {
    return this.#hot.size;
  }

  heat(stored: StoredRumour): void {
    this.#hot.set(stored.key, { stored, events: 0, sends: 0, unanswered: 0 });
  }

  /** Hot rumours, those least sent first. */
  due(): StoredRumour[] {
    return [...this.#hot.values()].sort((a, b) => a.sends - b.sends).map((hot) => hot.stored);
  }

  /**
   * Before a send. Of the one before, copies that no peer knew were not in vain; where the counter
   * resets it begins anew with them.
   */
  sendBegins({ stopRule, counterResets }: StopOptions): void {
    const resets = counterResets && stopRule === "feedback-counter";
    for (const hot of this.#hot.values()) {
      hot.events = resets && hot.unanswered > 0 ? 0 : hot.events;
      hot.unanswered = 0;
    }
  }

  /** A copy went out. True when this cooled it. */
  copySent(key: string, options: StopOptions): boolean {
    const hot = this.#hot.get(key);
    if (hot !== undefined) {
      hot.unanswered++;
    }
    return isBlind(options) && this.#count(key, options);
  }

  /** A peer knew it already. True when this cooled it. */
  knownAlready(key: string, options: StopOptions): boolean {
    const hot = this.#hot.get(key);
    if (hot !== undefined && hot.unanswered > 0) {
      hot.unanswered--;
    }
    return !isBlind(options) && this.#count(key, options);
  }

  /** One mongering send is over: returns the rumours that were hot for longer than `ceiling`. */
  sendOver(ceiling: number): StoredRumour[] {
    const over: StoredRumour[] = [];
    for (const [key, hot] of this.#hot) {
      hot.sends++;
      if (hot.sends >= ceiling) {
        this.#hot.delete(key);
        over.push(hot.stored);
      }
    }
    return over;
  }

  #count(key: string, { stopRule, stopAfter }: StopOptions): boolean {
    const hot = this.#hot.get(key);
    if (hot === undefined) {
      return false;
    }
    hot.events++;
    const byCoin = stopRule === "feedback-coin" || stopRule === "blind-coin";
    const stop = byCoin ? this.#random.next() < 1 / stopAfter : hot.events >= stopAfter;
    return stop && this.#hot.delete(key);
  }
}

export function isBlind({ stopRule }: StopOptions): boolean {
  return stopRule === "blind-counter" || stopRule === "blind-coin";
}

/**
 * Sends after which a rumour cools whatever the rule says. Without it a node whose peers never
 * answer, behind a partition for example, would stay hot for ever.
 */
export function mongerCeiling(n: number): number {
  return Math.ceil(10 * expectedPushRounds(Math.max(2, n)));
}
