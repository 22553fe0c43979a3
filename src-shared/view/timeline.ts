import type { MeshEvent, MeshEventType } from "../contract/events.ts";
import { appendBounded } from "./bounded.ts";
import { MAX_TIMELINE_ENTRIES, type MeshView } from "./model.ts";

const NOT_NOTEWORTHY: ReadonlySet<MeshEventType> = new Set<MeshEventType>([
  "log",
  "metrics.sampled",
  "link.latency",
  "rumour.traffic",
  "state.digest",
]);

/** Whether an event tells that something changed; the rest are logs and measurements. */
export function isNoteworthy(type: MeshEventType): boolean {
  return !NOT_NOTEWORTHY.has(type);
}

export function recordOnTimeline(view: MeshView, event: MeshEvent): void {
  if (!isNoteworthy(event.type)) return;
  view.timeline.dropped += appendBounded(view.timeline.entries, event, MAX_TIMELINE_ENTRIES);
}
