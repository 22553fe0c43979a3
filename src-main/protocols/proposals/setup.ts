import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { Signer } from "#main/kernel/signer.ts";
import type { ProposalsOptions } from "./options.ts";
import type { Proposal, ProposalsRecord } from "./types.ts";

/** What a proposals machine is created with. */
export interface ProposalsSetup {
  /** The mesh's identity: a vote of one mesh means nothing in another. */
  readonly mesh: string;
  /** Also says who this node is. */
  readonly signer: Signer;
  readonly options: ProposalsOptions;
  readonly random: Random;
  /** The live members; may contain this node. Read when peers are drawn, never kept. */
  readonly peers: () => readonly NodeId[];
  /** The last agreed membership, in any order. `members-changed` says when it is another one. */
  readonly members: () => readonly NodeId[];
  /**
   * What this node has against a proposal, null for nothing. Its own calls are refused for it, and
   * its policy votes no. Must be a function of the proposal alone.
   */
  readonly validate?: (proposal: Proposal) => string | null;
  /** Records of former lives, oldest first; empty with a new or wiped disk. */
  readonly restore: readonly ProposalsRecord[];
}
