import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";

/**
 * Up to `count` different peers, uniformly, never `self`. Taking turns over a list is not uniform
 * and slows spreading down, so every draw is a fresh one.
 */
export function drawPeers(
  peers: readonly NodeId[],
  self: NodeId,
  count: number,
  random: Random,
): NodeId[] {
  // With many more peers than wanted a repeated draw is rare, and no list has to be copied.
  return peers.length > 4 * (count + 1)
    ? drawByRepeating(peers, self, count, random)
    : drawByShuffling(peers, self, count, random);
}

function drawByRepeating(
  peers: readonly NodeId[],
  self: NodeId,
  count: number,
  random: Random,
): NodeId[] {
  const drawn: NodeId[] = [];
  while (drawn.length < count) {
    const peer = peers[random.int(peers.length)];
    if (peer !== undefined && peer !== self && !drawn.includes(peer)) {
      drawn.push(peer);
    }
  }
  return drawn;
}

function drawByShuffling(
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
