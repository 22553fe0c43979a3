import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { AggregationOptions } from "./options.ts";

/** What an aggregation machine is created with. */
export interface AggregationSetup {
  readonly self: NodeId;
  readonly options: AggregationOptions;
  readonly random: Random;
  /** The live members; may contain `self`. Read when peers are drawn, never kept. */
  readonly peers: () => readonly NodeId[];
  /** Whether a node is known at all, dead ones included: roots that nobody knows are refused. */
  readonly isMember: (node: NodeId) => boolean;
}
