import type { NodeId } from "#main/kernel/machine.ts";
import { MAX_SENDERS } from "./limits.ts";
import type { Mass, Transfer } from "./types.ts";

/**
 * Mass under way to others, at most one transfer for each peer. Until a peer says what became of
 * it nobody can know: it is sent again and again, and neither taken back nor given up. Taking it
 * back could double it, giving it up could destroy it.
 */
export class Outstanding {
  readonly #byPeer = new Map<NodeId, Transfer>();
  #sequence = 0;

  get size(): number {
    return this.#byPeer.size;
  }

  has(peer: NodeId): boolean {
    return this.#byPeer.has(peer);
  }

  /** In the order in which they were sent first. */
  entries(): (readonly [NodeId, Transfer])[] {
    return [...this.#byPeer];
  }

  open(peer: NodeId, epoch: number, mass: Mass): Transfer {
    this.#sequence++;
    const transfer = { epoch, sequence: this.#sequence, mass };
    this.#byPeer.set(peer, transfer);
    return transfer;
  }

  /** The transfer that the answer is about, which is over with it; undefined for any other. */
  settle(peer: NodeId, epoch: number, sequence: number): Transfer | undefined {
    const transfer = this.#byPeer.get(peer);
    if (transfer === undefined || transfer.epoch !== epoch || transfer.sequence !== sequence) {
      return undefined;
    }
    this.#byPeer.delete(peer);
    return transfer;
  }
}

/**
 * The last transfer taken from each sender. A sender opens the next one to the same peer only when
 * the last was answered, so one number tells repetitions from news.
 */
export class Received {
  readonly #last = new Map<NodeId, number>();

  isRepeated(from: NodeId, sequence: number): boolean {
    return sequence <= (this.#last.get(from) ?? 0);
  }

  /** False when there are too many senders to keep apart. */
  note(from: NodeId, sequence: number): boolean {
    if (this.#last.size >= MAX_SENDERS && !this.#last.has(from)) {
      return false;
    }
    this.#last.set(from, sequence);
    return true;
  }
}
