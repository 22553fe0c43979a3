/** What a backup asks of a pre-prepare's contents before it agrees (section 4.2). */
import { type Micros, ms } from "#main/kernel/time.ts";
import { batchDigest, NULL_DIGEST } from "./digest.ts";
import type { PbftOptions } from "./options.ts";
import type { Replica } from "./replica.ts";
import type { Slot } from "./slot.ts";
import type { Batch, PrePrepare } from "./types.ts";

/**
 * Why the proposal is refused; null when it is good. View, watermarks, sender, signature and
 * earlier proposals for the same number are the caller's.
 */
export function proposalProblem(replica: Replica, message: PrePrepare): string | null {
  const { digest, batch, sequence } = message;
  if (batchDigest(batch) !== digest) {
    return "the digest is not that of the requests";
  }
  if (batch.requests.length === 0 || digest === NULL_DIGEST) {
    return "a proposal without requests";
  }
  if (!fits(batch, replica.options)) {
    return "a proposal beyond the limits of a batch";
  }
  const decided = replica.findSlot(sequence)?.decided ?? null;
  if (decided !== null && decided.digest !== digest) {
    return "a proposal against what was decided";
  }
  return timeProblem(replica, message) ?? signatureProblem(replica, batch);
}

/** The log time of what this view proposed there; 0 while that is not known. */
export function logTimeOf(slot: Slot | undefined, view: number): Micros {
  const accepted = slot?.accepted;
  return accepted?.view === view ? (slot?.batches.get(accepted.digest)?.time ?? 0) : 0;
}

/** The primary chooses the log time (section 4.6); backups see to it that the choice is sane. */
function timeProblem(replica: Replica, { sequence, batch }: PrePrepare): string | null {
  const { now, options, state, view } = replica;
  if (batch.time > now + ms(options.maxClockAheadMs)) {
    return "log time ahead of the clock";
  }
  const before = replica.findSlot(sequence - 1);
  const earliest = Math.max(state.time, logTimeOf(before, view));
  return sequence > state.sequence && batch.time < earliest ? "log time goes backwards" : null;
}

function signatureProblem(replica: Replica, { requests }: Batch): string | null {
  return requests.every((request) => replica.verify(request))
    ? null
    : "a request with a bad signature";
}

/** One request may be larger than the limit of a batch: it goes alone. */
function fits({ requests }: Batch, options: PbftOptions): boolean {
  const bytes = requests.reduce((sum, { payload }) => sum + payload.length, 0);
  const limit = requests.length === 1 ? options.maxCommandBytes : options.batchMaxBytes;
  return requests.length <= options.batchMax && bytes <= limit;
}
