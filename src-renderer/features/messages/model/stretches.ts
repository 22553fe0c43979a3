/** When a node was not there to take part: drawn as gaps in its line. */
import type { MeshEvent } from "#shared/contract/events.ts";
import type { NodeView } from "#shared/view/model.ts";

export interface Stretch {
  readonly from: number;
  /** Infinity: it lasts. */
  readonly to: number;
  readonly kind: "stopped" | "paused";
}

type Change = { readonly at: number; readonly before: State; readonly after: State };
type State = "running" | Stretch["kind"];

/**
 * Stretches per node, oldest first, from the events that are known. What was before the first
 * event of a node follows from that event; a node without events is what it is now.
 */
export function stretchesOf(
  events: readonly MeshEvent[],
  nodes: ReadonlyMap<string, Pick<NodeView, "process">>,
): ReadonlyMap<string, readonly Stretch[]> {
  const changes = new Map<string, Change[]>();
  for (const event of events) {
    const change = changeOf(event);
    if (change === undefined) continue;
    const known = changes.get(change.node);
    if (known === undefined) changes.set(change.node, [change]);
    else known.push(change);
  }
  const all = new Map<string, readonly Stretch[]>();
  for (const [node, list] of changes) all.set(node, stretchesOfNode(list));
  for (const [id, { process }] of nodes) {
    if (changes.has(id) || (process !== "stopped" && process !== "paused")) continue;
    all.set(id, [{ from: 0, to: Number.POSITIVE_INFINITY, kind: process }]);
  }
  return all;
}

function changeOf(event: MeshEvent): (Change & { readonly node: string }) | undefined {
  const { at } = event;
  switch (event.type) {
    case "node.started":
      return { node: event.node, at, before: "stopped", after: "running" };
    case "node.stopped":
      return { node: event.node, at, before: "running", after: "stopped" };
    case "node.paused":
      return { node: event.node, at, before: "running", after: "paused" };
    case "node.resumed":
      return { node: event.node, at, before: "paused", after: "running" };
    default:
      return undefined;
  }
}

function stretchesOfNode(changes: readonly Change[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let state: State = changes[0]?.before ?? "running";
  let since = 0;
  for (const { at, after } of changes) {
    if (state !== "running" && at > since) stretches.push({ from: since, to: at, kind: state });
    state = after;
    since = at;
  }
  if (state !== "running") {
    stretches.push({ from: since, to: Number.POSITIVE_INFINITY, kind: state });
  }
  return stretches;
}
