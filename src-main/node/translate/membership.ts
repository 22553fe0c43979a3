/** Membership's and the detectors' events in the words of the console's event stream. */
import type { MeshEventBody } from "#shared/contract/events.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { MembershipEvent } from "#main/protocols/membership/types.ts";
import type { DetectorEvent } from "../detector.ts";
import { type LogLevel, logLine } from "./log.ts";

type EventOf<K extends MembershipEvent["kind"]> = Extract<MembershipEvent, { kind: K }>;

/** Empty for events that only concern the node itself. */
export function membershipEvents(self: NodeId, event: MembershipEvent): readonly MeshEventBody[] {
  switch (event.kind) {
    case "state":
      return stateEvents(self, event);
    case "refuted":
      return refutedEvents(self, event);
    case "observed":
      return [observedEvent(self, event)];
    case "confirmed":
      return confirmedEvents(self, event);
    case "joined":
    case "join-failed":
    case "join-refused":
      return joinEvents(self, event);
    case "leaving":
      return [
        { type: "member.leaving", node: self },
        logLine(self, "info", "membership", "leaving the mesh"),
      ];
    case "agreed":
      return [
        logLine(
          self,
          "info",
          "membership",
          `${event.member} counts from now on: ${event.of} in all`,
        ),
      ];
    case "forget-refused":
      return [
        logLine(self, "warn", "membership", `will not forget ${event.member}: ${event.reason}`),
      ];
    case "removed":
      return [logLine(self, "info", "membership", `${event.member} is no longer listed`)];
    case "incarnation":
    case "metadata":
    case "left":
      return [];
  }
}

export function detectorEvents(self: NodeId, event: DetectorEvent): readonly MeshEventBody[] {
  switch (event.kind) {
    case "suspect":
      return [
        { type: "probe.missed", node: self, member: event.member, relays: [...event.relays] },
      ];
    case "health":
      return [{ type: "health.local", node: self, score: event.score }];
    case "answered":
      return [];
  }
}

const STATE_LEVELS: Readonly<Record<EventOf<"state">["state"], LogLevel>> = {
  alive: "info",
  suspect: "warn",
  unreachable: "warn",
  dead: "error",
  left: "info",
};

function stateEvents(self: NodeId, event: EventOf<"state">): readonly MeshEventBody[] {
  const { member, state, incarnation, reason } = event;
  const told = event.by === null ? "" : ` from ${event.by}`;
  const text = `${member} is ${state} (${reason}${told}, incarnation ${incarnation})`;
  return [
    {
      type: "member.state",
      node: self,
      member,
      state,
      ...(event.previous === null ? {} : { previous: event.previous }),
      incarnation,
      reason,
      ...(event.by === null ? {} : { by: event.by }),
    },
    logLine(self, STATE_LEVELS[state], "membership", text),
  ];
}

function refutedEvents(self: NodeId, event: EventOf<"refuted">): readonly MeshEventBody[] {
  const { incarnation, accusedBy } = event;
  const accuser = accusedBy === null ? "" : ` of ${accusedBy}`;
  return [
    {
      type: "member.refuted",
      node: self,
      incarnation,
      ...(accusedBy === null ? {} : { accusedBy }),
    },
    logLine(
      self,
      "warn",
      "membership",
      `refuting the suspicion${accuser} with incarnation ${incarnation}`,
    ),
  ];
}

function observedEvent(self: NodeId, event: EventOf<"observed">): MeshEventBody {
  const { member, incarnation, observers, needed, of } = event;
  return { type: "member.observed", node: self, member, incarnation, observers, needed, of };
}

function confirmedEvents(self: NodeId, event: EventOf<"confirmed">): readonly MeshEventBody[] {
  const { member, incarnation, observers, needed, of } = event;
  const text = `${member} failed: confirmed by ${observers.length} of ${of}, ${needed} needed`;
  return [
    {
      type: "member.confirmed",
      node: self,
      member,
      incarnation,
      observers: [...observers],
      needed,
      of,
    },
    logLine(self, "error", "membership", text),
  ];
}

function joinEvents(
  self: NodeId,
  event: EventOf<"joined"> | EventOf<"join-failed"> | EventOf<"join-refused">,
): readonly MeshEventBody[] {
  switch (event.kind) {
    case "joined":
      return [
        { type: "member.joined", node: self, via: event.via, members: event.members },
        logLine(
          self,
          "info",
          "membership",
          `joined through ${event.via}: ${event.members} members`,
        ),
      ];
    case "join-failed":
      return [
        {
          type: "member.joinFailed",
          node: self,
          seeds: [...event.seeds],
          reason: event.reason,
        },
        logLine(self, "warn", "membership", `join attempt ${event.attempt}: ${event.reason}`),
      ];
    case "join-refused":
      return [logLine(self, "warn", "membership", `refused ${event.member}: ${event.reason}`)];
  }
}
