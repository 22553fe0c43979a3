import type { FaultOptions, ReputationOptions } from "./options.ts";
import { FAULT_KINDS } from "./types.ts";

/** Squared beyond the tolerance, so that the honest are spared and the persistent are not. */
export function faultPenalty(count: number, { weight, tolerance, cap }: FaultOptions): number {
  return weight * Math.max(0, Math.min(count, cap) - tolerance) ** 2;
}

/** What is left of a counter after whole decay intervals; little is nothing. */
export function decayed(
  count: number,
  factor: number,
  intervals: number,
  decayToZero: number,
): number {
  const left = intervals === 0 ? count : count * factor ** intervals;
  return left < decayToZero ? 0 : left;
}

/** The worst score there is: every component at its cap. */
export function lowestScore(options: ReputationOptions): number {
  const faults = FAULT_KINDS.map((kind) => options.faults[kind]);
  const penalties = faults.map((fault) => faultPenalty(fault.cap, fault));
  return -penalties.reduce((sum, penalty) => sum + penalty, options.hearsayCap);
}

/** How much a member's word about others counts: 1 while it has no bad score, 0 on the graylist. */
export function trustIn(score: number, graylistThreshold: number): number {
  return Math.max(0, Math.min(1, 1 - score / graylistThreshold));
}

/**
 * What opinions cost. Each member's whole trust is worth a quorum's part of the way to the gossip
 * threshold, so fewer than a quorum of all members never lead there by themselves.
 */
export function hearsayPenalty(
  weightedSeverities: number,
  members: number,
  options: Pick<ReputationOptions, "gossipThreshold" | "hearsayCap">,
): number {
  const quorum = Math.floor(members / 2) + 1;
  return Math.min(options.hearsayCap, (weightedSeverities * -options.gossipThreshold) / quorum);
}
