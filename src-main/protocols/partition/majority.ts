import type { PartitionCounts } from "./types.ts";

/**
 * Members that make a majority of the last agreed membership: more than half of all, dead and
 * unreachable ones included. With the tie-breaker reachable exactly half is enough.
 */
export function majorityOf(of: number, tieBreakerReachable: boolean): number {
  return tieBreakerReachable && of % 2 === 0 ? Math.max(1, of / 2) : Math.floor(of / 2) + 1;
}

export function hasMajority(counts: PartitionCounts): boolean {
  return counts.reachable >= counts.needed;
}
