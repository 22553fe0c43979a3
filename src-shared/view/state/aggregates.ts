/** Each node's estimates of what holds for the whole mesh. */
import type { Handlers } from "../handler.ts";
import { MAX_METRICS } from "../state-model.ts";

export const aggregateHandlers: Handlers<"aggregate.estimate"> = {
  "aggregate.estimate": (view, event) => {
    const { node, metric, count, sum, mean, min, max, error, epoch, round, at } = event;
    if (!view.nodes.has(node)) return;
    const metrics = view.aggregates.get(node) ?? new Map();
    if (metrics.size >= MAX_METRICS && !metrics.has(metric)) return;
    metrics.set(metric, { metric, count, sum, mean, min, max, error, epoch, round, at });
    view.aggregates.set(node, metrics);
  },
};
