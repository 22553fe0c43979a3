/** Decisions, in the words of the console's event stream. */
import type { MeshEventBody } from "#shared/contract/events.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { proposalKey } from "#main/protocols/proposals/proposal-id.ts";
import type { ProposalsEvent } from "#main/protocols/proposals/types.ts";
import { logLine } from "./log.ts";

const BASIS_POINTS = 10_000;

export function proposalEvents(node: NodeId, event: ProposalsEvent): readonly MeshEventBody[] {
  switch (event.kind) {
    case "called": {
      const { id, title, text, thresholdBasisPoints, deadline, electorate } = event.proposal;
      return [
        {
          type: "proposal.called",
          node,
          proposal: proposalKey(id),
          caller: id.origin,
          title,
          text,
          threshold: thresholdBasisPoints / BASIS_POINTS,
          quorum: event.needed,
          of: electorate.length,
          deadline,
        },
      ];
    }
    case "voted": {
      const { id, voter, choice, reason } = event;
      return [{ type: "proposal.voted", node, proposal: proposalKey(id), voter, choice, reason }];
    }
    case "decided": {
      const { id, outcome, yes, no, abstain, of } = event;
      const proposal = proposalKey(id);
      return [
        { type: "proposal.decided", node, proposal, outcome, yes, no, abstain, of },
        logLine(node, "info", "proposals", `${proposal} is ${outcome}: ${yes} yes, ${no} no`),
      ];
    }
    case "evidence": {
      const { id, accused } = event;
      return [{ type: "proposal.evidence", node, proposal: proposalKey(id), accused }];
    }
    case "conflict": {
      const { id, decided, also } = event;
      const text = `${proposalKey(id)} is ${decided}, but a quorum also closed with ${also}`;
      return [logLine(node, "error", "proposals", text)];
    }
    case "abandoned": {
      const text = `${proposalKey(event.id)} was forgotten: ${event.silent.length} members are silent`;
      return [logLine(node, "warn", "proposals", text)];
    }
    case "dropped": {
      const text = `dropped ${event.items} items from ${event.from}: ${event.code}`;
      return [logLine(node, "debug", "proposals", text)];
    }
    case "closing":
    case "accepted":
    case "refused":
      return [];
  }
}
