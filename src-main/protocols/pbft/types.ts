import type { ConsensusEffect, ConsensusInput } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";

/** A SHA-256 in 64 hexadecimal digits; 32 bytes on the wire. */
export type Digest = string;

/**
 * What every message has. `sender` is who signed, whoever passed the message on; view and sequence
 * are 0 where a type has none.
 */
export interface Signed {
  readonly view: number;
  readonly sequence: number;
  readonly sender: NodeId;
  readonly signature: Uint8Array;
}

/** `sequence` counts the commands of one life of a client from 1; 0 opens the session. */
export interface Request extends Signed {
  readonly type: "request";
  /** Which life of the client's node asks; rises with every life, also over lost disks. */
  readonly life: number;
  /** All answers up to this sequence have arrived. */
  readonly answered: number;
  readonly operation: "open" | "command" | "read";
  readonly payload: Uint8Array;
}

/** What one round agrees on: some requests and the log time at which they are executed. */
export interface Batch {
  readonly time: Micros;
  readonly requests: readonly Request[];
}

export interface PrePrepare extends Signed {
  readonly type: "pre-prepare";
  readonly digest: Digest;
  /** Not signed itself: the digest stands for it. */
  readonly batch: Batch;
}

export interface Prepare extends Signed {
  readonly type: "prepare";
  readonly digest: Digest;
}

export interface Commit extends Signed {
  readonly type: "commit";
  readonly digest: Digest;
}

export type Verdict = "result" | "expired" | "too-many" | "too-large";

export interface Reply extends Signed {
  readonly type: "reply";
  readonly client: NodeId;
  readonly life: number;
  /** The request's own sequence; the header's is the place in the log where it was executed. */
  readonly request: number;
  readonly verdict: Verdict;
  readonly result: Uint8Array;
}

export interface Checkpoint extends Signed {
  readonly type: "checkpoint";
  readonly digest: Digest;
}

/** One replica's signature under something that a certificate says once for all of them. */
export interface Vote {
  readonly sender: NodeId;
  readonly signature: Uint8Array;
}

/** A quorum of CHECKPOINT messages: a stable checkpoint's proof (C of section 4.4). */
export interface CheckpointCertificate {
  readonly sequence: number;
  readonly digest: Digest;
  readonly votes: readonly Vote[];
}

/** A PRE-PREPARE (`signature` is the view's primary's) and quorum - 1 PREPAREs of backups. */
export interface PreparedCertificate {
  readonly view: number;
  readonly sequence: number;
  readonly digest: Digest;
  readonly signature: Uint8Array;
  readonly votes: readonly Vote[];
}

/** A quorum of COMMIT messages of one view: nothing else can ever be agreed at this sequence. */
export interface CommitCertificate {
  readonly view: number;
  readonly sequence: number;
  readonly digest: Digest;
  readonly votes: readonly Vote[];
}

/** `view` is the one demanded, `sequence` that of the stable checkpoint (0: none yet). */
export interface ViewChange extends Signed {
  readonly type: "view-change";
  readonly stable: CheckpointCertificate | null;
  readonly prepared: readonly PreparedCertificate[];
}

/** One PRE-PREPARE of a NEW-VIEW's O, signed by the new primary. */
export interface NewViewOrder {
  readonly sequence: number;
  readonly digest: Digest;
  readonly signature: Uint8Array;
}

export interface NewView extends Signed {
  readonly type: "new-view";
  readonly viewChanges: readonly ViewChange[];
  readonly orders: readonly NewViewOrder[];
}

export interface SlotStatus {
  readonly sequence: number;
  readonly prePrepared: boolean;
  /** Members, by their place in the list, whose votes have arrived. */
  readonly prepares: readonly number[];
  readonly commits: readonly number[];
}

/** What a member has and lacks; `sequence` is the last one it executed. */
export interface Status extends Signed {
  readonly type: "status";
  readonly active: boolean;
  readonly stable: number;
  /** Counts the statuses of one life: who answers takes turns by it. */
  readonly round: number;
  readonly slots: readonly SlotStatus[];
  readonly wanted: readonly Digest[];
}

/** A round's outcome with its proof, for a member that missed it. */
export interface Decided extends Signed {
  readonly type: "decided";
  readonly certificate: CommitCertificate;
  readonly batch: Batch;
}

/** The requests behind a digest that came without them. */
export interface BatchMessage extends Signed {
  readonly type: "batch";
  readonly batch: Batch;
}

export interface StableMessage extends Signed {
  readonly type: "stable";
  readonly certificate: CheckpointCertificate;
}

/** Asks for a page of the state at a stable checkpoint; page 0 lists the digests of the others. */
export interface Fetch extends Signed {
  readonly type: "fetch";
  readonly page: number;
}

export interface Page extends Signed {
  readonly type: "page";
  readonly page: number;
  readonly bytes: Uint8Array;
}

export type PbftMessage =
  | Request
  | PrePrepare
  | Prepare
  | Commit
  | Reply
  | Checkpoint
  | ViewChange
  | NewView
  | Status
  | Decided
  | BatchMessage
  | StableMessage
  | Fetch
  | Page;

export type PbftMessageType = PbftMessage["type"];

type WithoutSignature<M> = M extends PbftMessage ? Omit<M, "signature"> : never;
export type UnsignedMessage = WithoutSignature<PbftMessage>;

/** What a slot needs after a restart. */
export interface SlotImage {
  readonly sequence: number;
  /** The pre-prepare that this member agreed to last; it never agrees to another in that view. */
  readonly accepted: {
    readonly view: number;
    readonly digest: Digest;
    readonly signature: Uint8Array;
  } | null;
  readonly certificate: PreparedCertificate | null;
  readonly batches: readonly Batch[];
}

/** A member's durable state. Everything is on disk before a message says that it is so. */
export type PbftRecord =
  /** Stands for all records before it. */
  | {
      readonly kind: "checkpoint";
      readonly view: number;
      readonly viewChange: ViewChange | null;
      readonly newView: NewView | null;
      readonly stable: CheckpointCertificate | null;
      /** The state at the stable checkpoint; empty before the first one. */
      readonly snapshot: Uint8Array;
      readonly slots: readonly SlotImage[];
      /** Up to here an earlier life may have signed what this one does not know of. */
      readonly silentUpTo: number | null;
    }
  /** Written before the first message of a life; without it a disk counts as never used. */
  | { readonly kind: "born" }
  | { readonly kind: "pre-prepare"; readonly message: PrePrepare }
  | { readonly kind: "prepared"; readonly certificate: PreparedCertificate }
  | { readonly kind: "view-change"; readonly message: ViewChange }
  | { readonly kind: "new-view"; readonly message: NewView }
  /** The disk was lost: null until peers have told how far the lost life may have signed. */
  | { readonly kind: "silent"; readonly upTo: number | null };

export type PbftInput = ConsensusInput<PbftMessage>;
export type PbftEffect = ConsensusEffect<PbftMessage, PbftRecord>;

/**
 * Two signed messages of one member that exclude each other, or (`second` is null) one whose own
 * proofs do not hold.
 */
export interface Evidence {
  readonly accused: NodeId;
  readonly fault:
    | "equivocation"
    | "conflicting-checkpoint"
    | "conflicting-view-change"
    | "invalid-view-change"
    | "invalid-new-view";
  readonly first: PbftMessage;
  readonly second: PbftMessage | null;
}
