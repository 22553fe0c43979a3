import type { MemberState } from "../contract/primitives.ts";
import type { NodeView } from "./model.ts";

/** How many observers hold a node for what. */
export type Tally = Pick<NodeView, "suspectedBy" | "unreachableBy" | "deadBy" | "leftBy">;

/** The counters as they are after one observer went from one verdict to another. */
export function tallyOf(node: Tally, before: MemberState, after: MemberState): Tally {
  const change = (state: MemberState) => Number(after === state) - Number(before === state);
  return {
    suspectedBy: node.suspectedBy + change("suspect"),
    unreachableBy: node.unreachableBy + change("unreachable"),
    deadBy: node.deadBy + change("dead"),
    leftBy: node.leftBy + change("left"),
  };
}
