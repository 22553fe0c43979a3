import type { LogEntryNote } from "#main/kernel/consensus.ts";
import { NULL_DIGEST, shortDigest } from "./digest.ts";
import type { Slot } from "./slot.ts";
import type { Digest } from "./types.ts";

/** What people see of a slot. */
export function noteOf(slot: Slot, term: number, digest: Digest): LogEntryNote {
  const requests = slot.batches.get(digest)?.requests ?? [];
  const opening = requests.length > 0 && requests.every(({ operation }) => operation === "open");
  return {
    index: slot.sequence,
    term,
    digest: shortDigest(digest),
    what: digest === NULL_DIGEST ? "null" : opening ? "session" : "command",
    bytes: requests.reduce((sum, { payload }) => sum + payload.length, 0),
  };
}

/** What a slot is about as far as it got; null while there are only votes. */
export function noteOfSlot(slot: Slot): LogEntryNote | null {
  const known = slot.decided ?? slot.accepted ?? slot.certificate;
  return known === null ? null : noteOf(slot, known.view, known.digest);
}
