/** The replicated memory, in the words of the console's event stream. */
import type { MeshEventBody } from "#shared/contract/events.ts";
import type { MemoryEntry } from "#shared/contract/inspection.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { StrongChange, StrongEntry } from "#main/protocols/memory/strong-store.ts";
import type { Held, MemoryAnswer, MemoryEvent } from "#main/protocols/memory/types.ts";
import type { RequestAnswer } from "../requests.ts";
import { logLine } from "./log.ts";

/** Concurrent values of one key that an event or an answer carries. */
const MAX_VALUES = 64;

export function strongEvent(node: NodeId, change: StrongChange): MeshEventBody {
  const { namespace, key, entry, version, cause } = change;
  const expiresAt = entry?.expiresAt ?? null;
  return {
    type: "memory.changed",
    node,
    namespace,
    key,
    values: entry === null ? [] : [entry.value],
    version: String(version),
    ...(expiresAt === null ? {} : { expiresAt }),
    cause,
  };
}

export function memoryEvents(
  node: NodeId,
  event: Exclude<MemoryEvent, { kind: "answered" }>,
): readonly MeshEventBody[] {
  switch (event.kind) {
    case "namespace": {
      const { namespace, mode } = event;
      return [{ type: "memory.namespace", node, namespace, mode }];
    }
    case "changed": {
      const { namespace, key, values, version, expiresAt, cause } = event;
      const shown = values.slice(0, MAX_VALUES);
      const expiry = expiresAt === null ? {} : { expiresAt };
      const body = { node, namespace, key, values: shown, version, ...expiry, cause };
      return [{ type: "memory.changed", ...body }];
    }
    case "exchanged": {
      const { peer, namespace, differing, hashes, bytes } = event;
      const text = `compared ${namespace} with ${peer}: ${differing} keys differed`;
      return [
        { type: "memory.exchange", node, peer, differing, hashes, bytes },
        logLine(node, "debug", "memory", text),
      ];
    }
    case "dropped": {
      const text = `dropped ${event.count} updates or messages so far: ${event.reason}`;
      return [logLine(node, "warn", "memory", text)];
    }
  }
}

/** One value, or all of them where they are in conflict. */
export function memoryAnswer({ code, message, values = [] }: MemoryAnswer): RequestAnswer {
  const told = message === undefined ? { code } : { code, message };
  const [value] = values;
  if (values.length > 1) {
    return { ...told, siblings: values.slice(0, MAX_VALUES) };
  }
  return value === undefined ? told : { ...told, value };
}

export function strongEntry(
  entry: StrongEntry & { readonly namespace: string; readonly key: string },
): MemoryEntry {
  const { namespace, key, value, version, expiresAt } = entry;
  const expiry = expiresAt === null ? {} : { expiresAt };
  const mode = "strong";
  return { namespace, mode, key, values: [value], version: String(version), ...expiry };
}

export function eventualEntry({ values, expiresAt, ...held }: Held): MemoryEntry {
  const expiry = expiresAt === null ? {} : { expiresAt };
  return { ...held, values: values.slice(0, MAX_VALUES), ...expiry };
}
