/** Gossip's events in the words of the console's event stream. */
import type { ErrorCode } from "#shared/contract/errors.ts";
import type { MeshEventBody } from "#shared/contract/events.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { rumourKey } from "#main/protocols/gossip/rumour-id.ts";
import type { GossipEvent, PublishRefusal, Rumour } from "#main/protocols/gossip/types.ts";
import { logLine } from "./log.ts";

const decoder = new TextDecoder();

export function gossipEvents(self: NodeId, event: GossipEvent): readonly MeshEventBody[] {
  switch (event.kind) {
    case "published":
      return publishedEvents(self, event.rumour);
    case "refused": {
      const message = refusalMessage(self, event.code);
      return [
        { type: "write.refused", node: self, code: event.code, message },
        logLine(self, "warn", "gossip", `publication refused: ${message}`),
      ];
    }
    case "received": {
      const rumour = rumourKey(event.rumour.id);
      const { from, via, hops } = event;
      return [
        { type: "rumour.received", node: self, rumour, from, via, hops },
        logLine(self, "debug", "gossip", `rumour ${rumour} came from ${from} by ${via}`),
      ];
    }
    case "cooled":
      return [{ type: "rumour.cooled", node: self, rumour: rumourKey(event.id) }];
    case "round":
      return [];
  }
}

function publishedEvents(self: NodeId, rumour: Rumour): readonly MeshEventBody[] {
  const id = rumourKey(rumour.id);
  return [
    {
      type: "rumour.published",
      node: self,
      rumour: id,
      topic: rumour.topic,
      payload: decoder.decode(rumour.payload),
      bytes: rumour.payload.length,
      urgent: rumour.urgent,
    },
    logLine(self, "info", "gossip", `published rumour ${id} on ${rumour.topic}`),
  ];
}

/** One sentence that a person can act on, for each way a publication is refused. */
export function refusalMessage(self: NodeId, code: PublishRefusal): string {
  switch (code) {
    case "read-only":
      return `${self} is read-only: it cannot reach a majority of the mesh; write on the other side or heal the partition`;
    case "too-large":
      return "the payload is larger than a rumour may be";
    case "bad-topic":
      return "a topic is 1 to 128 bytes of text";
    case "not-running":
      return `${self} has not finished starting; try again in a moment`;
  }
}

/** The code of the contract's list that an answer carries. */
export function refusalCode(code: PublishRefusal): ErrorCode {
  switch (code) {
    case "read-only":
    case "too-large":
    case "not-running":
      return code;
    case "bad-topic":
      return "bad-command";
  }
}
