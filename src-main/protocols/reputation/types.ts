import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";

/** What a node may hold against another one. The order is that of records: append only. */
export const FAULT_KINDS = [
  "time-out",
  "bad-answer",
  "invalid-signature",
  "equivocation",
  "flooding",
  "false-evidence",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** `good-answer` is the only thing that raises a score, and only so far. */
export type ReportKind = FaultKind | "good-answer";

/**
 * Worse from left to right. `watched`: below the gossip threshold. `graylisted`: not chosen, not
 * believed. `banned`: not listened to until the ban is over.
 */
export type Standing = "good" | "watched" | "graylisted" | "banned";

/** What a report led to. */
export interface Verdict {
  readonly member: NodeId;
  readonly score: number;
  readonly before: Standing;
  readonly standing: Standing;
}

/** Whether a message of a member is let in. */
export type Admission = "admitted" | "over-rate" | "banned";

/**
 * Proof that can be handed on, because whoever gets it can check it: two statements of one signer
 * of which an honest one signs at most one. An invalid signature is no such proof, for anybody can
 * make one up and say that it came from somebody else; nor is silence.
 */
export interface Evidence {
  readonly accused: NodeId;
  /** Whose format the proof has, for example "proposals". */
  readonly protocol: string;
  readonly proof: Uint8Array;
}

export type EvidenceOutcome =
  /** New and proven: worth handing on. */
  | { readonly kind: "proven"; readonly verdict: Verdict }
  | { readonly kind: "known" }
  /** The proof is none: that is held against who brought it. */
  | { readonly kind: "false"; readonly verdict: Verdict };

/** Somebody's word about others, without proof. */
export interface Opinion {
  readonly member: NodeId;
  /** 0 (nothing to complain of) to 1. */
  readonly severity: number;
}

/** What survives a restart: without it a crash of the observer would wash everybody clean. */
export interface ReputationRecord {
  readonly member: NodeId;
  /** By kind of fault, in the order of `FAULT_KINDS`, as they were at `at`. */
  readonly faults: readonly number[];
  readonly at: Micros;
  /** 0 when never banned. */
  readonly bannedUntil: Micros;
}
