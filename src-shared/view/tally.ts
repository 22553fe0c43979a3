import type { MemberState } from "../contract/primitives.ts";
import type { NodeView } from "./model.ts";

/** How many observers hold a node for what. */
export type Tally = Pick<
  NodeView,
  "suspectedBy" | "unreachableBy" | "deadBy" | "leftBy" | "cutOffDoubts"
>;

export const EMPTY_TALLY: Tally = {
  suspectedBy: 0,
  unreachableBy: 0,
  deadBy: 0,
  leftBy: 0,
  cutOffDoubts: 0,
};

/** The counters as they are after one observer went from one verdict to another. */
export function tallyOf(
  node: Tally,
  before: MemberState,
  after: MemberState,
  cutOff: boolean,
): Tally {
  const change = (state: MemberState) => Number(after === state) - Number(before === state);
  const doubts = Number(isDoubt(after)) - Number(isDoubt(before));
  return {
    suspectedBy: node.suspectedBy + change("suspect"),
    unreachableBy: node.unreachableBy + change("unreachable"),
    deadBy: node.deadBy + change("dead"),
    leftBy: node.leftBy + change("left"),
    cutOffDoubts: node.cutOffDoubts + (cutOff ? doubts : 0),
  };
}

/** A verdict that one observer reached alone, without a quorum behind it. */
export function isDoubt(state: MemberState): boolean {
  return state === "suspect" || state === "unreachable";
}
