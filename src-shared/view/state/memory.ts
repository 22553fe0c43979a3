/** What each node holds under each key of the mesh's memory. */
import type { MeshEventOf } from "../../contract/events.ts";
import type { MemoryMode } from "../../contract/state-events.ts";
import type { Handlers } from "../handler.ts";
import type { MeshView } from "../model.ts";
import {
  holdingWeight,
  MAX_MEMORY_WEIGHT,
  MAX_NAMESPACES,
  type MemoryHolding,
  type NamespaceView,
} from "../state-model.ts";

type Keys = Map<string, Map<string, MemoryHolding>>;

function spaceOf(
  view: MeshView,
  name: string,
  mode: MemoryMode | undefined,
): NamespaceView | undefined {
  const { namespaces } = view.memory;
  const known = namespaces.get(name);
  if (known === undefined && namespaces.size >= MAX_NAMESPACES) return undefined;
  if (known !== undefined && (mode === undefined || known.mode === mode)) return known;
  const next = { name, mode, keys: known?.keys ?? new Map() };
  namespaces.set(name, next);
  return next;
}

function changed(view: MeshView, event: MeshEventOf<"memory.changed">): void {
  const { node, key, values, version, expiresAt, cause, at } = event;
  if (!view.nodes.has(node)) return;
  const space = spaceOf(view, event.namespace, undefined);
  if (space === undefined) {
    view.memory.dropped += 1;
    return;
  }
  const keys = space.keys as Keys;
  const holders = keys.get(key) ?? new Map<string, MemoryHolding>();
  keys.set(key, holders);
  const before = holders.get(node);
  if (before !== undefined) view.memory.weight -= holdingWeight(before);
  const holding = { values, version, expiresAt, cause, at };
  holders.set(node, holding);
  view.memory.weight += holdingWeight(holding);
  forgetOldest(view);
}

/** Whole keys go, those first that were first written, and never the last one. */
function forgetOldest(view: MeshView): void {
  for (const space of view.memory.namespaces.values()) {
    for (const [key, holders] of space.keys) {
      if (view.memory.weight <= MAX_MEMORY_WEIGHT) return;
      for (const holding of holders.values()) view.memory.weight -= holdingWeight(holding);
      view.memory.dropped += holders.size;
      (space.keys as Keys).delete(key);
    }
  }
}

/** O(keys): the node lost its disk or left. */
export function dropHoldingsOf(view: MeshView, node: string): void {
  for (const space of view.memory.namespaces.values()) {
    for (const [key, holders] of space.keys as Keys) {
      const holding = holders.get(node);
      if (holding === undefined) continue;
      view.memory.weight -= holdingWeight(holding);
      holders.delete(node);
      if (holders.size === 0) (space.keys as Keys).delete(key);
    }
  }
}

export const memoryHandlers: Handlers<"memory.namespace" | "memory.changed" | "memory.exchange"> = {
  "memory.namespace": (view, { node, namespace, mode }) => {
    if (view.nodes.has(node)) spaceOf(view, namespace, mode);
  },
  "memory.changed": changed,
  "memory.exchange": (view, { node, differing, hashes, bytes, at }) => {
    if (!view.nodes.has(node)) return;
    const { exchanges } = view.memory;
    view.memory.exchanges = {
      count: exchanges.count + 1,
      differing: exchanges.differing + differing,
      hashes: exchanges.hashes + hashes,
      bytes: exchanges.bytes + bytes,
      lastAt: at,
    };
  },
};
