import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { GossipOptions } from "./options.ts";
import type { GossipRecord } from "./types.ts";

/** What a gossip machine is created with. */
export interface GossipSetup {
  readonly self: NodeId;
  readonly options: GossipOptions;
  readonly random: Random;
  /**
   * The live members, as membership keeps them; may contain `self`. Read when peers are drawn,
   * never kept, so that a thousand machines do not hold a thousand lists.
   */
  readonly peers: () => readonly NodeId[];
  /** Records of former lives, oldest first; empty with a new or wiped disk. */
  readonly restore: readonly GossipRecord[];
}
