/**
 * Who is probed, and in which order: shuffled round-robin (SWIM §4.3). Every member is reached once
 * a round, so two probes of the same member are at most 2n − 1 periods apart.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";

export class ProbeList {
  readonly #random: Random;
  readonly #order: NodeId[] = [];
  /** Member → whether it serves as a relay. */
  readonly #usable = new Map<NodeId, boolean>();
  /** Everybody before it was probed in this round. */
  #next = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  get size(): number {
    return this.#order.length;
  }

  has(member: NodeId): boolean {
    return this.#usable.has(member);
  }

  /** Adds the member at a random position: at the end, a growing list would starve it. */
  watch(member: NodeId, usable: boolean): void {
    const known = this.#usable.has(member);
    this.#usable.set(member, usable);
    if (known) {
      return;
    }
    this.#order.push(member);
    this.#swap(this.#random.int(this.#order.length), this.#order.length - 1);
  }

  unwatch(member: NodeId): void {
    if (!this.#usable.delete(member)) {
      return;
    }
    let at = this.#order.indexOf(member);
    if (at < this.#next) {
      // Keep the probed ones in front of the mark: fill the hole with the last probed one.
      this.#next--;
      this.#swap(at, this.#next);
      at = this.#next;
    }
    this.#swap(at, this.#order.length - 1);
    this.#order.pop();
  }

  /** The next target; starts a new, newly shuffled round when everybody had their turn. */
  next(): NodeId | undefined {
    if (this.#next >= this.#order.length) {
      this.#shuffle(this.#order, this.#order.length);
      this.#next = 0;
    }
    return this.#order[this.#next++];
  }

  /** Up to `count` distinct relays, chosen uniformly, never the target itself. */
  relays(count: number, target: NodeId): readonly NodeId[] {
    const candidates = this.#order.filter(
      (member) => member !== target && this.#usable.get(member) === true,
    );
    const chosen = Math.min(count, candidates.length);
    this.#shuffle(candidates, chosen);
    return candidates.slice(0, chosen);
  }

  /** Fisher–Yates; only the first `count` places need to be random. */
  #shuffle(list: NodeId[], count: number): void {
    for (let i = 0; i < count; i++) {
      swap(list, i, i + this.#random.int(list.length - i));
    }
  }

  #swap(a: number, b: number): void {
    swap(this.#order, a, b);
  }
}

function swap(list: NodeId[], a: number, b: number): void {
  const first = list[a];
  const second = list[b];
  if (first !== undefined && second !== undefined) {
    list[a] = second;
    list[b] = first;
  }
}
