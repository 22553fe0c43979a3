/** What each member says of itself: role, term, vote, and how far its log is. */
import type { MeshEventOf } from "../../contract/events.ts";
import { type ConsensusMember, emptyMember } from "../agreement-model.ts";
import type { Handlers } from "../handler.ts";
import type { MeshView } from "../model.ts";
import { closeElections, openByRole, recordAnswer } from "./elections.ts";

export function patchMember(view: MeshView, node: string, patch: Partial<ConsensusMember>): void {
  const { members } = view.agreement;
  members.set(node, { ...(members.get(node) ?? emptyMember(node)), ...patch });
}

function roleChanged(view: MeshView, event: MeshEventOf<"consensus.role">): void {
  const { node, role, term, leader, reason, at } = event;
  if (!view.nodes.has(node)) return;
  patchMember(view, node, { role, term, leader, reason, since: at });
  // Who stands for election has spent the vote of that term on itself.
  if (role === "candidate") patchMember(view, node, { votedFor: { term, candidate: node } });
  openByRole(view, event);
  if (role === "leader" || role === "primary") takeLead(view, event);
  else loseLead(view, node, at);
}

function takeLead(view: MeshView, event: MeshEventOf<"consensus.role">): void {
  const { node, term, at } = event;
  closeElections(view, event);
  const { lead } = view.agreement;
  if (lead !== undefined && lead.term > term) return;
  const same = lead?.node === node && lead.term === term && lead.lostAt === undefined;
  if (!same) view.agreement.lead = { node, term, since: at, lostAt: undefined };
}

/** The last leader stopped, paused or stepped down. Being cut off shows only in the others. */
export function loseLead(view: MeshView, node: string, at: number): void {
  const { lead } = view.agreement;
  if (lead?.node !== node || lead.lostAt !== undefined) return;
  view.agreement.lead = { ...lead, lostAt: at };
}

/** A paused leader goes on, and nobody was elected meanwhile. */
export function regainLead(view: MeshView, node: string): void {
  const { lead, members } = view.agreement;
  const role = members.get(node)?.role;
  if (lead?.node !== node || (role !== "leader" && role !== "primary")) return;
  view.agreement.lead = { ...lead, lostAt: undefined };
}

function voted(view: MeshView, event: MeshEventOf<"consensus.vote">): void {
  if (!view.nodes.has(event.node)) return;
  recordAnswer(view, event);
  if (event.phase === "vote" && event.granted) {
    const { term, candidate } = event;
    patchMember(view, event.node, { votedFor: { term, candidate } });
  }
}

/** What a process was and knew ends with it; what it wrote down stays. */
export function endMember(view: MeshView, node: string, at: number): void {
  loseLead(view, node, at);
  const known = view.agreement.members.get(node);
  if (known === undefined) return;
  const { term, votedFor, first, last, snapshot } = known;
  const kept = { term, votedFor, first, last, snapshot };
  view.agreement.members.set(node, { ...emptyMember(node), ...kept, since: at });
}

/** A new disk has no log and no vote. What a new process told before its start was told stays. */
export function beginMember(view: MeshView, node: string, disk: Disk): void {
  const { members, logs } = view.agreement;
  if (disk === "kept" || members.get(node)?.role !== undefined) return;
  members.delete(node);
  logs.delete(node);
}

type Disk = MeshEventOf<"node.started">["disk"];

export const memberHandlers: Handlers<"consensus.role" | "consensus.vote"> = {
  "consensus.role": roleChanged,
  "consensus.vote": voted,
};
