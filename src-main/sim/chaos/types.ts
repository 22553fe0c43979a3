/** What a chaos run is made of, for those who draw it and those who carry it out. */
import type { MeshCommandInput } from "#shared/contract/commands.ts";
import type { MeshOptions } from "#shared/contract/mesh-options.ts";

export interface PlannedStep {
  readonly atMs: number;
  readonly command: MeshCommandInput;
}

/** When something may happen, in milliseconds from the start. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export const CHAOS_KINDS = ["raft", "pbft"] as const;
export type ChaosKind = (typeof CHAOS_KINDS)[number];

export interface ChaosPlan {
  readonly seed: number;
  readonly options: MeshOptions;
  /** Requests and faults in order of time. */
  readonly steps: readonly PlannedStep[];
  /** From here on no fault is in force and every node runs. */
  readonly healAtMs: number;
  /** Nodes that lie; none in a Raft group. */
  readonly traitors: readonly string[];
}
