/** Who holds whom for what, and the counters of it on each member. */
import type { MeshEventOf } from "../contract/events.ts";
import type { Handlers } from "./handler.ts";
import type { Belief, MeshView, NodeView } from "./model.ts";
import { patchNode, putNode } from "./store.ts";
import { EMPTY_TALLY, isDoubt, tallyOf } from "./tally.ts";

function recordBelief(view: MeshView, event: MeshEventOf<"member.state">): void {
  const { member, node: observer, state, incarnation, reason, at } = event;
  const known = view.beliefs.get(member);
  if (state === "alive") {
    known?.delete(observer);
    if (known?.size === 0) view.beliefs.delete(member);
    return;
  }
  const belief: Belief = { state, incarnation, reason, since: at };
  if (known === undefined) view.beliefs.set(member, new Map([[observer, belief]]));
  else known.set(observer, belief);
}

function judged(view: MeshView, event: MeshEventOf<"member.state">): void {
  const member = view.nodes.get(event.member);
  const observer = view.nodes.get(event.node);
  if (member === undefined || observer === undefined) return;
  const before = view.beliefs.get(event.member)?.get(event.node)?.state ?? "alive";
  recordBelief(view, event);
  const tally = tallyOf(member, before, event.state, isCutOff(observer));
  putNode(view, { ...member, ...tally, judged: true, changedAt: event.at });
  raiseIncarnation(view, event.member, event.incarnation);
}

/** A higher incarnation has no certificate yet; a lower one is old news. */
export function raiseIncarnation(
  view: MeshView,
  id: string,
  incarnation: number | undefined,
): void {
  const node = view.nodes.get(id);
  if (node === undefined || incarnation === undefined) return;
  if (incarnation <= (node.incarnation ?? -1)) return;
  putNode(view, { ...node, incarnation, confirmed: undefined });
}

function confirmed(view: MeshView, event: MeshEventOf<"member.confirmed">): void {
  raiseIncarnation(view, event.member, event.incarnation);
  const member = view.nodes.get(event.member);
  if (member === undefined || member.incarnation !== event.incarnation) return;
  const { observers, needed, of } = event;
  putNode(view, { ...member, confirmed: { observers, needed, of }, changedAt: event.at });
}

/** Forgets what a node thinks of others: it stopped thinking. O(members with a verdict). */
export function dropBeliefsBy(view: MeshView, observer: string): void {
  const cutOff = isCutOff(view.nodes.get(observer));
  for (const [id, observers] of view.beliefs) {
    const belief = observers.get(observer);
    if (belief === undefined) continue;
    observers.delete(observer);
    if (observers.size === 0) view.beliefs.delete(id);
    const member = view.nodes.get(id);
    if (member !== undefined)
      putNode(view, { ...member, ...tallyOf(member, belief.state, "alive", cutOff) });
  }
}

export function dropBeliefsAbout(view: MeshView, id: string): void {
  view.beliefs.delete(id);
  patchNode(view, id, EMPTY_TALLY);
}

/** What an observer's doubts count for changed with its mode. O(members with a verdict). */
export function discountDoubtsBy(view: MeshView, observer: string, change: 1 | -1): void {
  for (const [id, observers] of view.beliefs) {
    const belief = observers.get(observer);
    const member = view.nodes.get(id);
    if (belief === undefined || member === undefined || !isDoubt(belief.state)) continue;
    putNode(view, { ...member, cutOffDoubts: member.cutOffDoubts + change });
  }
}

export function isCutOff(node: NodeView | undefined): boolean {
  return node?.mode === "read-only";
}

export const beliefHandlers: Handlers<"member.state" | "member.confirmed"> = {
  "member.state": judged,
  "member.confirmed": confirmed,
};
