/** The arithmetic of push-sum. Halving is exact in binary; only additions round. */
import { hashString, mix32 } from "#main/kernel/hash.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { MetricOptions } from "./options.ts";
import type { Extremes, Mass, Share } from "./types.ts";

/** Rounding that sums of many parts may show, relative. */
const ROUNDING = 1e-9;

/** What a node brings into an epoch. */
export function initialMass(self: NodeId, values: readonly (number | null)[]): Mass {
  return { root: self, rootWeight: 1, shares: values.map(initialShare) };
}

function initialShare(value: number | null): Share {
  return value === null
    ? { weight: 0, sum: 0, extremes: null }
    : { weight: 1, sum: value, extremes: { min: value, max: value } };
}

/** One half; the other is the same. Extremes are told, not given away. */
export function half(mass: Mass): Mass {
  const shares = mass.shares.map(({ weight, sum, extremes }) => ({
    weight: weight / 2,
    sum: sum / 2,
    extremes,
  }));
  return { root: mass.root, rootWeight: mass.rootWeight / 2, shares };
}

/**
 * Of two roots the one of lower rank stays, and only its weight counts. It is never given up
 * anywhere, so its whole weight of 1 stays in the mesh.
 */
export function add(one: Mass, other: Mass, epoch: number): Mass {
  const shares = one.shares.map((share, i) => addShare(share, other.shares[i] ?? share));
  if (one.root === other.root) {
    return { root: one.root, rootWeight: one.rootWeight + other.rootWeight, shares };
  }
  const { root, rootWeight } = outranks(other.root, one.root, epoch) ? other : one;
  return { root, rootWeight, shares };
}

function addShare(one: Share, other: Share): Share {
  return {
    weight: one.weight + other.weight,
    sum: one.sum + other.sum,
    extremes: wider(one.extremes, other.extremes),
  };
}

function wider(one: Extremes | null, other: Extremes | null): Extremes | null {
  if (one === null || other === null) {
    return one ?? other;
  }
  return { min: Math.min(one.min, other.min), max: Math.max(one.max, other.max) };
}

/** Another root each epoch, so that one that dies early spoils the count of one epoch only. */
export function outranks(one: NodeId, other: NodeId, epoch: number): boolean {
  const [a, b] = [rank(one, epoch), rank(other, epoch)];
  return a === b ? one < other : a < b;
}

function rank(node: NodeId, epoch: number): number {
  return mix32(hashString(`${epoch}/${node}`));
}

/**
 * Whether honest nodes could have sent this: finite, no more weight than there are nodes, and
 * every sum and extreme one that values in range give. NaN fails every comparison.
 */
export function isPlausible(
  mass: Mass,
  metrics: readonly MetricOptions[],
  maxWeight: number,
): boolean {
  return (
    mass.rootWeight >= 0 &&
    mass.rootWeight <= 1 + ROUNDING &&
    mass.shares.every((share, i) => {
      const metric = metrics[i];
      return metric !== undefined && isPlausibleShare(share, metric, maxWeight);
    })
  );
}

function isPlausibleShare(
  { weight, sum, extremes }: Share,
  { lowest, highest }: MetricOptions,
  maxWeight: number,
): boolean {
  const slack = ROUNDING * weight * Math.max(Math.abs(lowest), Math.abs(highest));
  const weighed =
    weight >= 0 &&
    weight <= maxWeight &&
    sum >= weight * lowest - slack &&
    sum <= weight * highest + slack;
  if (extremes === null) {
    return weighed && weight === 0;
  }
  const { min, max } = extremes;
  return weighed && min >= lowest && max <= highest && min <= max;
}
