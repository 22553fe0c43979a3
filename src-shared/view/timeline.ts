import type { MeshEvent, MeshEventType } from "../contract/events.ts";
import { appendBounded } from "./bounded.ts";
import { MAX_TIMELINE_ENTRIES, type MeshView } from "./model.ts";

const NOT_NOTEWORTHY: ReadonlySet<MeshEventType> = new Set<MeshEventType>([
  "log",
  "metrics.sampled",
  "link.latency",
  "rumour.traffic",
  "state.digest",
  "consensus.appended",
  "consensus.round",
  "consensus.counted",
  "consensus.tally",
  "consensus.committed",
  "consensus.applied",
  "consensus.rejected",
  "request.submitted",
  "memory.changed",
  "memory.exchange",
  "aggregate.estimate",
  "reputation.changed",
  "invariants.checked",
]);

/** Whether an event tells that something changed; the rest are logs and measurements. */
export function isNoteworthy(type: MeshEventType): boolean {
  return !NOT_NOTEWORTHY.has(type);
}

/** Of decisions only the first-hand word: with n nodes, a vote is heard of n times. */
function isHearsay(event: MeshEvent): boolean {
  if (event.type === "proposal.called") return event.node !== event.caller;
  return event.type === "proposal.voted" && event.node !== event.voter;
}

export function recordOnTimeline(view: MeshView, event: MeshEvent): void {
  if (!isNoteworthy(event.type) || isHearsay(event)) return;
  view.timeline.dropped += appendBounded(view.timeline.entries, event, MAX_TIMELINE_ENTRIES);
}
