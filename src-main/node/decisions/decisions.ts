/** A node's part in network-wide decisions: calls, votes, and what comes of them. */
import type { CommandOf } from "#shared/contract/commands.ts";
import type { VotePolicy } from "#shared/contract/state-events.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { WireReader } from "#main/kernel/wire.ts";
import { proposalKey } from "#main/protocols/proposals/proposal-id.ts";
import { Proposals } from "#main/protocols/proposals/proposals.ts";
import type { ProposalsSetup } from "#main/protocols/proposals/setup.ts";
import type {
  ProposalId,
  ProposalsEvent,
  ProposalsInput,
  Refusal,
} from "#main/protocols/proposals/types.ts";
import type { Outbox } from "../outbox.ts";
import type { RequestAnswer, Requests } from "../requests.ts";
import { PROPOSALS_SLOT } from "../slots.ts";
import { proposalEvents } from "../translate/proposals.ts";

export interface DecisionsPorts {
  readonly self: NodeId;
  readonly outbox: Outbox;
  readonly requests: Requests;
  /** A member signed two things that exclude each other. */
  readonly onEvidence: (accused: NodeId, now: Micros) => void;
}

export class Decisions {
  readonly #ports: DecisionsPorts;
  readonly #machine: Proposals;

  constructor(ports: DecisionsPorts, setup: ProposalsSetup) {
    this.#ports = ports;
    this.#machine = new Proposals(setup);
  }

  step(input: ProposalsInput): void {
    const { outbox } = this.#ports;
    outbox.absorb(PROPOSALS_SLOT, this.#machine.step(input), input.now, this.#onEvent);
  }

  receive(from: NodeId, reader: WireReader, now: Micros): void {
    const message = PROPOSALS_SLOT.codec.decode(reader);
    reader.expectEnd();
    this.step({ kind: "message", now, from, message });
  }

  call(request: number, command: CommandOf<"proposal.call">, now: Micros): void {
    const { title, text, threshold, deadlineMs } = command;
    this.step({ kind: "call", now, request, title, text, threshold, deadlineMs });
  }

  vote(request: number, command: CommandOf<"proposal.vote">, now: Micros): void {
    const proposal = parseKey(command.proposal);
    if (proposal === null) {
      return this.#ports.requests.answer(request, refusalAnswer("unknown-proposal"), now);
    }
    const { choice, reason } = command;
    this.step({ kind: "vote", now, request, proposal, choice, reason });
  }

  setPolicy(policy: VotePolicy, now: Micros): void {
    this.step({ kind: "policy", now, policy: { kind: policy } });
  }

  readonly #onEvent = (event: ProposalsEvent, now: Micros): void => {
    const { self, outbox, requests, onEvidence } = this.#ports;
    switch (event.kind) {
      case "accepted":
        return requests.answer(event.request, { code: "ok", value: proposalKey(event.id) }, now);
      case "refused":
        return requests.answer(event.request, refusalAnswer(event.code), now);
      case "evidence":
        onEvidence(event.accused, now);
        break;
      default:
        break;
    }
    outbox.emitAll(proposalEvents(self, event));
  };
}

/** What `proposalKey` made; null for anything else. */
function parseKey(key: string): ProposalId | null {
  const parts = /^(.+)@(\d{1,16})#(\d{1,16})$/.exec(key);
  if (parts === null) {
    return null;
  }
  const [, origin = "", epoch, sequence] = parts;
  return { origin, epoch: Number(epoch), sequence: Number(sequence) };
}

const REFUSALS: Readonly<Record<Refusal, readonly [RequestAnswer["code"], string]>> = {
  "not-running": ["busy", "the node is still starting"],
  "read-only": ["read-only", "the node is read-only: it cannot reach a majority of the mesh"],
  "not-a-member": ["not-a-member", "only members of the mesh may call and vote"],
  "bad-title": ["bad-request", "the title is empty or too long"],
  "bad-text": ["bad-request", "the text is too long"],
  "bad-reason": ["bad-request", "the reason is too long"],
  "bad-threshold": ["bad-request", "the threshold is no share between 0 and 1"],
  "bad-quorum": ["bad-request", "the quorum is no share of at least one half"],
  "bad-deadline": ["bad-request", "the deadline is too far away or not in the future"],
  "bad-policy": ["bad-request", "there is no such policy"],
  "too-many-members": ["too-large", "the mesh has more members than one vote can have"],
  "too-many": ["busy", "too many proposals are open; wait until some are decided"],
  invalid: ["bad-request", "the proposal does not pass validation"],
  "unknown-proposal": ["not-found", "the node does not know this proposal"],
  "already-voted": ["conflict", "the node has voted already, and a vote stands"],
  closed: ["conflict", "the vote is over"],
};

function refusalAnswer(refusal: Refusal): RequestAnswer {
  const [code, message] = REFUSALS[refusal];
  return { code, message };
}
