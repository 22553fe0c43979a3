/** Counters that count up (RR-7506, specification 6) and both ways (specification 7). */
import { assert } from "../assert.ts";
import { type Codec, DecodeError, type WireReader } from "../wire.ts";
import { type Actor, checkedActor } from "./actor.ts";
import { decodeMap, encodeMap, mergeMaps } from "./canonical.ts";
import type { Crdt } from "./crdt.ts";
import { MAX_ACTOR_BYTES, MAX_ACTORS, MAX_COUNT_PER_ACTOR } from "./limits.ts";

/** Per actor what it counted in all its updates together; zeros are left out. */
export type GCounter = ReadonlyMap<Actor, number>;

export interface PnCounter {
  readonly up: GCounter;
  readonly down: GCounter;
}

const gCounterCodec: Codec<GCounter> = {
  encode(writer, state) {
    encodeMap(writer, state, (to, count) => to.varint(count));
  },
  decode(reader) {
    const limits = { entries: MAX_ACTORS, keyBytes: MAX_ACTOR_BYTES };
    const state = decodeMap(reader, limits, decodeCount);
    for (const actor of state.keys()) {
      checkedActor(actor);
    }
    return state;
  },
};

function decodeCount(reader: WireReader): number {
  const count = reader.varint(MAX_COUNT_PER_ACTOR);
  if (count === 0) {
    throw new DecodeError("a count of nothing");
  }
  return count;
}

export const gCounter: Crdt<GCounter, number> = {
  kind: "g-counter",
  bottom: new Map(),
  // The larger and never the sum: the same update may arrive twice.
  merge: (mine, theirs) => mergeMaps(mine, theirs, Math.max),
  value: (state) => [...state.values()].reduce((sum, count) => sum + count, 0),
  codec: gCounterCodec,
  overLimit(state) {
    if (state.size > MAX_ACTORS) {
      return "MAX_ACTORS";
    }
    const over = [...state.values()].some((count) => count > MAX_COUNT_PER_ACTOR);
    return over ? "MAX_COUNT_PER_ACTOR" : null;
  },
};

/** The delta that counts `by` more, a positive integer. The actor must know all it ever counted. */
export function increment(state: GCounter, actor: Actor, by = 1): GCounter {
  assert(Number.isSafeInteger(by) && by > 0, `cannot count by ${by}`);
  return new Map([[actor, (state.get(actor) ?? 0) + by]]);
}

export const pnCounter: Crdt<PnCounter, number> = {
  kind: "pn-counter",
  bottom: { up: gCounter.bottom, down: gCounter.bottom },
  merge: (mine, theirs) => ({
    up: gCounter.merge(mine.up, theirs.up),
    down: gCounter.merge(mine.down, theirs.down),
  }),
  value: (state) => gCounter.value(state.up) - gCounter.value(state.down),
  codec: {
    encode(writer, state) {
      gCounterCodec.encode(writer, state.up);
      gCounterCodec.encode(writer, state.down);
    },
    decode: (reader) => ({ up: gCounterCodec.decode(reader), down: gCounterCodec.decode(reader) }),
  },
  overLimit: (state) => gCounter.overLimit(state.up) ?? gCounter.overLimit(state.down),
};

/** The delta that counts `by`, an integer other than 0; downwards when negative. */
export function count(state: PnCounter, actor: Actor, by: number): PnCounter {
  return by > 0
    ? { up: increment(state.up, actor, by), down: gCounter.bottom }
    : { up: gCounter.bottom, down: increment(state.down, actor, -by) };
}
