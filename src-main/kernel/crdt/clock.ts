/**
 * Version vectors: which updates a replica has, as the highest number per actor. They order
 * versions of data, not events of processes: a read or a message does not count up.
 */
import { assert } from "../assert.ts";
import type { Codec } from "../wire.ts";
import { type Actor, checkedActor, decodeCounter, type Dot } from "./actor.ts";
import { decodeMap, encodeMap, mergeMaps } from "./canonical.ts";
import { MAX_ACTOR_BYTES, MAX_ACTORS } from "./limits.ts";

/** An actor that is missing counts as 0. */
export type Clock = ReadonlyMap<Actor, number>;

export type ClockOrder = "before" | "after" | "equal" | "concurrent";

export const EMPTY_CLOCK: Clock = new Map();

/** How `a` stands to `b`: `before` when `b` has all that `a` has and more. */
export function compareClocks(a: Clock, b: Clock): ClockOrder {
  const ahead = exceeds(a, b);
  const behind = exceeds(b, a);
  if (ahead && behind) {
    return "concurrent";
  }
  if (ahead) {
    return "after";
  }
  return behind ? "before" : "equal";
}

function exceeds(a: Clock, b: Clock): boolean {
  for (const [actor, counter] of a) {
    if (counter > (b.get(actor) ?? 0)) {
      return true;
    }
  }
  return false;
}

/** The least clock that is not before either. */
export function mergeClocks(a: Clock, b: Clock): Clock {
  return mergeMaps(a, b, Math.max);
}

/** The clock after one more update of the actor. */
export function tick(clock: Clock, actor: Actor): Clock {
  return new Map(clock).set(actor, (clock.get(actor) ?? 0) + 1);
}

export function clockHas(clock: Clock, dot: Dot): boolean {
  return dot.counter <= (clock.get(dot.actor) ?? 0);
}

/** Equal clocks are equal bytes: zeros are left out, actors are in order. */
export const clockCodec: Codec<Clock> = {
  encode(writer, clock) {
    encodeMap(writer, withoutZeros(clock), (to, counter) => to.varint(counter));
  },
  decode(reader) {
    const limits = { entries: MAX_ACTORS, keyBytes: MAX_ACTOR_BYTES };
    const clock = decodeMap(reader, limits, decodeCounter);
    for (const actor of clock.keys()) {
      checkedActor(actor);
    }
    return clock;
  },
};

function withoutZeros(clock: Clock): Clock {
  const kept = new Map<Actor, number>();
  for (const [actor, counter] of clock) {
    assert(Number.isSafeInteger(counter) && counter >= 0, `no counter: ${counter}`);
    if (counter > 0) {
      kept.set(actor, counter);
    }
  }
  return kept;
}
