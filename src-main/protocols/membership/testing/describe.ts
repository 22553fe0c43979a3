/** Messages and events as one line each, for transcripts that people review. */
import type { Votes } from "../confirmation.ts";
import type { MemberSnapshot, MembershipMessage, Update } from "../messages.ts";
import type { MembershipEvent } from "../types.ts";

export function describeMessage(message: MembershipMessage): string {
  switch (message.kind) {
    case "gossip":
      return `gossip ${message.updates.map(describeUpdate).join("; ")}`;
    case "join":
      return `join ${describeRow(message.member)}`;
    case "join-refused":
      return `join-refused ${message.reason}`;
    case "votes":
      return `votes? ${message.member} (${message.incarnation})`;
    case "sync":
      return `sync ${message.digest}`;
    case "state":
      return `state${message.wanted ? " (yours?)" : ""} ${message.members.map(describeRow).join("; ")}`;
  }
}

export function describeEvent(event: MembershipEvent): string {
  switch (event.kind) {
    case "state":
      return `${event.member} ${event.previous ?? "unknown"} => ${event.state} (${
        event.incarnation
      }) ${event.reason}${event.by === null ? "" : ` by ${event.by}`}`;
    case "observed":
      return `${event.member} (${event.incarnation}) observed by ${event.observers}, needs ${
        event.needed
      } of ${event.of}`;
    case "confirmed":
      return `${event.member} (${event.incarnation}) confirmed by ${event.observers.join(" ")}`;
    default: {
      const { kind, ...rest } = event;
      return `${kind} ${JSON.stringify(rest)}`;
    }
  }
}

function describeUpdate(update: Update): string {
  const subject = `${update.kind} ${update.member} (${update.incarnation})`;
  switch (update.kind) {
    case "suspect":
      return `${subject} by ${update.accuser}`;
    case "observed":
      return `${subject} by ${describeObservers(update)}`;
    case "left":
      return `${subject} at ${update.leaveTime}`;
    case "alive":
    case "forgotten":
      return subject;
  }
}

function describeRow(row: MemberSnapshot): string {
  const observers = row.observations.length === 0 ? "" : ` ${describeObservers(row)}`;
  return `${row.id} ${row.state} (${row.incarnation})${row.agreed ? "" : " not agreed"}${observers}`;
}

function describeObservers({ observations }: Votes): string {
  return observations.map(({ observer }) => observer).join(" ");
}
