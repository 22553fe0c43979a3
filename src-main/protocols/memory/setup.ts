import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { MemoryOptions } from "./options.ts";
import type { MemoryRecord } from "./types.ts";

/** What a memory machine is created with. */
export interface MemorySetup {
  readonly self: NodeId;
  /** Counts the starts of this node, over lost disks too: never the same twice. */
  readonly life: number;
  readonly options: MemoryOptions;
  readonly random: Random;
  /** The live members; may contain this node. Read when peers are drawn, never kept. */
  readonly peers: () => readonly NodeId[];
  /** The last agreed membership: from it come those who keep dormant certificates. */
  readonly members: () => readonly NodeId[];
  /** The wall clock when the monotonic one shows `now`. May be wrong, and may go back. */
  readonly wall: (now: Micros) => Micros;
  /** Records of former lives, oldest first; empty with a new or wiped disk. */
  readonly restore: readonly MemoryRecord[];
}
