/**
 * News waiting to be spread (SWIM §4.1, memberlist `TransmitLimitedQueue`). At most one item per
 * member: newer news about it replaces the old. Least transmitted first, then larger first, so that
 * small items fill the rest of a packet; dropped after a number of transmissions.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Update } from "./messages.ts";

interface Broadcast {
  readonly member: NodeId;
  readonly size: number;
  readonly update: Update | null;
  transmits: number;
}

/**
 * Makes the update of an item that was queued without one, within so many bytes; `null`: nothing.
 * One that is larger has to wait for the next packet.
 */
export type Render = (member: NodeId, maxBytes: number) => SizedUpdate | null;

export interface SizedUpdate {
  readonly update: Update;
  readonly size: number;
}

export class BroadcastQueue {
  readonly #byMember = new Map<NodeId, Broadcast>();
  /** By number of transmissions; within one, by size, largest first, newer first. */
  readonly #tiers: Broadcast[][] = [];

  get size(): number {
    return this.#byMember.size;
  }

  /** Queues news about the member; with `update` null it is made at the time of sending. */
  enqueue(member: NodeId, size: number, update: Update | null): void {
    this.invalidate(member);
    const item: Broadcast = { member, size, update, transmits: 0 };
    this.#byMember.set(member, item);
    this.#insert(item);
  }

  invalidate(member: NodeId): void {
    const item = this.#byMember.get(member);
    if (item === undefined) {
      return;
    }
    this.#byMember.delete(member);
    const tier = this.#tiers[item.transmits];
    tier?.splice(tier.indexOf(item), 1);
  }

  /**
   * The updates for one packet, at most `budgetBytes` in all. Counts as a transmission of each;
   * an item that reaches `limit` transmissions is dropped.
   */
  take(budgetBytes: number, limit: number, render: Render): readonly Update[] {
    const updates: Update[] = [];
    const sent: Broadcast[] = [];
    let room = budgetBytes;
    // Making updates costs more than sending them: one that did not fit ends it for this packet.
    let roomToRender = true;
    for (const tier of this.#tiers) {
      let kept = 0;
      let seen = 0;
      // Largest first: when not even the last one fits, nothing more of this tier does.
      const smallest = tier.at(-1)?.size ?? 0;
      for (; seen < tier.length && smallest <= room; seen++) {
        const item = tier[seen];
        if (item === undefined) {
          break;
        }
        const tried: boolean = item.size <= room && (item.update !== null || roomToRender);
        const fitting: SizedUpdate | null = tried ? sized(item, room, render) : null;
        if (fitting === null || fitting.size > room) {
          roomToRender &&= fitting === null;
          tier[kept++] = item;
          continue;
        }
        room -= fitting.size;
        updates.push(fitting.update);
        sent.push(item);
      }
      if (kept < seen) {
        tier.copyWithin(kept, seen);
        tier.length -= seen - kept;
      }
    }
    for (const item of sent) {
      this.#transmitted(item, limit);
    }
    return updates;
  }

  #transmitted(item: Broadcast, limit: number): void {
    item.transmits++;
    if (item.transmits >= limit) {
      this.#byMember.delete(item.member);
    } else {
      this.#insert(item);
    }
  }

  #insert(item: Broadcast): void {
    while (this.#tiers.length <= item.transmits) {
      this.#tiers.push([]);
    }
    const tier = this.#tiers[item.transmits] ?? [];
    const before = tier.findIndex((other) => other.size <= item.size);
    tier.splice(before === -1 ? tier.length : before, 0, item);
  }
}

function sized(item: Broadcast, room: number, render: Render): SizedUpdate | null {
  return item.update === null
    ? render(item.member, room)
    : { update: item.update, size: item.size };
}
