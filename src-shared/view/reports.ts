/** What only adds a record: metrics, logs, violations, and facts about the mesh as a whole. */
import { appendBounded } from "./bounded.ts";
import type { Handlers } from "./handler.ts";
import {
  MAX_LOG_LINES,
  MAX_METRIC_WINDOWS,
  MAX_VIOLATIONS,
  type MeshInfo,
  type MeshView,
  type NodeView,
} from "./model.ts";
import { putNode } from "./store.ts";

const MICROS_PER_SECOND = 1_000_000;

function rated(node: NodeView, received: number, sent: number, windowUs: number): NodeView {
  if (windowUs <= 0) return node;
  const perSecond = MICROS_PER_SECOND / windowUs;
  const receivedPerSecond = received * perSecond;
  const sentPerSecond = sent * perSecond;
  const same = node.receivedPerSecond === receivedPerSecond && node.sentPerSecond === sentPerSecond;
  return same ? node : { ...node, receivedPerSecond, sentPerSecond };
}

type Gossip = NonNullable<MeshInfo["gossip"]>;

function gossipOf({ mode, fanout, intervalMs }: Gossip): Gossip {
  return { mode, fanout, intervalMs };
}

/** Log lines that a slow connection skipped: up to event `toSeq` there is nothing else missing. */
export function noteSkippedLogs(view: MeshView, skipped: number, toSeq: number): void {
  view.logs.dropped += skipped;
  view.seq = Math.max(view.seq, toSeq);
}

export const reportHandlers: Handlers<
  | "mesh.started"
  | "mesh.topology"
  | "mesh.gossip"
  | "metrics.sampled"
  | "log"
  | "invariant.violated"
> = {
  "mesh.started": (view, { name, source, options }) => {
    view.mesh = {
      name,
      source,
      options,
      topology: options?.topology.kind,
      gossip: options && gossipOf(options.gossip),
    };
  },
  "mesh.topology": (view, { kind }) => {
    view.mesh = { ...view.mesh, topology: kind };
  },
  "mesh.gossip": (view, event) => {
    view.mesh = { ...view.mesh, gossip: gossipOf(event) };
  },
  /** O(nodes sampled). */
  "metrics.sampled": (view, event) => {
    const { at, windowUs, sent, delivered, dropped, bytes, latencyMs, perNode } = event;
    const window = { at, windowUs, sent, delivered, dropped, bytes, latencyMs };
    appendBounded(view.metrics.windows, window, MAX_METRIC_WINDOWS);
    for (const sample of perNode ?? []) {
      const node = view.nodes.get(sample.node);
      if (node !== undefined) putNode(view, rated(node, sample.received, sample.sent, windowUs));
    }
  },
  log: (view, { seq, at, node, level, topic, text }) => {
    const line = { seq, at, node, level, topic, text };
    view.logs.dropped += appendBounded(view.logs.lines, line, MAX_LOG_LINES);
  },
  "invariant.violated": (view, { seq, at, invariant, message, nodes }) => {
    if (view.violations.length >= MAX_VIOLATIONS) return;
    view.violations.push({ seq, at, invariant, message, nodes });
  },
};
