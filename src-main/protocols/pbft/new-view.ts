/**
 * What a new view begins with (section 4.4): pure functions of the VIEW-CHANGE messages, so that
 * backups recompute what the new primary claims and compare.
 */
import { NULL_DIGEST } from "./digest.ts";
import { primaryOf } from "./quorum.ts";
import type { Replica } from "./replica.ts";
import type { Digest, NewView, PreparedCertificate, ViewChange } from "./types.ts";

export interface Order {
  readonly sequence: number;
  readonly digest: Digest;
}

export interface NewViewPlan {
  /** min-s: the latest stable checkpoint among the VIEW-CHANGEs. */
  readonly low: number;
  /** max-s: the highest sequence number prepared in any of them, at least min-s. */
  readonly high: number;
  /** O: one order for every number in between, in order. */
  readonly orders: readonly Order[];
}

/** Computes O. Expects valid VIEW-CHANGEs: what they prove has been verified. */
export function planNewView(viewChanges: readonly ViewChange[]): NewViewPlan {
  const low = Math.max(0, ...viewChanges.map(({ sequence }) => sequence));
  const best = new Map<number, PreparedCertificate>();
  for (const certificate of viewChanges.flatMap(({ prepared }) => prepared)) {
    const standing = best.get(certificate.sequence);
    if (standing === undefined || certificate.view > standing.view) {
      best.set(certificate.sequence, certificate);
    }
  }
  const high = Math.max(low, ...best.keys());
  const orders: Order[] = [];
  for (let sequence = low + 1; sequence <= high; sequence++) {
    orders.push({ sequence, digest: best.get(sequence)?.digest ?? NULL_DIGEST });
  }
  return { low, high, orders };
}

/** Why the contents of a well signed VIEW-CHANGE do not hold; null when they do. */
export function viewChangeProblem(replica: Replica, message: ViewChange): string | null {
  const { stable, prepared, sequence, view } = message;
  const { members, options, certificates } = replica;
  if (view < 1 || sequence !== (stable?.sequence ?? 0)) {
    return "a view change that contradicts itself";
  }
  if (stable !== null && sequence % options.checkpointEvery !== 0) {
    return "a view change from a checkpoint that is none";
  }
  if (stable !== null && !certificates.checkpoint(stable)) {
    return "a view change without proof of its checkpoint";
  }
  let last = sequence;
  for (const certificate of prepared) {
    const { sequence: at, view: in_ } = certificate;
    if (at <= last || at > sequence + options.window || in_ >= view) {
      return "a view change with a misplaced certificate";
    }
    last = at;
    if (!certificates.prepared(certificate, primaryOf(members, in_))) {
      return "a view change with a false certificate";
    }
  }
  return null;
}

/** Why a NEW-VIEW does not hold, its own signature apart; null when it does. */
export function newViewProblem(replica: Replica, message: NewView): string | null {
  const { view, viewChanges, orders, sender } = message;
  const { quorum, certificates, members } = replica;
  const senders = new Set(viewChanges.map((one) => one.sender));
  if (senders.size !== viewChanges.length || viewChanges.length < quorum) {
    return "a new view without a quorum";
  }
  for (const one of viewChanges) {
    if (one.view !== view || !members.includes(one.sender) || !replica.verify(one)) {
      return "a new view on a view change that is none of it";
    }
    const problem = viewChangeProblem(replica, one);
    if (problem !== null) {
      return `a new view on ${problem}`;
    }
  }
  const expected = planNewView(viewChanges).orders;
  const same =
    orders.length === expected.length &&
    orders.every(
      ({ sequence, digest }, i) =>
        sequence === expected[i]?.sequence && digest === expected[i]?.digest,
    );
  if (!same) {
    return "a new view that orders other than what follows";
  }
  return orders.every((order) => certificates.prePrepare({ ...order, view, sender }))
    ? null
    : "a new view with a badly signed order";
}

/** The stable checkpoint that a NEW-VIEW starts from. */
export function stableOf(viewChanges: readonly ViewChange[]): ViewChange["stable"] {
  let best: ViewChange["stable"] = null;
  for (const { stable } of viewChanges) {
    if (stable !== null && stable.sequence > (best?.sequence ?? 0)) {
      best = stable;
    }
  }
  return best;
}
