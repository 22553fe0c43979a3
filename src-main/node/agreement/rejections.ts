import type { MeshEventBody } from "#shared/contract/events.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { type Micros, seconds } from "#main/kernel/time.ts";

/** Between two events about the same sender and reason: a flood of messages is no flood of events. */
const QUIET_US = seconds(1);
/** Senders and reasons told apart; beyond, all are forgotten. */
const MAX_KEPT = 256;

interface Count {
  toldAt: Micros;
  count: number;
}

/** Counts dropped messages by sender and reason. */
export class Rejections {
  readonly #node: NodeId;
  readonly #counts = new Map<string, Count>();

  constructor(node: NodeId) {
    this.#node = node;
  }

  /** The event to tell, when it is time for one. */
  add(from: NodeId, reason: string, now: Micros): MeshEventBody | null {
    const key = `${from} ${reason}`;
    const known = this.#counts.get(key);
    if (known !== undefined && now - known.toldAt < QUIET_US) {
      known.count++;
      return null;
    }
    if (this.#counts.size >= MAX_KEPT) {
      this.#counts.clear();
    }
    const count = (known?.count ?? 0) + 1;
    this.#counts.set(key, { toldAt: now, count: 0 });
    return { type: "consensus.rejected", node: this.#node, from, reason, count };
  }
}
