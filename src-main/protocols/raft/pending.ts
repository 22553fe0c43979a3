/** Requests of this node that have no answer yet. */
import type { Micros } from "#main/kernel/time.ts";

export type PendingKind = "command" | "read" | "ask";

export interface Pending {
  readonly kind: PendingKind;
  /** The number that the node above knows it by. */
  readonly request: number;
  /** The number that members know it by; unique over all lives of this node. */
  readonly id: number;
  /** The command or the query. */
  readonly bytes: Uint8Array;
  readonly deadline: Micros;
  /** When it was last sent; null when it has to be sent (again). */
  sentAt: Micros | null;
  /** Copies that were sent or appended: with none, it certainly does not happen. */
  attempts: number;
  /** Session and sequence of a command, once it has them: kept over all its copies. */
  place: { readonly session: string; readonly sequence: number } | null;
  /** A confirmed read waits until this index was applied here. */
  readIndex: number | null;
}
