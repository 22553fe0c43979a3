import type { Health, NodeView } from "./model.ts";

/** Worst first: the order in which lists sort and the truth that wins. */
export const HEALTH_ORDER: readonly Health[] = [
  "failed",
  "suspect",
  "degraded",
  "paused",
  "left",
  "unknown",
  "healthy",
];

/**
 * What to show of a node. Failed: its process ended without leaving, or an observer holds it for
 * dead. Suspect: an observer doubts it that is not cut off itself. Degraded: read-only, or its own
 * local health is not 0. A running node that knows itself to be cut off is degraded, whatever the
 * others hold it for: it has not failed, and it says why it is alone.
 */
export function healthOf(node: NodeView): Health {
  const gone = node.process === "stopped";
  const left = (gone && node.stopReason === "left") || (!isUp(node) && node.leftBy > 0);
  if (gone && !left) return "failed";
  if (left) return "left";
  if (node.process === "running" && node.mode === "read-only") return "degraded";
  if (node.deadBy > 0) return "failed";
  if (node.suspectedBy + node.unreachableBy > node.cutOffDoubts) return "suspect";
  if (node.mode === "read-only" || (node.localHealth ?? 0) > 0) return "degraded";
  if (node.process === "paused") return "paused";
  if (node.process === "running" || node.judged) return "healthy";
  return "unknown";
}

function isUp(node: NodeView): boolean {
  return node.process === "running" || node.process === "paused";
}
