import type { MeshView, NodeView } from "../model.ts";

/** Smallest count that is more than half of `of`. */
export function majorityOf(of: number): number {
  return Math.floor(of / 2) + 1;
}

export interface QuorumMargin {
  /** Size of the last agreed membership. */
  readonly of: number;
  readonly needed: number;
  /**
   * Members that take part: their process runs (or is not known to have ended or paused), and they
   * are not cut off: a read-only node helps no majority.
   */
  readonly present: number;
  /** How many more may go before no majority is left; negative when it is lost already. */
  readonly canLose: number;
}

/** Members that count for the agreed membership: all that did not leave. */
export function isAgreedMember(node: NodeView): boolean {
  if (node.process === "running" || node.process === "paused") return true;
  if (node.process === "stopped") return node.stopReason !== "left";
  return node.leftBy === 0;
}

/** Its process runs, as far as is known. */
export function isUp(node: NodeView): boolean {
  if (node.process === "unknown") return node.deadBy === 0 && node.leftBy === 0;
  return node.process === "running";
}

/** Up, and not cut off from the majority. */
export function isPresent(node: NodeView): boolean {
  return isUp(node) && node.mode !== "read-only";
}

/** Serf's members act alone: there is no quorum to hold or to lose. */
export function hasQuorum(view: MeshView): boolean {
  return view.mesh.source !== "serf";
}

/**
 * Majority of the last agreed membership, against those that are present. `undefined` for a mesh without members, or without quorums. The size agreed on is what the running nodes
 * reported last, when they did; else the members that the view lists.
 */
export function quorumMargin(view: MeshView): QuorumMargin | undefined {
  if (!hasQuorum(view)) return undefined;
  let listed = 0;
  let present = 0;
  let reported = 0;
  for (const node of view.nodes.values()) {
    if (!isAgreedMember(node)) continue;
    listed += 1;
    if (isPresent(node)) present += 1;
    if (node.process === "running") reported = Math.max(reported, node.of ?? 0);
  }
  const of = Math.max(listed, reported);
  if (of === 0) return undefined;
  const needed = majorityOf(of);
  return { of, needed, present, canLose: present - needed };
}
