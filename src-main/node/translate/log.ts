import type { MeshEventBody } from "#shared/contract/events.ts";
import type { NodeId } from "#main/kernel/machine.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** A node's own log line; what it says is also an event, so that both can be read side by side. */
export function logLine(node: NodeId, level: LogLevel, topic: string, text: string): MeshEventBody {
  return { type: "log", node, level, topic, text };
}
