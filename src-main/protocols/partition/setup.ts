import type { NodeId } from "#main/kernel/machine.ts";
import type { PartitionOptions } from "./options.ts";

/** What a partition machine is created with. */
export interface PartitionSetup {
  readonly self: NodeId;
  readonly options: PartitionOptions;
  /**
   * The agreed membership at the start, all taken as reachable; shared, never changed. Without
   * `self` in it the node begins read-only as a joiner.
   */
  readonly agreed: ReadonlySet<NodeId>;
}
