/** The only way nodes enter, change in and leave a view: the counters follow every change. */
import type { MeshView, NodeView, ViewCounts } from "./model.ts";

/** Replaces fields of a node; a node the mesh does not have stays unknown. */
export function patchNode(view: MeshView, id: string, patch: Partial<NodeView>): void {
  const node = view.nodes.get(id);
  if (node !== undefined) putNode(view, { ...node, ...patch });
}

export function putNode(view: MeshView, next: NodeView): void {
  const previous = view.nodes.get(next.id);
  view.nodes.set(next.id, next);
  recount(view, previous, next);
}

export function dropNode(view: MeshView, id: string): void {
  const previous = view.nodes.get(id);
  if (view.nodes.delete(id)) recount(view, previous, undefined);
}

export function addArrivals(view: MeshView, count: number): void {
  view.counts = { ...view.counts, arrivals: view.counts.arrivals + count };
}

function recount(view: MeshView, before: NodeView | undefined, after: NodeView | undefined): void {
  const running = weight(after, isRunning) - weight(before, isRunning);
  const readOnly = weight(after, isReadOnly) - weight(before, isReadOnly);
  const doubted = weight(after, isDoubted) - weight(before, isDoubted);
  if (running === 0 && readOnly === 0 && doubted === 0) return;
  const counts: ViewCounts = view.counts;
  view.counts = {
    running: counts.running + running,
    readOnly: counts.readOnly + readOnly,
    doubted: counts.doubted + doubted,
    arrivals: counts.arrivals,
  };
}

function weight(node: NodeView | undefined, test: (node: NodeView) => boolean): 0 | 1 {
  return node !== undefined && test(node) ? 1 : 0;
}

function isRunning(node: NodeView): boolean {
  return node.process === "running";
}

function isReadOnly(node: NodeView): boolean {
  return isRunning(node) && node.mode === "read-only";
}

function isDoubted(node: NodeView): boolean {
  return isRunning(node) && node.suspectedBy + node.unreachableBy + node.deadBy + node.leftBy > 0;
}
