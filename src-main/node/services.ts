/**
 * What a node does for those who use the mesh, on top of being a member of it: agreement, memory,
 * decisions. Each part sees only its own messages and timers.
 */
import type { VotePolicy } from "#shared/contract/state-events.ts";
import { unreachable } from "#main/kernel/assert.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { WireReader } from "#main/kernel/wire.ts";
import { PROPOSALS_DEFAULTS } from "#main/protocols/proposals/options.ts";
import { StrongStore } from "#main/protocols/memory/strong-store.ts";
import { Agreement } from "./agreement/agreement.ts";
import { Aggregates } from "./aggregates.ts";
import { createStrategy } from "./agreement/strategy.ts";
import type { Blueprint } from "./blueprint.ts";
import { Decisions } from "./decisions/decisions.ts";
import { MemoryService } from "./memory/memory-service.ts";
import type { NodeBoot, NodeInspection } from "./mesh-node.ts";
import type { MemoryCommand, ServiceCommand } from "./node-command.ts";
import type { Outbox } from "./outbox.ts";
import type { ProtocolName } from "./packet.ts";
import { AGGREGATION_SLOT, MEMORY_SLOT, PROPOSALS_SLOT } from "./slots.ts";
import { Requests } from "./requests.ts";
import { faultOf, Standing } from "./standing.ts";
import type { RestoredNode } from "./restore.ts";

type AgreementCommand = Exclude<
  ServiceCommand,
  { type: "proposal.call" } | { type: "proposal.vote" } | MemoryCommand
>;

export interface ServiceSetup {
  readonly boot: NodeBoot;
  readonly blueprint: Blueprint;
  readonly restored: RestoredNode;
  readonly outbox: Outbox;
  /** Whom this node holds for alive, itself included. */
  readonly live: () => readonly NodeId[];
  /** The last agreed membership. */
  readonly members: () => readonly NodeId[];
  /** Whether the node was ever heard of, dead ones included. */
  readonly isKnown: (node: NodeId) => boolean;
}

export class Services {
  readonly #self: NodeId;
  readonly #outbox: Outbox;
  readonly #requests: Requests;
  readonly #store = new StrongStore();
  readonly #standing: Standing;
  readonly #agreement: Agreement | null;
  readonly #decisions: Decisions;
  readonly #memory: MemoryService;
  readonly #aggregates: Aggregates | null;

