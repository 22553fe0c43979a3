import type { NodeId } from "#main/kernel/machine.ts";
import { MAX_BATCHES_PER_SLOT } from "./limits.ts";
import type {
  Batch,
  CommitCertificate,
  Digest,
  PreparedCertificate,
  SlotImage,
  Vote,
} from "./types.ts";

export interface Accepted {
  readonly view: number;
  readonly digest: Digest;
  /** The primary's, under its pre-prepare. */
  readonly signature: Uint8Array;
}

export interface CastVote {
  readonly digest: Digest;
  readonly signature: Uint8Array;
}

/** All that a replica knows of one sequence number. */
export class Slot {
  readonly sequence: number;
  /** The pre-prepare agreed to last. It counts only while its view is the replica's. */
  accepted: Accepted | null = null;
  /** Votes of the replica's present view: the first of each member, whatever its digest. */
  readonly prepares = new Map<NodeId, CastVote>();
  readonly commits = new Map<NodeId, CastVote>();
  /** The one of the highest view, which a view change tells of. */
  certificate: PreparedCertificate | null = null;
  decided: CommitCertificate | null = null;
  readonly batches = new Map<Digest, Batch>();
  /** Members that were shown the pre-prepare because they voted for another digest. */
  readonly shown = new Set<NodeId>();

  constructor(sequence: number) {
    this.sequence = sequence;
  }

  /** Votes of a former view count no more; what was prepared or decided stays. */
  clearVotes(): void {
    this.prepares.clear();
    this.commits.clear();
    this.shown.clear();
  }

  /** Keeps the requests of every view's proposal: a later view may bring an earlier one back. */
  keepBatch(digest: Digest, batch: Batch): void {
    this.batches.delete(digest);
    this.batches.set(digest, batch);
    for (const old of this.batches.keys()) {
      if (this.batches.size <= MAX_BATCHES_PER_SLOT) {
        return;
      }
      if (old !== this.certificate?.digest && old !== this.decided?.digest) {
        this.batches.delete(old);
      }
    }
  }

  image(): SlotImage {
    const { sequence, accepted, certificate } = this;
    return { sequence, accepted, certificate, batches: [...this.batches.values()] };
  }
}

/** The votes for one digest, in the order of the members' names: certificates are canonical. */
export function votesFor(votes: ReadonlyMap<NodeId, CastVote>, digest: Digest): Vote[] {
  const matching: Vote[] = [];
  for (const [sender, vote] of votes) {
    if (vote.digest === digest) {
      matching.push({ sender, signature: vote.signature });
    }
  }
  return matching.sort((a, b) => (a.sender < b.sender ? -1 : 1));
}

export function countFor(votes: ReadonlyMap<NodeId, CastVote>, digest: Digest): number {
  let count = 0;
  for (const vote of votes.values()) {
    count += vote.digest === digest ? 1 : 0;
  }
  return count;
}
