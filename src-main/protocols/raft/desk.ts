/** Where requests come in, this node's own and those of others, and where their answers go out. */
import { assert } from "#main/kernel/assert.ts";
import type { ConsensusOutcome } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { SessionCommand } from "#main/kernel/sessions.ts";
import type { Answer, Applier } from "./applying.ts";
import { isMember } from "./config.ts";
import type { Asker, PendingRead } from "./leadership.ts";
import type { Membership } from "./membership.ts";
import type { Reads } from "./reads.ts";
import type { Replication } from "./replication.ts";
import type { LocalLeader, Obstacle, Requests } from "./requests.ts";
import type { RaftState } from "./state.ts";
import type { Transfers } from "./transfers.ts";
import type { Ask } from "./types.ts";

/** Nodes whose last order is remembered; beyond, whoever asked longest ago is forgotten. */
const MAX_ASKERS = 1_024;

export interface DeskParts {
  readonly applier: Applier;
  readonly replication: Replication;
  readonly reads: Reads;
  readonly transfers: Transfers;
  readonly membership: Membership;
}

export class Desk implements LocalLeader {
  readonly #state: RaftState;
  readonly #parts: DeskParts;
  #own: Requests | null = null;
  /** The last order that each node sent: their numbers rise. */
  readonly #asked = new Map<NodeId, number>();

  constructor(state: RaftState, parts: DeskParts) {
    this.#state = state;
    this.#parts = parts;
  }

  /** Whose answers stay here. Called once, before anything is asked. */
  serve(own: Requests): void {
    assert(this.#own === null, "a desk serves one node");
    this.#own = own;
  }

  onForward(from: NodeId, commands: readonly SessionCommand[]): void {
    if (this.#state.role !== "leader") {
      this.locate(from);
    } else if (commands.length > 0 && this.obstacle() === null) {
      // Otherwise silence: the sender repeats it, and must not take the refusal of one copy for
      // the refusal of all.
      this.propose(commands, from);
    }
  }

  onRead(asker: Asker, query: Uint8Array | null): void {
    if (this.#state.role === "leader") {
      this.read(asker, query);
    } else {
      this.locate(asker.node);
    }
  }

  /**
   * A copy that the network made must not be answered: it would be refused because of what the first
   * one began, and that refusal be taken for the outcome.
   */
  onAsk(asker: Asker, ask: Ask): void {
    if (asker.id <= (this.#asked.get(asker.node) ?? 0)) {
      return;
    }
    this.#asked.delete(asker.node);
    this.#asked.set(asker.node, asker.id);
    const [oldest] = this.#asked.keys();
    if (this.#asked.size > MAX_ASKERS && oldest !== undefined) {
      this.#asked.delete(oldest);
    }
    if (this.#state.role === "leader") {
      this.ask(asker, ask);
    } else {
      this.tell(asker, { ok: false, code: "no-leader", message: "another member leads by now" });
    }
  }

  /** Says who leads. */
  locate(to: NodeId): void {
    const { term, leader, config } = this.#state;
    this.#state.send(to, { kind: "located", term, leader, voters: config.voters });
  }

  /** A candidate that missed its own removal could not find out who serves its requests. */
  locateIfRemoved(candidate: NodeId): void {
    if (!isMember(this.#state.config, candidate)) {
      this.locate(candidate);
    }
  }

  obstacle(): Obstacle | null {
    const { writable, leadership, options } = this.#state;
    if (!writable) {
      return { code: "read-only", message: "the leader is read-only" };
    }
    if (this.#parts.transfers.underWay) {
      return { code: "busy", message: "leadership is being handed over" };
    }
    return leadership !== null && leadership.uncommittedBytes >= options.maxUncommittedBytes
      ? { code: "busy", message: "too much is proposed and not yet agreed" }
      : null;
  }

  propose(commands: readonly SessionCommand[], proposer: NodeId): void {
    this.#parts.replication.propose(commands, proposer);
  }

  read(asker: Asker, query: Uint8Array | null): boolean {
    return this.#parts.reads.request(asker, query);
  }

  ask(asker: Asker, ask: Ask): void {
    if (ask.order === "transfer") {
      this.#parts.transfers.begin(asker, ask.to);
    } else if (this.#state.writable) {
      this.#parts.membership.begin(asker, ask);
    } else {
      this.tell(asker, { ok: false, code: "read-only", message: "the leader is read-only" });
    }
  }

  tell(asker: Asker, outcome: ConsensusOutcome): void {
    if (asker.node === this.#state.self) {
      this.#own?.onAskReply(asker.id, outcome);
    } else {
      this.#state.send(asker.node, { kind: "ask-reply", id: asker.id, outcome });
    }
  }

  /** A read is confirmed, and everything it has to see is executed here. */
  deliver({ asker, query, index }: PendingRead): void {
    const { self, applied } = this.#state;
    const { node, id } = asker;
    if (node === self) {
      this.#own?.onReadIndex(id, index);
    } else if (query === null) {
      this.#state.send(node, { kind: "read-index-reply", id, index });
    } else {
      const result = this.#parts.applier.query(query);
      this.#state.send(node, { kind: "query-reply", id, index: applied, result });
    }
  }

  /** A command was executed: whoever proposed it through this leader need not wait for its own. */
  onAnswer(answer: Answer): void {
    const proposers = this.#state.leadership?.proposers;
    const proposer = proposers?.get(answer.index);
    if (proposer !== undefined) {
      proposers?.delete(answer.index);
      this.#state.send(proposer, answer);
    }
    this.#own?.onAnswer(answer);
  }
}
