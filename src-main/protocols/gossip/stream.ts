import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { Rumour, StreamDigest } from "./types.ts";

/** A rumour in the store, with what this node did for it. */
export interface StoredRumour {
  readonly rumour: Rumour;
  readonly key: string;
  /** Legs it took to get here; 0 at its origin. */
  readonly hops: number;
  /** Encoded size. */
  readonly bytes: number;
  copiesSent: number;
}

/**
 * What is held of one (origin, epoch). Everything up to `floor` is known or too old; above it the
 * entries themselves say what is known. `highest - floor` never exceeds the window.
 */
export class RumourStream {
  readonly origin: NodeId;
  readonly epoch: Micros;
  readonly key: string;
  readonly entries = new Map<number, StoredRumour>();
  /** Highest Lamport time seen: how recently the origin spoke. */
  lamport = 0;
  floor = 0;
  highest = 0;

  constructor(origin: NodeId, epoch: Micros, key: string) {
    this.origin = origin;
    this.epoch = epoch;
    this.key = key;
  }

  knows(sequence: number): boolean {
    return sequence <= this.floor || this.entries.has(sequence);
  }

  /** Takes in one that is not known, then lets the window slide; returns what fell out. */
  add(stored: StoredRumour, window: number): readonly StoredRumour[] {
    const { sequence } = stored.rumour.id;
    this.entries.set(sequence, stored);
    this.highest = Math.max(this.highest, sequence);
    this.lamport = Math.max(this.lamport, stored.rumour.lamport);
    return this.raiseFloor(this.highest - window);
  }

  /** Everything up to `floor` is forgotten and will not be taken again. */
  raiseFloor(floor: number): readonly StoredRumour[] {
    if (floor <= this.floor) {
      return [];
    }
    this.floor = floor;
    const dropped = [...this.entries.values()].filter((one) => one.rumour.id.sequence <= floor);
    for (const one of dropped) {
      this.entries.delete(one.rumour.id.sequence);
    }
    return dropped;
  }

  digest(): StreamDigest {
    const { origin, epoch, floor, highest } = this;
    return { origin, epoch, floor, highest, missing: this.#missing() };
  }

  /** Entries that the author of `other` lacks and would still take, in order of sequence. */
  lackedBy(other: StreamDigest | undefined): StoredRumour[] {
    const known = other ?? { floor: 0, highest: 0, missing: [] };
    if (known.highest >= this.highest && known.missing.length === 0) {
      return [];
    }
    const gaps = new Set(known.missing);
    const lacked: StoredRumour[] = [];
    for (let at = Math.max(known.floor, this.floor) + 1; at <= this.highest; at++) {
      const stored = this.entries.get(at);
      if (stored !== undefined && (at > known.highest || gaps.has(at))) {
        lacked.push(stored);
      }
    }
    return lacked;
  }

  #missing(): number[] {
    const missing: number[] = [];
    if (this.entries.size === this.highest - this.floor) {
      return missing;
    }
    for (let at = this.floor + 1; at < this.highest; at++) {
      if (!this.entries.has(at)) {
        missing.push(at);
      }
    }
    return missing;
  }
}
