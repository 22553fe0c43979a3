/** The newest entries of each member's log, and its snapshots. */
import type { LogEntry } from "../../contract/agreement-events.ts";
import type { MeshEventOf } from "../../contract/events.ts";
import { type LogTail, MAX_LOG_TAIL } from "../agreement-model.ts";
import type { Handlers } from "../handler.ts";
import type { MeshView } from "../model.ts";
import { patchMember } from "./members.ts";
import { markAppended } from "./rounds.ts";

/** O(entries); each one pushes at most one out of the window. */
function appended(view: MeshView, event: MeshEventOf<"consensus.appended">): void {
  const { node, entries, at } = event;
  if (!view.nodes.has(node)) return;
  const { logs, members } = view.agreement;
  const tail = logs.get(node) ?? { entries: new Map<number, LogEntry>(), low: 1, high: 0 };
  logs.set(node, tail);
  for (const entry of entries) {
    put(tail, entry);
    markAppended(view, node, entry, at);
  }
  const known = members.get(node);
  const last = entries.reduce((top, entry) => Math.max(top, entry.index), known?.last ?? 0);
  patchMember(view, node, { last, first: known?.first ?? entries[0]?.index });
}

function put(tail: LogTail, entry: LogEntry): void {
  const { index } = entry;
  if (tail.entries.size === 0) Object.assign(tail, { low: index, high: index });
  if (index <= tail.high - MAX_LOG_TAIL) return;
  if (index > tail.high) {
    const floor = index - MAX_LOG_TAIL + 1;
    if (floor > tail.high) tail.entries.clear();
    else for (let gone = tail.low; gone < floor; gone += 1) tail.entries.delete(gone);
    tail.high = index;
    tail.low = tail.entries.size === 0 ? index : Math.max(tail.low, floor);
  }
  tail.low = Math.min(tail.low, index);
  tail.entries.set(index, entry);
}

/** O(window). */
function truncated(view: MeshView, event: MeshEventOf<"consensus.truncated">): void {
  const { node, from, to } = event;
  if (!view.nodes.has(node)) return;
  patchMember(view, node, { last: Math.max(0, from - 1) });
  const tail = view.agreement.logs.get(node);
  if (tail === undefined) return;
  for (let index = Math.max(from, tail.low); index <= Math.min(to, tail.high); index += 1) {
    tail.entries.delete(index);
  }
  if (to < tail.high || from > tail.high) return;
  tail.high = Math.max(0, from - 1);
  tail.low = Math.min(tail.low, tail.high + 1);
}

function snapshot(view: MeshView, event: MeshEventOf<"consensus.snapshot">): void {
  const { node, how, at, index, term, digest, bytes } = event;
  if (!view.nodes.has(node) || how === "sent") return;
  patchMember(view, node, { snapshot: { how, at, index, term, digest, bytes }, first: index + 1 });
  if (how === "taken") return;
  const last = Math.max(index, view.agreement.members.get(node)?.last ?? 0);
  patchMember(view, node, { last, applied: index, state: undefined });
}

export const logHandlers: Handlers<
  "consensus.appended" | "consensus.truncated" | "consensus.snapshot"
> = {
  "consensus.appended": appended,
  "consensus.truncated": truncated,
  "consensus.snapshot": snapshot,
};
