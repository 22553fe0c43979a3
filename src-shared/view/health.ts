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
 * dead. Suspect: an observer doubts it. Degraded: read-only, or its own local health is not 0.
 */
export function healthOf(node: NodeView): Health {
  const gone = node.process === "stopped";
  const left = (gone && node.stopReason === "left") || (!isUp(node) && node.leftBy > 0);
  if (gone && !left) return "failed";
  if (left) return "left";
  if (node.deadBy > 0) return "failed";
  if (node.suspectedBy > 0 || node.unreachableBy > 0) return "suspect";
  if (node.mode === "read-only" || (node.localHealth ?? 0) > 0) return "degraded";
  if (node.process === "paused") return "paused";
  if (node.process === "running" || node.judged) return "healthy";
  return "unknown";
}

function isUp(node: NodeView): boolean {
  return node.process === "running" || node.process === "paused";
}
