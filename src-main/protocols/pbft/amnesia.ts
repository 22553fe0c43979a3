/**
 * A replica that lost its disk does not know what it signed, and could contradict it. Until its
 * stable checkpoint is beyond everything its lost life may have signed it only listens: it fetches
 * the state and executes, but sends no PREPARE, COMMIT or PRE-PREPARE up to there and demands no
 * view. In the paper's terms it is faulty meanwhile and counts against f.
 *
 * How far that is: the lost life signed nothing above its own H = h + L. Its h was proven by a
 * quorum, so of any n - quorum + f others that answer now, one is a correct replica that had
 * executed up to h, and so has a stable checkpoint of at least h - L. Hence 2 L above the highest
 * proven checkpoint of those is enough.
 */
import type { Replica } from "./replica.ts";
import type { Retransmission } from "./retransmit.ts";

/** Others that must have answered. */
export function answersNeeded(n: number, quorum: number, faults: number): number {
  return n - quorum + faults;
}

/** Once enough others told their checkpoints. True when the bound became known. */
export function estimateSilence(replica: Replica, retransmission: Retransmission): boolean {
  if (!replica.isMember || Number.isFinite(replica.silentUpTo)) {
    return false;
  }
  const { members, quorum, faults, low, options } = replica;
  // A claim beyond what is proven here may be a lie; its sender counts when its proof arrives.
  const credible = retransmission.claims().filter((stable) => stable <= low);
  if (credible.length < answersNeeded(members.length, quorum, faults)) {
    return false;
  }
  replica.silentUpTo = low + 2 * options.window;
  replica.out.persist({ kind: "silent", upTo: replica.silentUpTo });
  return true;
}
