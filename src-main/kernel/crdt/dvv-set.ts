/**
 * Dotted version vector sets: all concurrent values of one key under one clock (Almeida, Baquero,
 * Gonçalves, Preguiça, Fonte 2014, "Scalable and accurate causality tracking for eventually
 * consistent stores"). A version vector per value that counts servers cannot tell apart two clients
 * that write through one server; one that counts clients grows with them. Here every value has the
 * dot of its write, and only servers count.
 */
import { assert } from "../assert.ts";
import type { Codec } from "../wire.ts";
import { decodeList, encodeList } from "../wire-lists.ts";
import { type Actor, checkedActor, decodeCounter } from "./actor.ts";
import { decodeMap, encodeMap, mergeMaps, sortedEntries } from "./canonical.ts";
import type { Clock } from "./clock.ts";
import { MAX_ACTOR_BYTES, MAX_ACTORS, MAX_SIBLINGS } from "./limits.ts";

export interface DvvEntry<Value> {
  /** Updates 1 to `known` of the actor are known. */
  readonly known: number;
  /** Of those the ones that nothing replaced, newest first: `known`, `known - 1` and so on. */
  readonly values: readonly Value[];
}

export type DvvSet<Value> = ReadonlyMap<Actor, DvvEntry<Value>>;

/** What a read hands out and the write that follows hands back: all that the reader has seen. */
export function dvvContext<Value>(set: DvvSet<Value>): Clock {
  return new Map([...set].map(([actor, entry]) => [actor, entry.known]));
}

/** The siblings, in the order of their actors and newest first: the same on every replica. */
export function dvvValues<Value>(set: DvvSet<Value>): Value[] {
  return sortedEntries(set).flatMap(([, entry]) => entry.values);
}

/** What both know; a value stays unless one of the two knows it as replaced. */
export function dvvSync<Value>(mine: DvvSet<Value>, theirs: DvvSet<Value>): DvvSet<Value> {
  return mergeMaps(mine, theirs, syncEntry);
}

function syncEntry<Value>(mine: DvvEntry<Value>, theirs: DvvEntry<Value>): DvvEntry<Value> {
  const [ahead, behind] = mine.known >= theirs.known ? [mine, theirs] : [theirs, mine];
  const oldestKept = behind.known - behind.values.length;
  const values = ahead.values.slice(0, ahead.known - oldestKept);
  return { known: ahead.known, values };
}

export interface DvvWrite<Value> {
  /** The server that takes the write. It must hold everything it ever wrote under this name. */
  readonly actor: Actor;
  /** From the read before; empty for a write that has seen nothing, which discards nothing. */
  readonly context: Clock;
  readonly value: Value;
}

/** The delta of a write: discards what its context has seen, keeps all else as siblings. */
export function dvvWrite<Value>(set: DvvSet<Value>, write: DvvWrite<Value>): DvvSet<Value> {
  const { actor, context, value } = write;
  const delta = new Map(dvvDiscard<Value>(context));
  const own = set.get(actor) ?? { known: 0, values: [] };
  const seen = context.get(actor) ?? 0;
  const siblings = own.values.slice(0, Math.max(0, own.known - seen));
  delta.set(actor, { known: Math.max(own.known, seen) + 1, values: [value, ...siblings] });
  return delta;
}

/** Discards what the context has seen and writes nothing: the delta of a removal. */
export function dvvDiscard<Value>(context: Clock): DvvSet<Value> {
  const seen = [...context].filter(([, known]) => known > 0);
  return new Map(seen.map(([actor, known]) => [actor, { known, values: [] }]));
}

export function siblingCount(set: DvvSet<unknown>): number {
  let count = 0;
  for (const entry of set.values()) {
    count += entry.values.length;
  }
  return count;
}

export function dvvSetCodec<Value>(value: Codec<Value>): Codec<DvvSet<Value>> {
  return {
    encode(writer, set) {
      encodeMap(writer, set, (to, entry) => {
        assert(entry.known >= 1 && entry.values.length <= entry.known, "no entry of a DVV set");
        to.varint(entry.known);
        encodeList(to, entry.values, (each, item) => value.encode(each, item));
      });
    },
    decode(reader) {
      let siblings = 0;
      const limits = { entries: MAX_ACTORS, keyBytes: MAX_ACTOR_BYTES };
      const set = decodeMap(reader, limits, (from) => {
        const known = decodeCounter(from);
        const most = Math.min(known, MAX_SIBLINGS - siblings);
        const values = decodeList(from, most, (each) => value.decode(each));
        siblings += values.length;
        return { known, values };
      });
      for (const actor of set.keys()) {
        checkedActor(actor);
      }
      return set;
    },
  };
}
