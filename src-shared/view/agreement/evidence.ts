/** Proof of broken protocol, and messages that were dropped for what they were. */
import type { MeshEventOf } from "../../contract/events.ts";
import { MAX_EVIDENCE, MAX_REJECTIONS } from "../agreement-model.ts";
import type { Handlers } from "../handler.ts";
import type { MeshView } from "../model.ts";

const MAX_HOLDERS = 64;

function proven(view: MeshView, event: MeshEventOf<"consensus.evidence">): void {
  const { node, accused, fault, term, index, text, at } = event;
  if (!view.nodes.has(node)) return;
  const { evidence } = view.agreement;
  const key = `${accused}~${term}~${index}~${fault}`;
  const known = evidence.get(key);
  if (known === undefined && evidence.size >= MAX_EVIDENCE) {
    view.agreement.evidenceDropped += 1;
    return;
  }
  const holders = known?.holders ?? [];
  if (holders.includes(node) || holders.length >= MAX_HOLDERS) return;
  const found = known ?? { accused, fault, term, index, text, at };
  evidence.set(key, { ...found, holders: [...holders, node] });
}

function rejected(view: MeshView, event: MeshEventOf<"consensus.rejected">): void {
  const { node, from, reason, count, at } = event;
  if (!view.nodes.has(node)) return;
  const rows = view.agreement.rejected;
  const key = `${node}~${from}~${reason}`;
  const known = rows.get(key);
  if (known === undefined && rows.size >= MAX_REJECTIONS) {
    view.agreement.rejectedDropped += count;
    return;
  }
  rows.set(key, { node, from, reason, count: (known?.count ?? 0) + count, at });
}

export const evidenceHandlers: Handlers<"consensus.evidence" | "consensus.rejected"> = {
  "consensus.evidence": proven,
  "consensus.rejected": rejected,
};
