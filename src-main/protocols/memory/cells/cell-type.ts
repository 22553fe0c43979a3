/** What the modes of namespaces have to say about the state of one key. */
import type { Crdt } from "#main/kernel/crdt/crdt.ts";
import type { Stamp } from "#main/kernel/crdt/stamp.ts";
import type { Contributor } from "../contributor.ts";

export interface CellWrite extends Contributor {
  readonly value: string;
  /** The stamp of this write: later than everything that the key had before. */
  readonly stamp: Stamp;
}

export type CellRefusal = { readonly code: "bad-request" | "too-large"; readonly message: string };

/** `delta` null: the write changes nothing. */
export type CellDelta<State> = { readonly delta: State | null } | { readonly refusal: CellRefusal };

/** A part is one write or one node's contribution; each has a stamp, and a delete takes it or not. */
export interface CellType<State> {
  readonly crdt: Crdt<State, unknown>;
  /** What a client writes through this node: a delta to what it holds. */
  write(state: State, write: CellWrite): CellDelta<State>;
  /** Without the parts that a delete with this stamp takes away. */
  prune(state: State, floor: Stamp): State;
  /** The stamp of the newest part; null when there is no part at all. */
  newest(state: State): Stamp | null;
  /** What people see: one value, or several that are in conflict. */
  values(state: State): string[];
  /** Which version that is; equal for equal states. */
  version(state: State): string;
  /** Whether a write without a time to live leaves the one that the key has. */
  readonly keepsExpiry: boolean;
}

export function refused(code: CellRefusal["code"], message: string): CellDelta<never> {
  return { refusal: { code, message } };
}
