import type { NodeId } from "#main/kernel/machine.ts";
import type { Signer } from "#main/kernel/signer.ts";
import type { StateMachine } from "#main/kernel/state-machine.ts";
import type { PbftOptions } from "./options.ts";
import type { PbftRecord } from "./types.ts";

/** What a pBFT machine is created with. */
export interface PbftSetup {
  /** A node outside of the group can propose and read, and takes no part otherwise. */
  readonly self: NodeId;
  /** The replicas, in the order in which they are primary. The same list at all of them. */
  readonly members: readonly NodeId[];
  /** Signatures are bound to the mesh and to the epoch of its membership. */
  readonly mesh: string;
  readonly epoch: number;
  readonly options: PbftOptions;
  readonly signer: Signer;
  /** The application's state; empty: it is restored from the records. */
  readonly app: StateMachine;
  /** Records of former lives, oldest first; empty with a new or wiped disk. */
  readonly restore: readonly PbftRecord[];
  /**
   * Rises with every start of this node, also over a lost disk: a number that was used once never
   * comes back. At most `MAX_LIFE`.
   */
  readonly life: number;
  /** The node ran before and its disk does not hold all that was written then. */
  readonly amnesia: boolean;
}

/** Leaves room to number the sessions of one life. */
export const SESSIONS_PER_LIFE = 1_024;
export const MAX_LIFE = 2 ** 42;
