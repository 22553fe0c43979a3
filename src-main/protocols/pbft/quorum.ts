import { assert } from "#main/kernel/assert.ts";
import type { NodeId } from "#main/kernel/machine.ts";

/** Faulty replicas that `n` can bear at most: n >= 3f + 1 (section 3). */
export function maxFaults(n: number): number {
  return Math.floor((n - 1) / 3);
}

/**
 * Replicas of which any two such groups share a correct one: 2q - n >= f + 1. For n = 3f + 1 that
 * is the paper's 2f + 1; for n = 5, f = 1 it is 4, and 3 would be unsafe.
 */
export function pbftQuorum(n: number, f: number): number {
  return Math.ceil((n + f + 1) / 2);
}

/** p = v mod |R| (section 4). */
export function primaryOf(members: readonly NodeId[], view: number): NodeId {
  const primary = members[view % members.length];
  assert(primary !== undefined, "a group has members");
  return primary;
}

/**
 * Protocol messages of one unbatched request without faults: n - 1 pre-prepares, (n - 1)² prepares,
 * n (n - 1) commits and n replies. A replica's reply to a client at its own node is counted too.
 */
export function messagesPerRequest(n: number): number {
  return 2 * n * n - n;
}
