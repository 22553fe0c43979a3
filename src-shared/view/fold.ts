/**
 * Events in, view out: the one place where the state of a mesh is made. Host, console, recordings
 * and tests all run this. An event about a node that the mesh does not have changes nothing.
 */
import type { MeshEvent, MeshEventOf, MeshEventType } from "../contract/events.ts";
import { agreementHandlers } from "./agreement.ts";
import { beliefHandlers } from "./beliefs.ts";
import { faultHandlers } from "./faults.ts";
import type { Handler } from "./handler.ts";
import { linkHandlers } from "./links.ts";
import type { MeshView } from "./model.ts";
import { nodeHandlers } from "./nodes.ts";
import { trackRecovery } from "./recovery.ts";
import { reportHandlers } from "./reports.ts";
import { rumourHandlers } from "./rumours.ts";
import { recordOnTimeline } from "./timeline.ts";

/** `null`: kept on the timeline alone. A type that is missing here does not compile. */
const HANDLERS: { readonly [T in MeshEventType]: Handler<T> | null } = {
  ...reportHandlers,
  ...nodeHandlers,
  ...beliefHandlers,
  ...linkHandlers,
  ...rumourHandlers,
  ...faultHandlers,
  ...agreementHandlers,
  "member.observed": null,
  "member.joined": null,
  "member.joinFailed": null,
  "probe.missed": null,
  "route.traced": null,
  "write.refused": null,
  "message.rejected": null,
  "user.event": null,
  "command.executed": null,
  "disk.damaged": null,
  "message.meddled": null,
};

/**
 * Folds one event into the view, in place. The caller hands in each event once, in order of `seq`.
 * O(1), save for the start, stop and removal of a node (O(links)) and metrics (O(nodes sampled)).
 */
export function fold(view: MeshView, event: MeshEvent): void {
  view.seq = Math.max(view.seq, event.seq);
  view.at = Math.max(view.at, event.at);
  apply(view, event);
  recordOnTimeline(view, event);
  trackRecovery(view, event);
}

function apply<T extends MeshEventType>(view: MeshView, event: MeshEventOf<T>): void {
  const handler = HANDLERS[event.type];
  handler?.(view, event);
}

export function foldAll(view: MeshView, events: Iterable<MeshEvent>): void {
  for (const event of events) fold(view, event);
}
