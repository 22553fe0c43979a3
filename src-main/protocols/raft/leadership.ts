/** What a leader keeps for as long as it leads, and nobody else has. */
import type { ConsensusOutcome } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Progress } from "./progress.ts";

/** Who waits for an answer: a request of this node, or of another. */
export interface Asker {
  readonly node: NodeId;
  readonly id: number;
}

/** Gives an asker its outcome, wherever it is. */
export type Tell = (asker: Asker, outcome: ConsensusOutcome) => void;

export interface PendingRead {
  readonly asker: Asker;
  /** To be answered by this node; null when the asker has the state itself. */
  readonly query: Uint8Array | null;
  /** What was committed when the read came. */
  readonly index: number;
  /** It is confirmed when a quorum answered this round of heartbeats, or a later one. */
  readonly round: number;
}

export interface EarlyRead {
  readonly asker: Asker;
  readonly query: Uint8Array | null;
}

export function commandKey({ client, sequence }: CommandName): string {
  return `${client} ${sequence}`;
}

export interface CommandName {
  readonly client: string;
  readonly sequence: number;
}

export class Leadership {
  /** All others that get entries. */
  readonly progress = new Map<NodeId, Progress>();
  /** Rounds of heartbeats begun in this term. */
  round = 0;
  readonly reads: PendingRead[] = [];
  /** They came before this term committed anything, so the commit index may be out of date. */
  readonly early: EarlyRead[] = [];
  /** Who proposed the entry at an index, when it was another node. */
  readonly proposers = new Map<number, NodeId>();
  /** Commands of this term that are in the log and not yet executed, by client and sequence. */
  readonly underWay = new Map<string, number>();
  uncommittedBytes = 0;
  /** Who asked for the change of membership that is under way. */
  changeAsker: Asker | null = null;
}
