/**
 * Which updates a state knows, gaps included: a version vector for what is known without a gap and
 * a cloud of single dots above it (Almeida, Shoker, Baquero 2018, "Delta state replicated data
 * types", section 7). A removed element leaves nothing behind but this: what the context has and
 * the state does not hold was removed.
 */
import { type Codec, DecodeError, type WireReader, type WireWriter } from "../wire.ts";
import { type Actor, checkedActor, type Dot } from "./actor.ts";
import { decodeMap, encodeMap, mergeMaps } from "./canonical.ts";
import { type Clock, clockCodec, EMPTY_CLOCK, mergeClocks } from "./clock.ts";
import { MAX_ACTOR_BYTES, MAX_ACTORS, MAX_CLOUD_DOTS } from "./limits.ts";

/** Always compact: no dot of the cloud is in the vector, or the next one after it. */
export interface CausalContext {
  readonly vector: Clock;
  /** Per actor the numbers above the vector, rising; never an empty list. */
  readonly cloud: ReadonlyMap<Actor, readonly number[]>;
}

export const EMPTY_CONTEXT: CausalContext = { vector: EMPTY_CLOCK, cloud: new Map() };

export function contextHas(context: CausalContext, dot: Dot): boolean {
  if (dot.counter <= (context.vector.get(dot.actor) ?? 0)) {
    return true;
  }
  const above = context.cloud.get(dot.actor);
  return above !== undefined && includesSorted(above, dot.counter);
}

function includesSorted(rising: readonly number[], wanted: number): boolean {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rising[middle] ?? 0) < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return rising[low] === wanted;
}

export function contextOf(dots: readonly Dot[]): CausalContext {
  const cloud = new Map<Actor, number[]>();
  for (const dot of dots) {
    const known = cloud.get(dot.actor);
    if (known === undefined) {
      cloud.set(dot.actor, [dot.counter]);
    } else {
      known.push(dot.counter);
    }
  }
  return compact(EMPTY_CLOCK, cloud);
}

export function mergeContexts(a: CausalContext, b: CausalContext): CausalContext {
  const cloud = mergeMaps(a.cloud, b.cloud, (mine, theirs) => [...mine, ...theirs]);
  return compact(mergeClocks(a.vector, b.vector), cloud);
}

/** The name of the actor's next update. Only the actor itself may ask, and must then use it. */
export function nextDot(context: CausalContext, actor: Actor): Dot {
  const above = context.cloud.get(actor)?.at(-1) ?? 0;
  return { actor, counter: Math.max(above, context.vector.get(actor) ?? 0) + 1 };
}

export function cloudSize(context: CausalContext): number {
  let size = 0;
  for (const counters of context.cloud.values()) {
    size += counters.length;
  }
  return size;
}

/** Moves into the vector whatever follows it without a gap, and drops what it has already. */
function compact(vector: Clock, cloud: ReadonlyMap<Actor, readonly number[]>): CausalContext {
  const grown = new Map(vector);
  const rest = new Map<Actor, readonly number[]>();
  for (const [actor, counters] of cloud) {
    let top = vector.get(actor) ?? 0;
    const above: number[] = [];
    for (const counter of counters.toSorted((a, b) => a - b)) {
      if (above.length === 0 && counter === top + 1) {
        top = counter;
      } else if (counter > (above.at(-1) ?? top)) {
        above.push(counter);
      }
    }
    if (top > 0) {
      grown.set(actor, top);
    }
    if (above.length > 0) {
      rest.set(actor, above);
    }
  }
  return { vector: grown, cloud: rest };
}

export const contextCodec: Codec<CausalContext> = {
  encode(writer, context) {
    clockCodec.encode(writer, context.vector);
    encodeMap(writer, context.cloud, encodeRising);
  },
  decode(reader) {
    const vector = clockCodec.decode(reader);
    let left = MAX_CLOUD_DOTS;
    const limits = { entries: MAX_ACTORS, keyBytes: MAX_ACTOR_BYTES };
    const cloud = decodeMap(reader, limits, (from) => {
      const counters = decodeRising(from, left);
      left -= counters.length;
      return counters;
    });
    for (const [actor, counters] of cloud) {
      checkedActor(actor);
      if ((counters[0] ?? 0) <= (vector.get(actor) ?? 0) + 1) {
        throw new DecodeError("a context that is not compact");
      }
    }
    return { vector, cloud };
  },
};

/** As distances, which mostly take one byte. */
function encodeRising(writer: WireWriter, counters: readonly number[]): void {
  writer.varint(counters.length);
  let previous = 0;
  for (const counter of counters) {
    writer.varint(counter - previous);
    previous = counter;
  }
}

function decodeRising(reader: WireReader, max: number): readonly number[] {
  const count = reader.varint(max);
  const counters: number[] = [];
  let previous = 0;
  for (let i = 0; i < count; i++) {
    const step = reader.varint(Number.MAX_SAFE_INTEGER - previous);
    if (step === 0) {
      throw new DecodeError("numbers of a context must rise");
    }
    previous += step;
    counters.push(previous);
  }
  if (count === 0) {
    throw new DecodeError("an actor without dots");
  }
  return counters;
}
