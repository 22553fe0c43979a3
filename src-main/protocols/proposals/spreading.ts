import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import { WireWriter } from "#main/kernel/wire.ts";
import { encodeItem } from "./codec.ts";
import { MAX_ITEMS, MAX_ITEMS_BYTES } from "./limits.ts";
import type { Item } from "./types.ts";

const scratch = new WireWriter();

/** New items, each pushed for a number of rounds; calls before what is said about them. */
export class Spreading {
  readonly #roundsLeft = new Map<Item, number>();

  get size(): number {
    return this.#roundsLeft.size;
  }

  add(item: Item, rounds: number): void {
    if (rounds > 0) {
      this.#roundsLeft.set(item, rounds);
    }
  }

  /** What one message of this round carries; the ones with most rounds left first. */
  round(): Item[] {
    const order = [...this.#roundsLeft].sort(([a, x], [b, y]) => rank(a) - rank(b) || y - x);
    const sent = fitting(order.map(([item]) => item));
    for (const item of sent) {
      const left = (this.#roundsLeft.get(item) ?? 1) - 1;
      if (left === 0) {
        this.#roundsLeft.delete(item);
      } else {
        this.#roundsLeft.set(item, left);
      }
    }
    return sent;
  }
}

/** As many of the first items as one message holds. */
export function fitting(items: readonly Item[]): Item[] {
  const fit: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    encodeItem(scratch.reset(), item);
    bytes += scratch.length;
    if (fit.length === MAX_ITEMS || (fit.length > 0 && bytes > MAX_ITEMS_BYTES)) {
      break;
    }
    fit.push(item);
  }
  return fit;
}

/** Up to `count` different peers, uniformly, never `self`. */
export function drawPeers(
  peers: readonly NodeId[],
  self: NodeId,
  count: number,
  random: Random,
): NodeId[] {
  const rest = peers.filter((peer) => peer !== self);
  const drawn: NodeId[] = [];
  while (drawn.length < count && rest.length > 0) {
    drawn.push(...rest.splice(random.int(rest.length), 1));
  }
  return drawn;
}

function rank(item: Item): number {
  return item.kind === "call" ? 0 : 1;
}
