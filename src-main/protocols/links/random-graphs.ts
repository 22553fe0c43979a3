/** The drawn shapes: same members and same stream of draws, same links. */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { LinkSet } from "./graph.ts";
import { layRing } from "./lattices.ts";

/**
 * Unions of random rings, and of one random pairing when the degree is odd: connected, and with a
 * degree of two or more without weak nodes. Where a draw repeats a link the degree is made up later.
 */
export function layRandomRegular(
  links: LinkSet,
  ids: readonly NodeId[],
  degree: number,
  random: Random,
): void {
  for (let ring = 0; ring < Math.floor(degree / 2); ring++) {
    layRing(links, shuffled(ids, random));
  }
  if (degree % 2 === 1) {
    layPairs(links, shuffled(ids, random));
  }
}

/** Pairs up, from the front; who is linked to the next in line already takes a later one. */
function layPairs(links: LinkSet, order: readonly NodeId[]): void {
  const waiting = [...order];
  for (let first = waiting.shift(); first !== undefined; first = waiting.shift()) {
    for (const [i, second] of waiting.entries()) {
      if (links.add(first, second)) {
        waiting.splice(i, 1);
        break;
      }
    }
  }
}

/** Of every this many links to the neighbour after next, one becomes a far one. */
const REWIRE_ONE_IN = 4;

/**
 * Watts and Strogatz (1998): a ring where everyone also knows the neighbour after next, some of
 * these second links rewired to anyone. The ring itself stays, so nothing is cut off.
 */
export function laySmallWorld(
  links: LinkSet,
  ids: readonly NodeId[],
  maxDegree: number,
  random: Random,
): void {
  layRing(links, ids);
  for (const [i, id] of ids.entries()) {
    const rewired = random.int(REWIRE_ONE_IN) === 0;
    const other = ids[rewired ? random.int(ids.length) : (i + 2) % ids.length] ?? id;
    if (links.degree(id) < maxDegree && links.degree(other) < maxDegree) {
      links.add(id, other);
    }
  }
}

/** Fisher and Yates. */
export function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const order: Item[] = [];
  for (const item of items) {
    const at = random.int(order.length + 1);
    const displaced = order[at];
    if (displaced !== undefined) {
      order.push(displaced);
      order[at] = item;
    } else {
      order.push(item);
    }
  }
  return order;
}
