/** The invariant of push-sum, for tests and for checkers that see all nodes. */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Aggregation } from "./aggregation.ts";
import { add } from "./mass.ts";
import type { Mass } from "./types.ts";

/**
 * Everything that the nodes of one epoch hold, with what is under way: constant from the epoch's
 * beginning on, apart from rounding, unless a node dies. Null when no node is in the epoch.
 */
export function totalMass(nodes: ReadonlyMap<NodeId, Aggregation>, epoch: number): Mass | null {
  const parts: Mass[] = [];
  for (const [id, node] of nodes) {
    if (node.epoch === epoch && node.mass !== null) {
      parts.push(node.mass);
      for (const [peer, transfer] of node.outstanding) {
        // Where it was taken and only the answer is missing it would be counted twice.
        if (nodes.get(peer)?.hasTaken(id, transfer) !== true) {
          parts.push(transfer.mass);
        }
      }
    }
  }
  const [first, ...rest] = parts;
  return first === undefined ? null : rest.reduce((sum, part) => add(sum, part, epoch), first);
}
