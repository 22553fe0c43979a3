/** What the end, the start and the removal of a node mean for agreement and replicated state. */
import type { MeshEventOf } from "../../contract/events.ts";
import type { MeshView } from "../model.ts";
import { dropHoldingsOf } from "../state/memory.ts";
import { dropStandingsOf } from "../state/reputation.ts";
import { settleConfig } from "./configs.ts";
import { beginMember, endMember } from "./members.ts";

export function endSessionOf(view: MeshView, node: string, at: number): void {
  endMember(view, node, at);
  view.aggregates.delete(node);
}

/** O(keys) where the disk was replaced. */
export function beginSessionOf(view: MeshView, event: MeshEventOf<"node.started">): void {
  const { node, disk } = event;
  if (!view.nodes.has(node)) return;
  beginMember(view, node, disk);
  if (disk !== "kept") dropHoldingsOf(view, node);
}

/** O(keys + observers). */
export function forgetMember(view: MeshView, node: string, at: number): void {
  endSessionOf(view, node, at);
  view.agreement.members.delete(node);
  view.agreement.logs.delete(node);
  if (view.agreement.configs.delete(node)) settleConfig(view.agreement);
  dropHoldingsOf(view, node);
  dropStandingsOf(view, node);
}
