import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { Rumour, RumourId } from "./types.ts";

/**
 * Numbers what this node publishes, and its Lamport time. A life continues the epoch its disk
 * tells of; without one it opens a new epoch named by the time of its start, because sequences
 * used before the disk was lost may still be under way.
 */
export class OriginLog {
  readonly #self: NodeId;
  #epoch: Micros | null = null;
  #sequence = 0;
  #lamport = 0;

  constructor(self: NodeId) {
    this.#self = self;
  }

  get started(): boolean {
    return this.#epoch !== null;
  }

  /** Own rumours have no hops behind them; own ones of a lost life came back with some. */
  restore(rumour: Rumour, hops: number): void {
    this.witness(rumour);
    if (hops === 0 && rumour.id.origin === this.#self) {
      this.#epoch = rumour.id.epoch;
      this.#sequence = Math.max(this.#sequence, rumour.id.sequence);
    }
  }

  start(now: Micros): void {
    this.#epoch ??= now;
  }

  next(): { readonly id: RumourId; readonly lamport: number } {
    this.#sequence++;
    this.#lamport++;
    const epoch = this.#epoch ?? 0;
    return { id: { origin: this.#self, epoch, sequence: this.#sequence }, lamport: this.#lamport };
  }

  /** Lamport's rule; and a disk put back from an old copy must not use a number twice. */
  witness(rumour: Rumour): void {
    this.#lamport = Math.max(this.#lamport, rumour.lamport) + 1;
    const { origin, epoch, sequence } = rumour.id;
    if (origin === this.#self && epoch === this.#epoch) {
      this.#sequence = Math.max(this.#sequence, sequence);
    }
  }
}
