/**
 * The last incarnation of members that are gone. Without it an old "alive", still on its way
 * somewhere, would bring them back.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";

interface Tombstone {
  readonly incarnation: number;
  readonly until: Micros;
}

export class Tombstones {
  readonly #lifetime: Micros;
  readonly #capacity: number;
  /** In order of burial, so the first one is the oldest. */
  readonly #byMember = new Map<NodeId, Tombstone>();

  constructor(lifetime: Micros, capacity: number) {
    this.#lifetime = lifetime;
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#byMember.size;
  }

  /** Over capacity the oldest gives way. */
  bury(member: NodeId, incarnation: number, now: Micros): void {
    const held = this.#byMember.get(member)?.incarnation ?? 0;
    this.#byMember.delete(member);
    this.#byMember.set(member, {
      incarnation: Math.max(held, incarnation),
      until: now + this.#lifetime,
    });
    const oldest = this.#byMember.keys().next();
    if (this.#byMember.size > this.#capacity && oldest.done !== true) {
      this.#byMember.delete(oldest.value);
    }
  }

  /** The incarnation up to which the member stays gone; `undefined` when nothing is remembered. */
  incarnation(member: NodeId, now: Micros): number | undefined {
    const tombstone = this.#byMember.get(member);
    return tombstone === undefined || now >= tombstone.until ? undefined : tombstone.incarnation;
  }

  /** Drops what has expired. */
  sweep(now: Micros): void {
    for (const [member, { until }] of this.#byMember) {
      if (now >= until) {
        this.#byMember.delete(member);
      }
    }
  }
}
