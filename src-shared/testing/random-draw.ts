/** Draws from a seed, for property tests. */
import type { MeshEventBody } from "../contract/events.ts";

export interface Draw {
  /** An integer from 0 up to and without `below`. */
  int(below: number): number;
  of<T>(list: readonly T[]): T;
}

/** Mulberry32; good enough to vary tests, not for anything else. */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  const int = (below: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
  return { int, of: (list) => list[int(list.length)] as (typeof list)[number] };
}

export type Make = (draw: Draw, node: string, other: string) => MeshEventBody;
