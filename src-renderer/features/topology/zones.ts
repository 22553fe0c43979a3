import type { TopologyStore } from "./store.ts";

/** Collapses an open zone, opens a collapsed one. */
export function toggleZone(store: TopologyStore, zone: string): void {
  const collapsed = new Set(store.getState().shownCollapsed);
  if (!collapsed.delete(zone)) collapsed.add(zone);
  store.getState().change({ collapsed });
}
