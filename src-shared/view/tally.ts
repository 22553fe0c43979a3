import type { MemberState } from "../contract/primitives.ts";
import type { NodeView } from "./model.ts";

type Tally = Pick<NodeView, "suspectedBy" | "unreachableBy" | "deadBy" | "leftBy">;

const COUNTER: Readonly<Record<Exclude<MemberState, "alive">, keyof Tally>> = {
  suspect: "suspectedBy",
  unreachable: "unreachableBy",
  dead: "deadBy",
  left: "leftBy",
};

/** The member with its counters as they are after one observer went from one verdict to another. */
export function tallied(member: NodeView, before: MemberState, after: MemberState): NodeView {
  const tally: Record<keyof Tally, number> = {
    suspectedBy: member.suspectedBy,
    unreachableBy: member.unreachableBy,
    deadBy: member.deadBy,
    leftBy: member.leftBy,
  };
  if (before !== "alive") tally[COUNTER[before]] -= 1;
  if (after !== "alive") tally[COUNTER[after]] += 1;
  return { ...member, ...tally };
}
