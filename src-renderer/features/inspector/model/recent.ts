import type { MeshEvent } from "#shared/contract/events.ts";

/** How far back a node's last words are looked for: a busy mesh must not make this a full search. */
const MAX_LOOKED_AT = 2_000;

/** The last `count` entries that hold, newest first. */
export function lastWhere<T>(
  entries: readonly T[],
  count: number,
  holds: (entry: T) => boolean,
): readonly T[] {
  const found: T[] = [];
  const oldest = Math.max(0, entries.length - MAX_LOOKED_AT);
  for (let i = entries.length - 1; i >= oldest && found.length < count; i -= 1) {
    const entry = entries[i];
    if (entry !== undefined && holds(entry)) found.push(entry);
  }
  return found;
}

/** Whether an event is about a node, or told by it. */
export function concerns(event: MeshEvent, node: string): boolean {
  if ("node" in event && event.node === node) return true;
  if ("member" in event && event.member === node) return true;
  return "peer" in event && event.peer === node;
}
