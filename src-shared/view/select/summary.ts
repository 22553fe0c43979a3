/** The whole mesh in a few numbers, for status bars, summaries and the command line. */
import { HEALTH_ORDER, healthOf } from "../health.ts";
import type { Health, MeshView } from "../model.ts";

export interface MeshSummary {
  readonly nodes: number;
  readonly byHealth: Readonly<Record<Health, number>>;
  /** Nodes whose process runs. */
  readonly running: number;
  readonly readOnly: number;
  readonly faults: number;
  readonly violations: number;
  /** The worst health that any node has; `undefined` for a mesh without nodes. */
  readonly worst: Health | undefined;
}

export function summaryOf(view: MeshView): MeshSummary {
  const byHealth: Record<Health, number> = {
    failed: 0,
    suspect: 0,
    degraded: 0,
    paused: 0,
    left: 0,
    unknown: 0,
    healthy: 0,
  };
  for (const node of view.nodes.values()) byHealth[healthOf(node)] += 1;
  return {
    nodes: view.nodes.size,
    byHealth,
    running: view.counts.running,
    readOnly: view.counts.readOnly,
    faults: view.faults.size,
    violations: view.violations.length,
    worst: HEALTH_ORDER.find((health) => byHealth[health] > 0),
  };
}
