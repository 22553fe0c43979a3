/**
 * All concurrent values as siblings, until somebody who has seen them writes. Each value carries
 * the time of its write, so that a delete takes those it came after, and not one written later by
 * somebody who had not heard of the delete.
 */
import { type Actor, nodeOfActor } from "#main/kernel/crdt/actor.ts";
import { compareText, sortedEntries } from "#main/kernel/crdt/canonical.ts";
import type { Crdt } from "#main/kernel/crdt/crdt.ts";
import {
  type DvvSet,
  dvvContext,
  dvvSetCodec,
  dvvSync,
  dvvValues,
  dvvWrite,
  siblingCount,
} from "#main/kernel/crdt/dvv-set.ts";
import { MAX_ACTORS, MAX_SIBLINGS } from "#main/kernel/crdt/limits.ts";
import type { Micros } from "#main/kernel/time.ts";
import { beginActor, newestStamp, ownActor, survives } from "../contributor.ts";
import { MAX_OWN_SIBLINGS, MAX_VALUE_BYTES } from "../limits.ts";
import { type CellType, refused } from "./cell-type.ts";
import { versionText } from "./version.ts";

export interface Sibling {
  /** When it was written; by whom, its actor says. */
  readonly at: Micros;
  readonly value: Uint8Array;
}

export type Siblings = DvvSet<Sibling>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const siblingsCrdt: Crdt<Siblings, readonly Sibling[]> = {
  kind: "mv-register",
  bottom: new Map(),
  merge: dvvSync,
  value: dvvValues,
  codec: dvvSetCodec({
    encode(writer, { at, value }) {
      writer.varint(at);
      writer.bytes(value);
    },
    decode: (reader) => ({ at: reader.varint(), value: reader.bytes(MAX_VALUE_BYTES) }),
  }),
  overLimit(state) {
    if (state.size > MAX_ACTORS) {
      return "MAX_ACTORS";
    }
    return siblingCount(state) > MAX_SIBLINGS ? "MAX_SIBLINGS" : null;
  },
};

export const registerCell: CellType<Siblings> = {
  crdt: siblingsCrdt,

  write(state, { value, stamp, ...contributor }) {
    if (siblingCount(state) > MAX_OWN_SIBLINGS) {
      return refused("too-large", "too many concurrent values: delete the key and begin anew");
    }
    const actor = ownActor(contributor, state.keys()) ?? beginActor(contributor, stamp.at);
    const written = { at: stamp.at, value: encoder.encode(value) };
    return { delta: dvvWrite(state, { actor, context: dvvContext(state), value: written }) };
  },

  /**
   * What nothing replaced is newest first, so a delete takes the end of each list. The entries
   * stay while any value lives: they are what says that others were replaced.
   */
  prune(state, floor) {
    const pruned = new Map<Actor, { known: number; values: readonly Sibling[] }>();
    let left = 0;
    for (const [actor, { known, values }] of state) {
      const node = nodeOfActor(actor);
      const kept = values.filter(({ at }) => survives({ at, node }, floor));
      pruned.set(actor, { known, values: kept });
      left += kept.length;
    }
    return left === 0 ? siblingsCrdt.bottom : pruned;
  },

  newest: (state) =>
    newestStamp(
      [...state].flatMap(([actor, { values }]) =>
        values.map(({ at }) => ({ at, node: nodeOfActor(actor) })),
      ),
    ),

  /** In order, and the same value twice is one. */
  values(state) {
    const texts = dvvValues(state).map(({ value }) => decoder.decode(value));
    return [...new Set(texts)].sort(compareText);
  },

  version: (state) =>
    versionText(sortedEntries(state).map(([actor, { known }]) => `${actor}:${known}`)),

  keepsExpiry: false,
};
