import type { ConsensusEffect, ConsensusInput, ConsensusOutcome } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { SessionCommand } from "#main/kernel/sessions.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { GroupConfig } from "./config.ts";
import type { Entry } from "./entry.ts";

/** Who was last granted what; the part of a member's promises that is not its log. */
export interface HardState {
  readonly term: number;
  readonly votedFor: NodeId | null;
  /** The disk of a former life was lost: no promise may be given until the old ones are known. */
  readonly amnesia: boolean;
}

export interface SnapshotMeta {
  /** The last entry that the snapshot stands for. */
  readonly index: number;
  readonly term: number;
  /** Its log time. */
  readonly time: Micros;
  /** The configuration at this index. */
  readonly config: GroupConfig;
  /** The hash chain over everything applied: see `applying.ts`. */
  readonly chain: string;
}

export interface Snapshot extends SnapshotMeta {
  readonly data: Uint8Array;
}

export type RaftRecord =
  | ({ readonly kind: "hard" } & HardState)
  /** Everything persisted at or behind the first entry is void. */
  | { readonly kind: "entries"; readonly entries: readonly Entry[] }
  | {
      readonly kind: "checkpoint";
      readonly hard: HardState;
      readonly snapshot: Snapshot | null;
      readonly entries: readonly Entry[];
    };

/** `life` is the moment at which the sender's present life began: later lives have greater ones. */
interface MemberReply {
  readonly term: number;
  readonly life: number;
  /** The sender has lost its disk and has not recovered: its word counts in no quorum. */
  readonly lost: boolean;
}

interface Ballot {
  readonly term: number;
  /** Drawn anew for each campaign: answers to an earlier one, of an earlier life too, are void. */
  readonly ballot: number;
}

export type Ask =
  | { readonly order: "transfer"; readonly to: NodeId | null }
  | {
      readonly order: "reconfigure";
      readonly voters: readonly NodeId[];
      readonly learners: readonly NodeId[];
    };

export type CommandOutcome = "result" | "expired" | "too-many";

export type AppendReply =
  | ({ readonly kind: "append-reply"; readonly ok: true; readonly match: number } & MemberReply)
  | ({
      readonly kind: "append-reply";
      readonly ok: false;
      /** The request's previous index. */
      readonly rejected: number;
      readonly hintIndex: number;
      readonly hintTerm: number;
    } & MemberReply);

export type RaftMessage =
  /** `term` is the one that the sender would campaign in. */
  | ({
      readonly kind: "pre-vote";
      readonly lastIndex: number;
      readonly lastTerm: number;
    } & Ballot)
  | ({ readonly kind: "pre-vote-reply"; readonly granted: boolean } & Ballot)
  | ({
      readonly kind: "vote";
      readonly lastIndex: number;
      readonly lastTerm: number;
      /** The leader itself asked for this election: it is no reason to refuse. */
      readonly force: boolean;
    } & Ballot)
  | ({ readonly kind: "vote-reply"; readonly granted: boolean } & Ballot)
  | {
      readonly kind: "append";
      readonly term: number;
      readonly prevIndex: number;
      readonly prevTerm: number;
      readonly commit: number;
      readonly entries: readonly Entry[];
    }
  | AppendReply
  /** `round` 0 wants no answer: it only tells of the commit. */
  | {
      readonly kind: "heartbeat";
      readonly term: number;
      readonly commit: number;
      readonly round: number;
    }
  | ({ readonly kind: "heartbeat-reply"; readonly round: number } & MemberReply)
  | {
      readonly kind: "snapshot";
      readonly term: number;
      readonly meta: SnapshotMeta;
      readonly total: number;
      readonly offset: number;
      readonly data: Uint8Array;
    }
  /** `received` bytes of the snapshot at `index` are here. */
  | ({
      readonly kind: "snapshot-reply";
      readonly index: number;
      readonly received: number;
    } & MemberReply)
  | { readonly kind: "timeout-now"; readonly term: number }
  /** A member without memory asks for what binds it. */
  | { readonly kind: "recover"; readonly life: number }
  /** `last` is the leader's last index; null from all others. */
  | {
      readonly kind: "recover-reply";
      readonly life: number;
      readonly term: number;
      readonly last: number | null;
    }
  | { readonly kind: "locate" }
  | {
      readonly kind: "located";
      readonly term: number;
      readonly leader: NodeId | null;
      readonly voters: readonly NodeId[];
    }
  | { readonly kind: "forward"; readonly commands: readonly SessionCommand[] }
  | {
      readonly kind: "answer";
      readonly client: string;
      readonly sequence: number;
      readonly index: number;
      readonly outcome: CommandOutcome;
      readonly result: Uint8Array;
    }
  | { readonly kind: "read-index"; readonly id: number }
  | { readonly kind: "read-index-reply"; readonly id: number; readonly index: number }
  | { readonly kind: "query"; readonly id: number; readonly query: Uint8Array }
  | {
      readonly kind: "query-reply";
      readonly id: number;
      readonly index: number;
      readonly result: Uint8Array;
    }
  | { readonly kind: "ask"; readonly id: number; readonly ask: Ask }
  | { readonly kind: "ask-reply"; readonly id: number; readonly outcome: ConsensusOutcome };

export type MessageOf<Kind extends RaftMessage["kind"]> = Extract<RaftMessage, { kind: Kind }>;
export type RaftInput = ConsensusInput<RaftMessage>;
export type RaftEffect = ConsensusEffect<RaftMessage, RaftRecord>;
