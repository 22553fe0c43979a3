/**
 * A set in which an add wins over a concurrent remove, and a remove takes away only the adds it has
 * seen (RR-7506, specification 15), without tombstones: the causal context tells a removed element
 * from one not heard of (Bieniusa et al. 2012, RR-8083, "An optimized conflict-free replicated set").
 */
import { type Actor, decodeDot, type Dot, encodeDot } from "./actor.ts";
import {
  compareText,
  decodeMap,
  encodeMap,
  fitsText,
  keysOfBoth,
  sortedKeys,
} from "./canonical.ts";
import {
  type CausalContext,
  cloudSize,
  contextCodec,
  contextHas,
  contextOf,
  EMPTY_CONTEXT,
  mergeContexts,
  nextDot,
} from "./causal-context.ts";
import type { Crdt } from "./crdt.ts";
import * as limits from "./limits.ts";
import { DecodeError, type WireReader } from "../wire.ts";
import { decodeList, encodeList } from "../wire-lists.ts";

export interface OrSet {
  /** Per element the adds that nothing removed, in order; never none. */
  readonly adds: ReadonlyMap<string, readonly Dot[]>;
  readonly context: CausalContext;
}

const NO_DOTS: readonly Dot[] = [];

export const orSet: Crdt<OrSet, readonly string[]> = {
  kind: "or-set",
  bottom: { adds: new Map(), context: EMPTY_CONTEXT },

  merge(mine, theirs) {
    const adds = new Map<string, readonly Dot[]>();
    for (const element of keysOfBoth(mine.adds, theirs.adds)) {
      const left = mine.adds.get(element) ?? NO_DOTS;
      const right = theirs.adds.get(element) ?? NO_DOTS;
      const kept = [
        ...left.filter((dot) => hasDot(right, dot) || !contextHas(theirs.context, dot)),
        ...right.filter((dot) => !hasDot(left, dot) && !contextHas(mine.context, dot)),
      ];
      if (kept.length > 0) {
        adds.set(element, kept.sort(compareDots));
      }
    }
    return { adds, context: mergeContexts(mine.context, theirs.context) };
  },

  value: (state) => sortedKeys(state.adds),

  codec: {
    encode(writer, state) {
      contextCodec.encode(writer, state.context);
      encodeMap(writer, state.adds, (to, dots) => encodeList(to, dots, encodeDot));
    },
    decode(reader) {
      const context = contextCodec.decode(reader);
      const bounds = { entries: limits.MAX_ELEMENTS, keyBytes: limits.MAX_ELEMENT_BYTES };
      const adds = decodeMap(reader, bounds, (from) => decodeAdds(from, context));
      return { adds, context };
    },
  },

  overLimit(state) {
    if (state.adds.size > limits.MAX_ELEMENTS) {
      return "MAX_ELEMENTS";
    }
    if (
      state.context.vector.size > limits.MAX_ACTORS ||
      state.context.cloud.size > limits.MAX_ACTORS
    ) {
      return "MAX_ACTORS";
    }
    if (cloudSize(state.context) > limits.MAX_CLOUD_DOTS) {
      return "MAX_CLOUD_DOTS";
    }
    for (const [element, dots] of state.adds) {
      if (!fitsText(element, limits.MAX_ELEMENT_BYTES)) {
        return "MAX_ELEMENT_BYTES";
      }
      if (dots.length > limits.MAX_DOTS_PER_ELEMENT) {
        return "MAX_DOTS_PER_ELEMENT";
      }
    }
    return null;
  },
};

/** The delta of an add: one new dot in place of the adds of this element seen so far. */
export function addElement(state: OrSet, actor: Actor, element: string): OrSet {
  const dot = nextDot(state.context, actor);
  const seen = state.adds.get(element) ?? NO_DOTS;
  return { adds: new Map([[element, [dot]]]), context: contextOf([dot, ...seen]) };
}

/** The delta of a remove: the adds seen so far are known and gone. Others survive it. */
export function removeElement(state: OrSet, element: string): OrSet {
  return { adds: new Map(), context: contextOf(state.adds.get(element) ?? NO_DOTS) };
}

function compareDots(a: Dot, b: Dot): number {
  return compareText(a.actor, b.actor) || a.counter - b.counter;
}

function hasDot(dots: readonly Dot[], dot: Dot): boolean {
  return dots.some((other) => compareDots(other, dot) === 0);
}

function decodeAdds(reader: WireReader, context: CausalContext): readonly Dot[] {
  const dots = decodeList(reader, limits.MAX_DOTS_PER_ELEMENT, decodeDot);
  if (dots.length === 0) {
    throw new DecodeError("an element that nobody added");
  }
  for (const [i, dot] of dots.entries()) {
    const previous = dots[i - 1];
    if (previous !== undefined && compareDots(previous, dot) >= 0) {
      throw new DecodeError("adds must rise");
    }
    if (!contextHas(context, dot)) {
      throw new DecodeError("an add that its context does not know");
    }
  }
  return dots;
}
