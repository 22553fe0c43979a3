/** What observers hold of members. */
import type { MeshEventOf } from "../../contract/events.ts";
import type { Handlers } from "../handler.ts";
import type { MeshView } from "../model.ts";
import { MAX_STANDINGS, type Standing } from "../state-model.ts";

function changed(view: MeshView, event: MeshEventOf<"reputation.changed">): void {
  const { node: observer, member, score, standing, reason, at } = event;
  if (!view.nodes.has(observer) || !view.nodes.has(member)) return;
  const { reputation } = view;
  const members = reputation.observers.get(observer) ?? new Map<string, Standing>();
  if (!members.has(member)) {
    if (reputation.size >= MAX_STANDINGS) {
      reputation.dropped += 1;
      return;
    }
    reputation.size += 1;
  }
  members.set(member, { score, standing, reason, at });
  reputation.observers.set(observer, members);
}

/** What it held of others, and others of it. O(observers). */
export function dropStandingsOf(view: MeshView, node: string): void {
  const { reputation } = view;
  reputation.size -= reputation.observers.get(node)?.size ?? 0;
  reputation.observers.delete(node);
  for (const [observer, members] of reputation.observers) {
    if (members.delete(node)) reputation.size -= 1;
    if (members.size === 0) reputation.observers.delete(observer);
  }
}

export const reputationHandlers: Handlers<"reputation.changed"> = { "reputation.changed": changed };
