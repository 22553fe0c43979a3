import type { BaseInput, Effect, NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";

/** A partition machine sends nothing: it judges what membership tells it. */
export type PartitionInput =
  | Exclude<BaseInput<never>, { readonly kind: "message" }>
  /**
   * The local verdict about one member, at every change. `agreed`: belongs to the last agreed
   * membership (joiners do not yet, leavers and removed members no more); `reachable`: alive or
   * merely suspect. About oneself only `agreed` counts.
   */
  | {
      readonly kind: "member";
      readonly now: Micros;
      readonly member: NodeId;
      readonly agreed: boolean;
      readonly reachable: boolean;
    };

export type PartitionMode = "read-write" | "read-only";

/**
 * `minority`: fewer than half are reachable. `half`: exactly half, and no tie-break on this side.
 * `unstable`: no majority, and the network never held still. `not-a-member`: not yet, or no more.
 * `majority`: a majority is reachable again and the view was stable.
 */
export type ModeReason = "minority" | "half" | "unstable" | "not-a-member" | "majority";

/** `of` is the size of the last agreed membership, `needed` what makes a majority of it. */
export interface PartitionCounts {
  readonly reachable: number;
  readonly needed: number;
  readonly of: number;
}

export type PartitionEvent =
  /** The majority went out of reach; read-only follows unless it comes back in time. */
  | ({ readonly kind: "suspected" } & PartitionCounts)
  /** The majority came back before the node turned read-only. */
  | ({ readonly kind: "cleared"; readonly since: Micros } & PartitionCounts)
  | ({
      readonly kind: "mode";
      readonly mode: PartitionMode;
      readonly reason: ModeReason;
      /** How long the node was read-only; null on turning read-only. */
      readonly lastedUs: Micros | null;
    } & PartitionCounts)
  /**
   * Follows the `mode` event back to read-write. `since`: majority lost; `tookUs`: from its
   * being reachable again to writes being accepted.
   */
  | ({
      readonly kind: "healed";
      readonly since: Micros;
      readonly tookUs: Micros;
    } & PartitionCounts);

export type PartitionEffect = Effect<never, PartitionEvent>;
