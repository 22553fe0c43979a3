/** What an agreement machine tells, in the words of the console's event stream. */
import type { ConsensusKind } from "#shared/contract/agreement-events.ts";
import type { MeshEventBody } from "#shared/contract/events.ts";
import type { ConsensusEvent } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { logLine } from "./log.ts";

type Told = Exclude<ConsensusEvent, { kind: "answered" | "rejected" }>;

export function consensusEvents(
  node: NodeId,
  protocol: ConsensusKind,
  event: Told,
): readonly MeshEventBody[] {
  const body = bodyOf(node, protocol, event);
  const line = lineOf(event);
  return line === null ? [body] : [body, logLine(node, line.level, protocol, line.text)];
}

function bodyOf(node: NodeId, protocol: ConsensusKind, event: Told): MeshEventBody {
  switch (event.kind) {
    case "role": {
      const { role, term, leader, reason } = event;
      const known = leader === null ? {} : { leader };
      return { type: "consensus.role", node, role, term, ...known, reason };
    }
    case "vote": {
      const { kind: _, ...vote } = event;
      return { type: "consensus.vote", node, ...vote };
    }
    case "tally": {
      const { kind: _, ...tally } = event;
      return { type: "consensus.tally", node, ...tally };
    }
    case "appended":
      return { type: "consensus.appended", node, entries: [...event.entries] };
    case "truncated":
      return { type: "consensus.truncated", node, from: event.from, to: event.to };
    case "round": {
      const { kind: _, ...round } = event;
      return { type: "consensus.round", node, ...round };
    }
    case "counted": {
      const { kind: _, ...counted } = event;
      return { type: "consensus.counted", node, ...counted };
    }
    case "committed":
      return { type: "consensus.committed", node, term: event.term, index: event.index };
    case "applied": {
      const { kind: _, ...applied } = event;
      return { type: "consensus.applied", node, ...applied };
    }
    case "snapshot": {
      const { kind: _, ...snapshot } = event;
      return { type: "consensus.snapshot", node, ...snapshot };
    }
    case "config": {
      const { kind: _, voters, outgoing, learners, ...config } = event;
      const members = { voters: [...voters], outgoing: [...outgoing], learners: [...learners] };
      return { type: "consensus.config", node, protocol, ...members, ...config };
    }
    case "evidence": {
      const { kind: _, ...evidence } = event;
      return { type: "consensus.evidence", node, ...evidence };
    }
  }
}

interface Line {
  readonly level: "debug" | "info" | "warn";
  readonly text: string;
}

/** The high-rate facts have no line: they are events, and that is enough. */
function lineOf(event: Told): Line | null {
  switch (event.kind) {
    case "role": {
      const leader = event.leader === null ? "nobody leads" : `${event.leader} leads`;
      const text = `${event.role} in ${event.term}: ${event.reason}; ${leader}`;
      return { level: "info", text };
    }
    case "vote": {
      const verdict = event.granted ? "granted" : "refused";
      const text = `${event.phase} for ${event.candidate} in ${event.term} ${verdict}: ${event.reason}`;
      return { level: "info", text };
    }
    case "truncated":
      return { level: "warn", text: `dropped entries ${event.from} to ${event.to}: in conflict` };
    case "snapshot":
      return { level: "info", text: `snapshot ${event.how} at ${event.index}` };
    case "evidence":
      return { level: "warn", text: `${event.accused} broke the protocol: ${event.text}` };
    default:
      return null;
  }
}
