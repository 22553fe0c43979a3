import type { BaseInput, Effect, NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";

/** Names a proposal for ever. `epoch` is the time at which this life of the caller began. */
export interface ProposalId {
  readonly origin: NodeId;
  readonly epoch: Micros;
  /** Counts from 1 within an epoch. */
  readonly sequence: number;
}

/** What is put to the vote. Signed by its caller as a whole; votes name it by its SHA-256. */
export interface Proposal {
  readonly id: ProposalId;
  /** 1 to `MAX_TITLE_LENGTH` characters. */
  readonly title: string;
  /** Up to `MAX_TEXT_LENGTH` characters. */
  readonly text: string;
  /** Share of yes among yes and no that accepts, in ten-thousandths. */
  readonly thresholdBasisPoints: number;
  /** More than this share of the electorate must have voted, in ten-thousandths. */
  readonly quorumBasisPoints: number;
  /** Mesh time after which no honest member votes any more. */
  readonly deadline: Micros;
  /** The last agreed membership when it was called: who may vote. Sorted, each once. */
  readonly electorate: readonly NodeId[];
}

export type Choice = "yes" | "no" | "abstain";

/** How a node votes without being asked. `manual`: it does not. */
export type VotePolicy =
  | { readonly kind: "manual" }
  | { readonly kind: "accept" }
  | { readonly kind: "reject" }
  | {
      readonly kind: "by-rule";
      /** Looked for in title and text, whatever the case; no wildcards, so it is never slow. */
      readonly pattern: string;
      readonly match: Choice;
      /** `manual` leaves the others to a person. */
      readonly otherwise: Choice | "manual";
    };

/** What the votes of a proposal add up to. `expired`: the members' closings can no longer agree. */
export type Tallied = "accepted" | "rejected" | "no-quorum";
export type Outcome = Tallied | "expired";

/** What travels and what is kept. Each item is signed by the member whose word it is. */
export type Item = Call | Vote | Closing;

export interface Call {
  readonly kind: "call";
  readonly proposal: Proposal;
  readonly signature: Uint8Array;
}

export interface Vote {
  readonly kind: "vote";
  readonly proposal: ProposalId;
  readonly member: NodeId;
  readonly choice: Choice;
  /** Up to `MAX_REASON_LENGTH` characters. */
  readonly reason: string;
  readonly signature: Uint8Array;
}

/** "I have counted, and this is the outcome": a member's last word, given once. */
export interface Closing {
  readonly kind: "closing";
  readonly proposal: ProposalId;
  readonly member: NodeId;
  readonly outcome: Tallied;
  readonly signature: Uint8Array;
}

export type Statement = Vote | Closing;

/** Two items signed by one member of which an honest member signs at most one. */
export interface Contradiction {
  readonly accused: NodeId;
  /** What the items are about; null when they are two calls. */
  readonly call: Call | null;
  readonly first: Item;
  readonly second: Item;
}

export type ProposalsMessage =
  | { readonly type: "items"; readonly items: readonly Item[] }
  /** What the sender holds; equal hashes mean that there is nothing to do. */
  | { readonly type: "digest"; readonly held: readonly HeldHash[] }
  /** The statements about one proposal that the sender holds, as a bit set. */
  | ({ readonly type: "have" } & Have);

export interface HeldHash {
  readonly id: ProposalId;
  readonly hash: string;
}

export interface Have {
  readonly id: ProposalId;
  /** SHA-256 of the proposal the bits are about; empty when the sender does not know it. */
  readonly content: Uint8Array;
  /** Bit `6 * place in the electorate + slot`; least significant bit first. */
  readonly bits: Uint8Array;
  /** Whether this answers a `have`, and wants none back. */
  readonly answer: boolean;
}

export type ProposalsInput =
  | BaseInput<ProposalsMessage>
  | {
      readonly kind: "call";
      readonly now: Micros;
      /** The composition's number for this request; comes back in `accepted` or `refused`. */
      readonly request: number;
      readonly title: string;
      readonly text: string;
      /** Default `DEFAULT_THRESHOLD`. */
      readonly threshold?: number;
      /** Default `DEFAULT_QUORUM`. */
      readonly quorum?: number;
      /** From now. Default `DEFAULT_DEADLINE_MS`. */
      readonly deadlineMs?: number;
    }
  | {
      readonly kind: "vote";
      readonly now: Micros;
      readonly request: number;
      readonly proposal: ProposalId;
      readonly choice: Choice;
      readonly reason: string;
    }
  /** How this node votes by itself from now on, on what is open as well. */
  | { readonly kind: "policy"; readonly now: Micros; readonly policy: VotePolicy }
  /** The last agreed membership (`members()`) is another one. */
  | { readonly kind: "members-changed"; readonly now: Micros }
  /** The partition machine's word; a machine starts writable. */
  | { readonly kind: "writable"; readonly now: Micros; readonly writable: boolean };

export type Refusal =
  | "not-running"
  | "read-only"
  | "not-a-member"
  | "bad-title"
  | "bad-text"
  | "bad-reason"
  | "bad-threshold"
  | "bad-quorum"
  | "bad-deadline"
  | "bad-policy"
  | "too-many-members"
  | "too-many"
  | "invalid"
  | "unknown-proposal"
  | "already-voted"
  | "closed";

/** Why items of others were not taken. Only the first is a fault of who sent them. */
export type DropCode =
  | "bad-signature"
  | "bad-terms"
  | "not-a-member"
  | "unknown-electorate"
  | "unknown-proposal"
  | "too-many"
  | "stale";

export interface Counts {
  /** Members' votes by choice; votes of a member that signed two choices count nowhere. */
  readonly yes: number;
  readonly no: number;
  readonly abstain: number;
  /** Votes, and closings of one outcome, that it takes. */
  readonly needed: number;
  /** Size of the electorate. */
  readonly of: number;
}

export type ProposalsEvent =
  | { readonly kind: "accepted"; readonly request: number; readonly id: ProposalId }
  | { readonly kind: "refused"; readonly request: number; readonly code: Refusal }
  /** This node knows the proposal from here on; `from` is null for its own. */
  | {
      readonly kind: "called";
      readonly proposal: Proposal;
      readonly needed: number;
      readonly from: NodeId | null;
    }
  | {
      readonly kind: "voted";
      readonly id: ProposalId;
      readonly voter: NodeId;
      readonly choice: Choice;
      readonly reason: string;
    }
  | {
      readonly kind: "closing";
      readonly id: ProposalId;
      readonly member: NodeId;
      readonly outcome: Tallied;
      readonly have: number;
      readonly needed: number;
    }
  /** Once for each proposal and disk. The same outcome at every node (README). */
  | ({ readonly kind: "decided"; readonly id: ProposalId; readonly outcome: Outcome } & Counts)
  /** More members lied than the quorum bears: a second outcome reached it too. */
  | {
      readonly kind: "conflict";
      readonly id: ProposalId;
      readonly decided: Outcome;
      readonly also: Tallied;
    }
  | {
      readonly kind: "evidence";
      readonly id: ProposalId;
      readonly accused: NodeId;
      readonly proof: Contradiction;
    }
  /** Forgotten without an outcome: too many members were silent for too long. */
  | {
      readonly kind: "abandoned";
      readonly id: ProposalId;
      readonly silent: readonly NodeId[];
    }
  /** At most one for each code and message. */
  | {
      readonly kind: "dropped";
      readonly from: NodeId;
      readonly code: DropCode;
      readonly items: number;
    };

/** Every item taken. Replayed in order they rebuild what was known, own votes above all. */
export type ProposalsRecord = Item;

export type ProposalsEffect = Effect<ProposalsMessage, ProposalsEvent, ProposalsRecord>;
