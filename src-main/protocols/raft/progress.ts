/** What a leader knows of one member, and how fast it may send to it. */
import type { Micros } from "#main/kernel/time.ts";
import type { Snapshot } from "./types.ts";

/**
 * `probe`: one append at a time, until it is known where the logs meet. `replicate`: as many as
 * the window allows, ahead of the answers. `snapshot`: what it needs was compacted away.
 */
export type ProgressState = "probe" | "replicate" | "snapshot";

export interface FlowLimits {
  readonly maxInFlightAppends: number;
  readonly maxInFlightBytes: number;
}

export interface SnapshotTransfer {
  readonly snapshot: Snapshot;
  /** Bytes that have arrived there. */
  offset: number;
  sentAt: Micros;
}

interface InFlight {
  readonly last: number;
  readonly bytes: number;
}

export class Progress {
  match = 0;
  next: number;
  state: ProgressState = "probe";
  /** When the member was last heard in this leadership. */
  heardAt: Micros;
  /** The last round of heartbeats that it answered. */
  round = 0;
  /** The member's life; what earlier lives said is void. */
  life = 0;
  /** It lost its disk: it gets entries, but its word counts for nothing. */
  lost = false;
  /** The commit index that it was told of, as far as its log went. */
  toldCommit = 0;
  /** No longer a member: when to let go of it at the latest; null for members. */
  leaveBy: Micros | null = null;
  /** While probing: an append is under way. */
  probing = false;
  transfer: SnapshotTransfer | null = null;
  #inFlight: InFlight[] = [];
  #inFlightBytes = 0;

  constructor(next: number, now: Micros) {
    this.next = next;
    this.heardAt = now;
  }

  get inFlight(): number {
    return this.#inFlight.length;
  }

  /** What it counts for in a quorum. */
  get counted(): number {
    return this.lost ? 0 : this.match;
  }

  maySend(limits: FlowLimits): boolean {
    switch (this.state) {
      case "probe":
        return !this.probing;
      case "replicate":
        return (
          this.#inFlight.length < limits.maxInFlightAppends &&
          this.#inFlightBytes < limits.maxInFlightBytes
        );
      case "snapshot":
        return false;
    }
  }

  sent(last: number, bytes: number): void {
    if (this.state === "probe") {
      this.probing = true;
    } else if (last >= this.next) {
      this.next = last + 1;
      this.#inFlight.push({ last, bytes });
      this.#inFlightBytes += bytes;
    }
  }

  /** Whether the match moved. */
  acknowledged(match: number): boolean {
    const moved = match > this.match;
    this.match = Math.max(this.match, match);
    this.next = Math.max(this.next, match + 1);
    this.#free(match);
    return moved;
  }

  /** Whether the rejection is news: one of an append that was answered meanwhile is not. */
  rejected(index: number, meetAt: number): boolean {
    if (this.state === "replicate") {
      if (index <= this.match) {
        return false;
      }
      this.becomeProbe(this.match + 1);
      return true;
    }
    if (index !== this.next - 1) {
      return false;
    }
    this.next = Math.max(this.match + 1, Math.min(index, meetAt + 1));
    this.probing = false;
    return true;
  }

  /** A slot of a full window, for when appends or their answers were lost. */
  freeOne(limits: FlowLimits): void {
    const [oldest] = this.#inFlight;
    if (oldest !== undefined && !this.maySend(limits)) {
      this.#free(oldest.last);
    }
  }

  becomeProbe(next: number): void {
    this.#become("probe");
    this.next = Math.max(next, this.match + 1);
  }

  becomeReplicate(): void {
    this.#become("replicate");
    this.next = this.match + 1;
  }

  becomeSnapshot(snapshot: Snapshot, now: Micros): void {
    this.#become("snapshot");
    this.transfer = { snapshot, offset: 0, sentAt: now };
  }

  /** The member says that it forgot: nothing that it acknowledged is certain to be there. */
  forget(last: number): void {
    this.match = 0;
    this.toldCommit = 0;
    this.round = 0;
    this.becomeProbe(last + 1);
  }

  #become(state: ProgressState): void {
    this.state = state;
    this.probing = false;
    this.transfer = null;
    this.#inFlight = [];
    this.#inFlightBytes = 0;
  }

  #free(upTo: number): void {
    let done = 0;
    for (const { last, bytes } of this.#inFlight) {
      if (last > upTo) {
        break;
      }
      this.#inFlightBytes -= bytes;
      done++;
    }
    if (done > 0) {
      this.#inFlight.splice(0, done);
    }
  }
}
