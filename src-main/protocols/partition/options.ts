import type { NodeId } from "#main/kernel/machine.ts";

export interface PartitionOptions {
  /**
   * How long the view must hold still before the mode changes, either way; null: by the size of
   * the mesh (`stableAfterMs(n)`). Lower reacts sooner but may act on half-finished detection,
   * higher keeps a cut-off minority writable for longer.
   */
  readonly stableAfterMs: number | null;
  /** With exactly half reachable, the side with this member goes on; null: neither side does. */
  readonly tieBreaker: NodeId | null;
}
