/** From the records on a disk to the state they add up to. */
import type { NodeId } from "#main/kernel/machine.ts";
import type { DurableMembership, MembershipRecord } from "./types.ts";

/** The state after one more record; `before` is `null` on an empty disk. */
export function afterRecord(
  before: DurableMembership | null,
  record: MembershipRecord,
): DurableMembership {
  const { incarnation, leaveTime, joined, gone } = record;
  if (before !== null && joined.length === 0 && gone.length === 0) {
    return { incarnation, leaveTime, agreed: before.agreed };
  }
  const agreed = new Set<NodeId>(before?.agreed);
  for (const member of joined) {
    agreed.add(member);
  }
  for (const member of gone) {
    agreed.delete(member);
  }
  return { incarnation, leaveTime, agreed };
}
