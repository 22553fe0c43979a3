/**
 * What a replicated log is replayed into. Deterministic: replicas that apply the same commands in
 * the same order hold the same state, byte for byte.
 */
import type { Micros } from "./time.ts";

export interface AppliedAt {
  /** Place in the log, from 1, without gaps among commands and internal entries. */
  readonly index: number;
  /** Log time: chosen once for the entry, never goes backwards along the log. Same everywhere. */
  readonly time: Micros;
}

export interface StateMachine {
  /**
   * Applies one command and returns its result. A command that makes no sense changes nothing and
   * has a result that says so; it must not throw, whatever the bytes.
   */
  apply(command: Uint8Array, at: AppliedAt): Uint8Array;
  /** Answers from the present state without changing it. Must not throw, whatever the bytes. */
  query(query: Uint8Array): Uint8Array;
  /** Canonical: equal states give equal bytes. */
  snapshot(): Uint8Array;
  /** Replaces the whole state. Throws `DecodeError` for bytes that are no snapshot. */
  restore(snapshot: Uint8Array): void;
}
