/**
 * What all replicated types have in common (Shapiro, Preguiça, Baquero, Zawirski 2011, RR-7506):
 * states of a join-semilattice. `merge` is commutative, associative and idempotent, and never
 * loses what either side had; so replicas that saw the same updates are equal, in whatever order,
 * however often and in whatever pieces the updates came. Mutators return *deltas*: small states
 * that a replica merges into its own and sends to others.
 */
import { type Codec, WireReader, WireWriter } from "../wire.ts";
import { compareBytes } from "./canonical.ts";

export type CrdtKind =
  | "g-counter"
  | "pn-counter"
  | "lww-register"
  | "lww-map"
  | "or-set"
  | "mv-register";

export interface Crdt<State, Value> {
  readonly kind: CrdtKind;
  /** The state before any update; merged with another it gives that other. */
  readonly bottom: State;
  merge(mine: State, theirs: State): State;
  /** What the state stands for; the same on all replicas whose states are equal. */
  value(state: State): Value;
  /** Canonical: equal states are equal bytes. Decoding is bounded by the same limits. */
  readonly codec: Codec<State>;
  /** The name of a limit that the state is over, or null. */
  overLimit(state: State): string | null;
}

export type Absorbed<State> =
  | { readonly kind: "merged"; readonly state: State; readonly changed: boolean }
  /** The holder keeps what it had; its state could not be sent to others any more. */
  | { readonly kind: "refused"; readonly limit: string };

/** Merges an own delta or a state of another replica, unless the outcome is over a limit. */
export function absorb<State, Value>(
  crdt: Crdt<State, Value>,
  mine: State,
  theirs: State,
): Absorbed<State> {
  // Asked of the delta first: what is over a limit may also be too large to be merged.
  const state = crdt.overLimit(theirs) === null ? crdt.merge(mine, theirs) : theirs;
  const limit = crdt.overLimit(state);
  if (limit !== null) {
    return { kind: "refused", limit };
  }
  return { kind: "merged", state, changed: !sameState(crdt, mine, state) };
}

export function encodeState<State, Value>(crdt: Crdt<State, Value>, state: State): Uint8Array {
  const writer = new WireWriter();
  crdt.codec.encode(writer, state);
  return writer.finish();
}

/** Throws `DecodeError` on anything but the bytes of one state. */
export function decodeState<State, Value>(crdt: Crdt<State, Value>, bytes: Uint8Array): State {
  const reader = new WireReader(bytes);
  const state = crdt.codec.decode(reader);
  reader.expectEnd();
  return state;
}

export function sameState<State, Value>(crdt: Crdt<State, Value>, a: State, b: State): boolean {
  return a === b || compareBytes(encodeState(crdt, a), encodeState(crdt, b)) === 0;
}

/** Whether `larger` has all that `smaller` has: the order of the semilattice. */
export function includesState<State, Value>(
  crdt: Crdt<State, Value>,
  larger: State,
  smaller: State,
): boolean {
  return sameState(crdt, crdt.merge(larger, smaller), larger);
}
