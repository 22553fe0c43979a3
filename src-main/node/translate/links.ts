/** The overlay's events in the words of the console's event stream. */
import type { MeshEventBody } from "#shared/contract/events.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { MICROS_PER_MS } from "#main/kernel/time.ts";
import type { LinksEvent } from "#main/protocols/links/types.ts";
import { logLine } from "./log.ts";

export function linksEvents(self: NodeId, event: LinksEvent): readonly MeshEventBody[] {
  switch (event.kind) {
    case "link-up":
      return [
        { type: "link.up", node: self, peer: event.peer, reason: event.reason },
        logLine(self, "info", "links", `link to ${event.peer} up (${event.reason})`),
      ];
    case "link-down":
      return [
        { type: "link.down", node: self, peer: event.peer, reason: event.reason },
        logLine(self, "info", "links", `link to ${event.peer} down (${event.reason})`),
      ];
    case "latency":
      return [
        {
          type: "link.latency",
          node: self,
          peer: event.peer,
          rttMs: event.roundTripUs / MICROS_PER_MS,
        },
      ];
    case "silent":
      return [
        logLine(self, "warn", "links", `${event.peer} left ${event.misses} pings unanswered`),
      ];
    case "degree-low":
      return [
        logLine(
          self,
          "warn",
          "links",
          `${event.degree} neighbours, ${event.wanted} wanted, and nobody left to ask`,
        ),
      ];
    case "disjoint":
      return [{ type: "links.disjoint", node: self, held: event.held, weak: [...event.weak] }];
    case "traced":
      return [tracedEvent(self, event)];
  }
}

function tracedEvent(self: NodeId, event: Extract<LinksEvent, { kind: "traced" }>): MeshEventBody {
  const path = [...event.path];
  const base = { type: "route.traced", node: self, to: event.to, path, ok: event.ok } as const;
  return event.ok ? base : { ...base, reason: event.reason };
}