  constructor(setup: ServiceSetup) {
    const { boot, blueprint, restored, outbox, live, members } = setup;
    this.#self = boot.id;
    this.#outbox = outbox;
    this.#requests = new Requests(boot.id, outbox);
    const { reputation } = restored;
    this.#standing = new Standing({ self: boot.id, outbox, members, restore: reputation });
    const strategy = createStrategy({
      boot,
      options: blueprint.options.consensus,
      app: this.#store,
      random: boot.random.fork("consensus"),
      signerOf: blueprint.signerOf,
      live,
      records: restored.consensus,
      amnesia: restored.amnesia,
    });
    const ports = {
      self: boot.id,
      outbox,
      requests: this.#requests,
      onMisconduct: (member: NodeId, kind: "evidence" | "rejected", reason: string, now: Micros) =>
        this.#standing.report(kind === "evidence" ? "equivocation" : faultOf(reason), member, now),
    };
    this.#aggregates = blueprint.options.aggregation
      ? new Aggregates(outbox, {
          self: boot.id,
          random: boot.random.fork("aggregation"),
          peers: live,
          isMember: setup.isKnown,
        })
      : null;
    this.#decisions = new Decisions(
      {
        self: boot.id,
        outbox,
        requests: this.#requests,
        onEvidence: (accused, now) => this.#standing.report("equivocation", accused, now),
      },
      {
        mesh: blueprint.options.consensus.mesh,
        signer: blueprint.signerOf(boot.id),
        options: { ...PROPOSALS_DEFAULTS, policy: { kind: blueprint.options.votePolicy } },
        random: boot.random.fork("proposals"),
        peers: live,
        members,
        restore: restored.proposals,
      },
    );
    this.#agreement = strategy === null ? null : new Agreement(ports, strategy, this.#store);
    this.#memory = new MemoryService(
      {
        self: boot.id,
        outbox,
        requests: this.#requests,
        agreement: this.#agreement,
        strong: this.#store,
      },
      {
        self: boot.id,
        life: boot.life,
        options: blueprint.options.memory,
        random: boot.random.fork("memory"),
        peers: live,
        members,
        wall: boot.wall,
        restore: restored.memory,
      },
    );
  }

  start(now: Micros): void {
    this.#standing.start(now);
    this.#agreement?.step({ kind: "start", now });
    this.#decisions.step({ kind: "start", now });
    this.#memory.step({ kind: "start", now });
    this.#aggregates?.start(now);
  }

  setWritable(writable: boolean, now: Micros): void {
    this.#agreement?.step({ kind: "writable", now, writable });
    this.#decisions.step({ kind: "writable", now, writable });
    this.#memory.step({ kind: "writable", now, writable });
  }

  /** The last agreed membership is another one. */
  membersChanged(now: Micros): void {
    this.#decisions.step({ kind: "members-changed", now });
  }

  setVotePolicy(policy: VotePolicy, now: Micros): void {
    this.#decisions.setPolicy(policy, now);
  }

  /** The detector missed the member: slow or absent, which is no crime but counts a little. */
  missed(member: NodeId, now: Micros): void {
    this.#standing.report("time-out", member, now);
  }

  /** Those of the nodes that this one turns to. */
  trusted(nodes: readonly NodeId[], now: Micros): readonly NodeId[] {
    return this.#standing.choose(nodes, now);
  }

  /** A message of any protocol came in: part of what this node has to do. */
  countMessage(): void {
    this.#aggregates?.count();
  }

  /** False: no part of this node speaks that protocol. Throws `DecodeError`. */
  receive(protocol: ProtocolName, from: NodeId, reader: WireReader, now: Micros): boolean {
    if (protocol === this.#agreement?.protocol) {
      this.#agreement.receive(from, reader, now);
      return true;
    }
    if (protocol === AGGREGATION_SLOT.protocol && this.#aggregates !== null) {
      this.#aggregates.receive(from, reader, now);
      return true;
    }
    if (protocol === MEMORY_SLOT.protocol) {
      this.#memory.receive(from, reader, now);
      return true;
    }
    if (protocol === PROPOSALS_SLOT.protocol) {
      this.#decisions.receive(from, reader, now);
      return true;
    }
    return false;
  }

  /** `prefix` is the protocol's name; `name` the whole timer. False: a timer of nobody here. */
  fire(prefix: string, timer: string, name: string, now: Micros): boolean {
    if (prefix === this.#agreement?.timers) {
      this.#agreement.step({ kind: "timer", now, timer });
      return true;
    }
    if (prefix === AGGREGATION_SLOT.timers && this.#aggregates !== null) {
      this.#aggregates.step({ kind: "timer", now, timer });
      return true;
    }
    if (prefix === MEMORY_SLOT.timers) {
      this.#memory.step({ kind: "timer", now, timer });
      return true;
    }
    if (prefix === PROPOSALS_SLOT.timers) {
      this.#decisions.step({ kind: "timer", now, timer });
      return true;
    }
    const own = this.#standing.fire(name, now) || (this.#aggregates?.fire(name, now) ?? false);
    return own || (this.#agreement?.fire(name, now) ?? false);
  }

  command(command: ServiceCommand, now: Micros): void {
    const { id } = command;
    if (command.type === "memory.namespace" && command.since !== undefined) {
      const { namespace: name, mode, since } = command;
      this.#memory.configure({ name, mode, since }, now);
      return this.#outbox.answer(id, { ok: true });
    }
    this.#requests.submit({ id, what: command.type, text: textOf(command) }, now, () => {
      this.#handle(command, now);
    });
  }

  inspect(logFrom: number | undefined, logLimit: number, now: Micros): NodeInspection {
    const agreement = this.#agreement;
    return {
      ...(agreement === null ? {} : { consensus: agreement.status() }),
      log: agreement?.log(logFrom, logLimit) ?? [],
      ...this.#memory.inspect(),
      reputation: this.#standing.list(now),
    };
  }

  #handle(command: ServiceCommand, now: Micros): void {
    switch (command.type) {
      case "proposal.call":
        return this.#decisions.call(command.id, command, now);
      case "proposal.vote":
        return this.#decisions.vote(command.id, command, now);
      case "memory.namespace":
      case "memory.write":
      case "memory.delete":
      case "memory.read":
        return this.#memory.handle(command, now);
      default:
        return this.#agree(command, now);
    }
  }

  #agree(command: AgreementCommand, now: Micros): void {
    const agreement = this.#agreement;
    const { id } = command;
    if (agreement === null) {
      const message = `${this.#self} runs no agreement protocol: the mesh was opened without one`;
      return this.#requests.answer(id, { code: "not-supported", message }, now);
    }
    switch (command.type) {
      case "consensus.propose":
        return agreement.propose(id, { kind: "note", text: command.value }, now);
      case "consensus.transfer":
        return agreement.step({ kind: "transfer", now, request: id, to: command.to ?? null });
      case "consensus.reconfigure": {
        const { voters, learners } = command;
        return agreement.step({ kind: "reconfigure", now, request: id, voters, learners });
      }
      default:
        return unreachable(command);
    }
  }
}

/** What a person sees of a request in a list. */
function textOf(command: ServiceCommand): string {
  switch (command.type) {
    case "consensus.propose":
      return command.value;
    case "consensus.transfer":
      return command.to ?? "";
    case "consensus.reconfigure":
      return command.voters.join(", ");
    case "memory.write":
      return `${command.namespace}/${command.key} = ${command.value}`;
    case "memory.namespace":
      return `${command.namespace}: ${command.mode}`;
    case "proposal.call":
      return command.title;
    case "proposal.vote":
      return `${command.choice} for ${command.proposal}`;
    default:
      return `${command.namespace}/${command.key}`;
  }
}
