/** The overlay: each link has two ends that speak for themselves. */
import type { MeshEventOf } from "../contract/events.ts";
import type { Handlers } from "./handler.ts";
import { type LinkView, linkKey, type MeshView } from "./model.ts";
import { patchNode } from "./store.ts";

function emptyLink(a: string, b: string, at: number): LinkView {
  const [low, high] = a < b ? [a, b] : [b, a];
  const ends = { key: linkKey(a, b), a: low, b: high, aUp: false, bUp: false };
  return { ...ends, reason: "", rttMs: undefined, since: at };
}

function holds(link: LinkView, node: string): boolean {
  return link.a === node ? link.aUp : link.bUp;
}

function putLink(view: MeshView, link: LinkView): void {
  if (link.aUp || link.bUp) view.links.set(link.key, link);
  else view.links.delete(link.key);
}

/** Sets one end; the node's degree follows when that changed anything. */
function setEnd(view: MeshView, link: LinkView, node: string, up: boolean): void {
  putLink(view, link.a === node ? { ...link, aUp: up } : { ...link, bUp: up });
  if (holds(link, node) === up) return;
  const degree = view.nodes.get(node)?.degree ?? 0;
  patchNode(view, node, { degree: degree + (up ? 1 : -1) });
}

function raised(view: MeshView, event: MeshEventOf<"link.up">): void {
  const { node, peer, reason, at } = event;
  if (node === peer || !view.nodes.has(node) || !view.nodes.has(peer)) return;
  const link = view.links.get(linkKey(node, peer)) ?? emptyLink(node, peer, at);
  setEnd(view, { ...link, reason, since: at }, node, true);
}

function lowered(view: MeshView, event: MeshEventOf<"link.down">): void {
  const link = view.links.get(linkKey(event.node, event.peer));
  if (link === undefined) return;
  setEnd(view, { ...link, reason: event.reason, since: event.at }, event.node, false);
}

function measured(view: MeshView, event: MeshEventOf<"link.latency">): void {
  const link = view.links.get(linkKey(event.node, event.peer));
  if (link !== undefined) view.links.set(link.key, { ...link, rttMs: event.rttMs });
}

/** A process that ended holds no link. O(links). */
export function takeDownEndsOf(view: MeshView, node: string, at: number): void {
  for (const link of view.links.values()) {
    if (link.a !== node && link.b !== node) continue;
    if (holds(link, node)) setEnd(view, { ...link, reason: "stopped", since: at }, node, false);
  }
}

/** O(links). */
export function dropLinksOf(view: MeshView, node: string): void {
  for (const link of view.links.values()) {
    if (link.a !== node && link.b !== node) continue;
    if (link.aUp) setEnd(view, link, link.a, false);
    if (link.bUp) setEnd(view, { ...link, aUp: false }, link.b, false);
    view.links.delete(link.key);
  }
}

export const linkHandlers: Handlers<"link.up" | "link.down" | "link.latency"> = {
  "link.up": raised,
  "link.down": lowered,
  "link.latency": measured,
};
