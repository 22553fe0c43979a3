/** Changes of the replicated memory, in the words of the console's event stream. */
import type { MeshEventBody } from "#shared/contract/events.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { StrongChange } from "#main/protocols/memory/strong-store.ts";

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
