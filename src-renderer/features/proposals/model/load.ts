/** What the nodes estimate for the whole mesh, and how far their estimates lie apart. */
import type { MeshView } from "#shared/view/model.ts";
import type { AggregateView } from "#shared/view/state-model.ts";

export const AGGREGATED = ["count", "sum", "mean", "min", "max"] as const;
export type Aggregated = (typeof AGGREGATED)[number];

export interface Spread {
  readonly name: Aggregated;
  /** Of the nodes that tell one; `undefined`: no node does. */
  readonly median: number | undefined;
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** Nodes that tell one. */
  readonly known: number;
}

export interface Estimates {
  readonly metric: string;
  readonly spreads: readonly Spread[];
  readonly nodes: readonly { readonly node: string; readonly estimate: AggregateView }[];
  /** The worst that any node admits to; `undefined`: none knows it. */
  readonly error: number | undefined;
  /** The mean lies outside of the extremes: somebody gave mass that it did not measure. */
  readonly impossible: boolean;
}

/** A metric each, of nodes that run. */
export function estimatesOf(view: MeshView): readonly Estimates[] {
  const byMetric = new Map<string, { node: string; estimate: AggregateView }[]>();
  for (const [node, metrics] of view.aggregates) {
    if (view.nodes.get(node)?.process !== "running") continue;
    for (const [metric, estimate] of metrics) {
      const nodes = byMetric.get(metric) ?? [];
      nodes.push({ node, estimate });
      byMetric.set(metric, nodes);
    }
  }
  return [...byMetric].map(([metric, nodes]) => ({
    metric,
    spreads: AGGREGATED.map((name) => spreadOf(name, nodes)),
    nodes: nodes.sort((a, b) => (a.node < b.node ? -1 : 1)),
    error: worstError(nodes),
    impossible: nodes.some(({ estimate }) => isImpossible(estimate)),
  }));
}

/** Beyond the error that the node itself admits to. */
function isImpossible({ mean, min, max, error }: AggregateView): boolean {
  if (mean === undefined || min === undefined || max === undefined || error === undefined) {
    return false;
  }
  const slack = Math.abs(mean) * (error + ROUNDING);
  return mean > max + slack || mean < min - slack;
}

/** An honest mean that is told as the error vanishes may still miss an extreme by so much. */
const ROUNDING = 0.01;

type Told = readonly { readonly estimate: AggregateView }[];

function spreadOf(name: Aggregated, nodes: Told): Spread {
  const values = nodes.flatMap(({ estimate }) => estimate[name] ?? []).sort((a, b) => a - b);
  return {
    name,
    median: values[Math.floor(values.length / 2)],
    low: values[0],
    high: values.at(-1),
    known: values.length,
  };
}

function worstError(nodes: Told): number | undefined {
  const errors = nodes.flatMap(({ estimate }) => estimate.error ?? []);
  return errors.length === 0 ? undefined : Math.max(...errors);
}
