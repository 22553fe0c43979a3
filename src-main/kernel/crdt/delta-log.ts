/**
 * Deltas between replicas (Almeida, Shoker, Baquero 2018, "Delta state replicated data types",
 * algorithm 2). A sender numbers its deltas and sends runs of them joined into one; a receiver
 * merges a run only when it has everything before it (the causal delta-merging condition). Merging
 * across a gap would converge in the end, but show a state that nobody ever had: what was written
 * later without what was written, or removed, before it.
 */
import { assert } from "../assert.ts";
import { type Codec, DecodeError } from "../wire.ts";
import { type Absorbed, absorb, type Crdt } from "./crdt.ts";
import type { Actor } from "./actor.ts";
import { MAX_DELTA_PEERS } from "./limits.ts";

/** The deltas after the `from`-th up to and with the `until`-th of their sender. */
export interface DeltaInterval<State> {
  /** 0: the sender's whole state, which nobody has to have anything for. */
  readonly from: number;
  readonly until: number;
  readonly state: State;
}

/**
 * The sender's side: one replica's recent changes, its own and those it merged from others. Peers
 * are named as actors, so that one which lost what it had begins anew.
 */
export class DeltaLog<State, Value> {
  readonly #crdt: Crdt<State, Value>;
  readonly #capacity: number;
  readonly #deltas: State[] = [];
  readonly #acknowledged = new Map<Actor, number>();
  /** The number of the newest delta. 1 is the state that this life began with. */
  #last = 1;

  /** `capacity`: deltas kept; a peer that is further behind gets the whole state. */
  constructor(crdt: Crdt<State, Value>, capacity: number) {
    assert(Number.isSafeInteger(capacity) && capacity >= 1, `no capacity: ${capacity}`);
    this.#crdt = crdt;
    this.#capacity = capacity;
  }

  get last(): number {
    return this.#last;
  }

  /** A delta that changed this replica's state. */
  record(delta: State): void {
    this.#deltas.push(delta);
    this.#last++;
    if (this.#deltas.length > this.#capacity) {
      this.#deltas.shift();
    }
  }

  /** What the peer lacks, or null. `whole`: this replica's state after the newest delta. */
  intervalFor(peer: Actor, whole: State): DeltaInterval<State> | null {
    const from = this.#acknowledged.get(peer) ?? 0;
    if (from === this.#last) {
      return null;
    }
    const behind = this.#last - from;
    if (behind > this.#deltas.length) {
      return { from: 0, until: this.#last, state: whole };
    }
    const state = this.#deltas.slice(-behind).reduce((a, b) => this.#crdt.merge(a, b));
    return { from, until: this.#last, state };
  }

  /** The peer said up to where it has everything; less than before when it found a gap. */
  acknowledge(peer: Actor, until: number): void {
    if (until > this.#last) {
      // Never sent by this life: the peer speaks of another, or lies. It will be sent all.
      this.#acknowledged.delete(peer);
      return;
    }
    remember(this.#acknowledged, peer, until);
  }

  forget(peer: Actor): void {
    this.#acknowledged.delete(peer);
  }
}

export type Received<State> =
  | Absorbed<State>
  /** All of it came before; acknowledge again, the first answer may be lost. */
  | { readonly kind: "known" }
  /** Something before it is missing: nothing was merged, acknowledge what is had. */
  | { readonly kind: "gap" };

/** The receiver's side. Kept in memory only: after a restart senders begin with whole states. */
export class DeltaInbox<State, Value> {
  readonly #crdt: Crdt<State, Value>;
  readonly #have = new Map<Actor, number>();

  constructor(crdt: Crdt<State, Value>) {
    this.#crdt = crdt;
  }

  /** What to acknowledge to this sender. */
  have(sender: Actor): number {
    return this.#have.get(sender) ?? 0;
  }

  /** The state after merging, or why nothing was merged. The caller keeps the state. */
  receive(sender: Actor, interval: DeltaInterval<State>, mine: State): Received<State> {
    const have = this.have(sender);
    if (interval.until <= have) {
      return { kind: "known" };
    }
    if (interval.from > have) {
      return { kind: "gap" };
    }
    const outcome = absorb(this.#crdt, mine, interval.state);
    if (outcome.kind === "merged") {
      remember(this.#have, sender, interval.until);
    }
    return outcome;
  }
}

export function deltaIntervalCodec<State>(state: Codec<State>): Codec<DeltaInterval<State>> {
  return {
    encode(writer, interval) {
      writer.varint(interval.from);
      writer.varint(interval.until);
      state.encode(writer, interval.state);
    },
    decode(reader) {
      const from = reader.varint();
      const until = reader.varint();
      if (until <= from) {
        throw new DecodeError("an interval without deltas");
      }
      return { from, until, state: state.decode(reader) };
    },
  };
}

/** The peer that was heard of least recently makes room; it costs one whole state, no more. */
function remember(progress: Map<Actor, number>, peer: Actor, until: number): void {
  progress.delete(peer);
  progress.set(peer, until);
  if (progress.size > MAX_DELTA_PEERS) {
    const oldest = progress.keys().next();
    if (oldest.done !== true) {
      progress.delete(oldest.value);
    }
  }
}
