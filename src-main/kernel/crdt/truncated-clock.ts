/**
 * Clocks of bounded length (Dynamo, 4.4): each pair carries the time at which its actor last wrote,
 * and the pair that is oldest goes first. What goes missing makes versions look concurrent that are
 * not. It never makes a version look older than one that has not seen it, under conditions which
 * Dynamo leaves to the reader: the pair of the write itself stays, however far back the writer's
 * clock is; an actor never derives its next number from a clock that may have lost it; and it writes
 * over its own last version, as in all plain version vectors (siblings by one actor need DVV sets).
 */
import { assert } from "../assert.ts";
import type { Micros } from "../time.ts";
import type { Actor, Dot } from "./actor.ts";
import { compareText } from "./canonical.ts";
import { type Clock, type ClockOrder, compareClocks } from "./clock.ts";

/** Dynamo's figure. */
export const DEFAULT_CLOCK_PAIRS = 10;

export interface StampedPair {
  readonly counter: number;
  /** When the actor wrote this, by its own clock. */
  readonly at: Micros;
}

/** The clock of one version, and the dot of the write that made it. */
export interface TruncatedClock {
  readonly dot: Dot;
  readonly pairs: ReadonlyMap<Actor, StampedPair>;
}

export interface StampedWrite {
  /** `counter`: the actor's next number, from a count that it keeps and never sets back. */
  readonly dot: Dot;
  readonly at: Micros;
  /** Most pairs to keep, at least 1. */
  readonly maxPairs?: number;
}

/** The clock of a write that replaces all versions in `seen`. */
export function writeOver(seen: readonly TruncatedClock[], write: StampedWrite): TruncatedClock {
  const { dot, at, maxPairs = DEFAULT_CLOCK_PAIRS } = write;
  assert(Number.isSafeInteger(maxPairs) && maxPairs >= 1, `no number of pairs: ${maxPairs}`);
  const pairs = new Map<Actor, StampedPair>();
  for (const clock of seen) {
    for (const [actor, pair] of clock.pairs) {
      const known = pairs.get(actor);
      if (known === undefined || known.counter < pair.counter) {
        pairs.set(actor, pair);
      }
    }
  }
  const before = pairs.get(dot.actor)?.counter ?? 0;
  assert(dot.counter > before, `${dot.actor} counts back from ${before} to ${dot.counter}`);
  pairs.set(dot.actor, { counter: dot.counter, at });
  return { dot, pairs: keepNewest(pairs, dot.actor, maxPairs) };
}

function keepNewest(
  pairs: ReadonlyMap<Actor, StampedPair>,
  own: Actor,
  maxPairs: number,
): ReadonlyMap<Actor, StampedPair> {
  const newestFirst = [...pairs].sort(([a, left], [b, right]) => {
    if ((a === own) !== (b === own)) {
      return a === own ? -1 : 1;
    }
    return right.at - left.at || compareText(a, b);
  });
  return new Map(newestFirst.slice(0, maxPairs));
}

/** `before` and `after` are true; `concurrent` may be a false conflict. */
export function compareTruncated(a: TruncatedClock, b: TruncatedClock): ClockOrder {
  return compareClocks(counters(a), counters(b));
}

function counters(clock: TruncatedClock): Clock {
  return new Map([...clock.pairs].map(([actor, pair]) => [actor, pair.counter]));
}
