import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { StateMachine } from "#main/kernel/state-machine.ts";
import type { RaftOptions } from "./options.ts";
import type { RaftRecord } from "./types.ts";

/** What one life of a Raft machine is created with. */
export interface RaftSetup {
  readonly self: NodeId;
  /**
   * The voters with which the group was founded: the same list at every node and in every life.
   * Later changes are in the log. A node that is in no list passes requests on (a gateway), and
   * becomes a member when a change names it.
   */
  readonly members: readonly NodeId[];
  /** Founding members without a vote. */
  readonly learners?: readonly NodeId[];
  readonly options: RaftOptions;
  /** A stream of this life's own. */
  readonly random: Random;
  /** Fresh and empty: the machine fills it from its snapshot and its log. */
  readonly app: StateMachine;
  /** Records of former lives, oldest first; empty with a new or wiped disk. */
  readonly restore: readonly RaftRecord[];
  /**
   * The disk of a former life was wiped, or its records are damaged. False for a node that never
   * lived before. See the README for what a node without memory may do.
   */
  readonly amnesia: boolean;
}
