/** How far each rumour got. */
import type { MeshEventOf } from "../contract/events.ts";
import type { Handlers } from "./handler.ts";
import {
  MAX_ARRIVALS,
  MAX_RUMOURS,
  type MeshView,
  type RumourArrival,
  type RumourView,
} from "./model.ts";
import { addArrivals } from "./store.ts";

function published(view: MeshView, event: MeshEventOf<"rumour.published">): void {
  const { rumour, node, topic, payload, bytes, urgent, at } = event;
  if (view.rumours.has(rumour) || !view.nodes.has(node)) return;
  const origin: RumourArrival = { at, from: undefined, via: "origin", hops: 0 };
  const next: RumourView = {
    id: rumour,
    origin: node,
    topic,
    payload,
    bytes,
    urgent,
    publishedAt: at,
    reached: new Map([[node, origin]]),
    cooled: 0,
    messages: 0,
    trafficBytes: 0,
    convergedAt: undefined,
  };
  view.rumours.set(rumour, next);
  addArrivals(view, 1);
  settle(view, next, at);
  forgetOldest(view);
}

/** Never the newest, which is the one being watched. */
function forgetOldest(view: MeshView): void {
  for (const [id, rumour] of view.rumours) {
    const full = view.rumours.size > MAX_RUMOURS || view.counts.arrivals > MAX_ARRIVALS;
    if (!full || view.rumours.size === 1) return;
    view.rumours.delete(id);
    addArrivals(view, -rumour.reached.size);
  }
}

function received(view: MeshView, event: MeshEventOf<"rumour.received">): void {
  const rumour = view.rumours.get(event.rumour);
  if (rumour === undefined || !view.nodes.has(event.node)) return;
  if (rumour.reached.has(event.node)) return;
  const { at, from, via, hops } = event;
  // A container of the view, and the fold is its one writer; the entity around it is replaced.
  (rumour.reached as Map<string, RumourArrival>).set(event.node, { at, from, via, hops });
  const next = { ...rumour };
  view.rumours.set(rumour.id, next);
  addArrivals(view, 1);
  settle(view, next, at);
  forgetOldest(view);
}

function settle(view: MeshView, rumour: RumourView, at: number): void {
  if (rumour.convergedAt !== undefined || !reachedAll(view, rumour)) return;
  view.rumours.set(rumour.id, { ...rumour, convergedAt: at });
}

/** O(1) while too few have it, which is nearly always; O(nodes) otherwise. */
function reachedAll(view: MeshView, rumour: RumourView): boolean {
  if (view.counts.running === 0 || rumour.reached.size < view.counts.running) return false;
  for (const node of view.nodes.values()) {
    if (node.process === "running" && !rumour.reached.has(node.id)) return false;
  }
  return true;
}

/** The set of running nodes shrank: what was missing at the gone node alone is complete now. */
export function settleRumours(view: MeshView, at: number): void {
  for (const rumour of view.rumours.values()) settle(view, rumour, at);
}

export const rumourHandlers: Handlers<
  "rumour.published" | "rumour.received" | "rumour.cooled" | "rumour.traffic"
> = {
  "rumour.published": published,
  "rumour.received": received,
  "rumour.cooled": (view, event) => {
    const rumour = view.rumours.get(event.rumour);
    if (rumour === undefined) return;
    view.rumours.set(rumour.id, { ...rumour, cooled: rumour.cooled + 1 });
  },
  "rumour.traffic": (view, event) => {
    const rumour = view.rumours.get(event.rumour);
    if (rumour === undefined) return;
    const messages = rumour.messages + event.messages;
    const trafficBytes = rumour.trafficBytes + event.bytes;
    view.rumours.set(rumour.id, { ...rumour, messages, trafficBytes });
  },
};
