/** How far the mesh is on its way to declare a node dead: drawn as a ring that closes at the quorum. */
import type { NodeView } from "#shared/view/model.ts";
import { majorityOf } from "#shared/view/select/quorum.ts";

export interface Suspicion {
  /** Observers that hold the node for suspect, unreachable or dead. */
  readonly observers: number;
  /** Observers that a confirmation needs. */
  readonly quorum: number;
  /** Size of the membership that the quorum is counted over. */
  readonly of: number;
  /** Part of the way to the quorum, 0 to 1. */
  readonly progress: number;
  readonly confirmed: boolean;
}

/** `undefined`: nobody doubts the node, or (`members` is 0) there is no quorum to get to. */
export function suspicionOf(node: NodeView, members: number): Suspicion | undefined {
  const doubting = node.suspectedBy + node.unreachableBy + node.deadBy;
  const certificate = node.confirmed;
  if (doubting === 0 && certificate === undefined) return undefined;
  const of = certificate?.of ?? members;
  if (of === 0) return undefined;
  const quorum = certificate?.needed ?? majorityOf(of);
  // An attached engine says "dead" on its own word; here it takes a certificate.
  const confirmed = certificate !== undefined || node.deadBy > 0;
  const observers = Math.max(doubting, certificate?.observers.length ?? 0);
  return {
    observers,
    quorum,
    of,
    progress: confirmed ? 1 : Math.min(1, observers / quorum),
    confirmed,
  };
}
