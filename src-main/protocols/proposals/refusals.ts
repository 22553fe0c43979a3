import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import { MAX_REASON_LENGTH } from "./limits.ts";
import type { Poll } from "./poll.ts";
import type { Refusal } from "./types.ts";

/** Why an honest member does not vote now, null when it may. */
export function voteRefusal(
  poll: Poll,
  member: NodeId,
  now: Micros,
  reason: string,
): Refusal | null {
  if (!poll.asks(member)) {
    return "not-a-member";
  }
  if (poll.voteOf(member) !== undefined) {
    return "already-voted";
  }
  if (!isOpen(poll, member, now)) {
    return "closed";
  }
  return reason.length > MAX_REASON_LENGTH ? "bad-reason" : null;
}

/** Whether `member` can still add something: nobody votes behind its own closing. */
function isOpen(poll: Poll, member: NodeId, now: Micros): boolean {
  const closed = poll.decided !== null || poll.closingOf(member) !== undefined;
  return !closed && !poll.contested && now <= poll.proposal.deadline;
}
