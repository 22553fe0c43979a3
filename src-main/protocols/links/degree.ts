import type { TopologyKind } from "./options.ts";

export interface DegreeLimits {
  readonly minNeighbours: number;
  readonly maxNeighbours: number;
}

export interface DegreeRule {
  /** Fewer are repaired. */
  readonly min: number;
  /** More are refused. */
  readonly max: number;
}

/** Shapes that strive for `minNeighbours` to `maxNeighbours` and for two disjoint routes. */
export function isBounded(kind: TopologyKind): boolean {
  return kind !== "ring" && kind !== "star" && kind !== "full" && kind !== "custom";
}

/**
 * How many links a node of a mesh of `n` (itself included) keeps. A ring needs two, a star's leaf
 * one and its hub all, a full mesh all, a custom one as many as it was given (`given`).
 */
export function degreeRule(
  kind: TopologyKind,
  n: number,
  limits: DegreeLimits,
  given: number,
): DegreeRule {
  const others = Math.max(0, n - 1);
  switch (kind) {
    case "ring":
      return { min: Math.min(2, others), max: Math.max(2, limits.maxNeighbours) };
    case "star":
      return { min: Math.min(1, others), max: Math.max(1, others) };
    case "full":
      return { min: others, max: Math.max(1, others) };
    case "custom":
      return {
        min: Math.min(Math.max(1, given), others),
        max: Math.max(limits.maxNeighbours, given),
      };
    default:
      return { min: Math.min(limits.minNeighbours, others), max: limits.maxNeighbours };
  }
}
