/**
 * One mesh node: membership, a failure detector, gossip, links and the partition machine, wired.
 * Nothing is decided here. What one machine emits becomes inputs of the others and events for the
 * console; what they send is packed, what they persist is tagged, their timers get a prefix.
 */
import { assert, unreachable } from "#main/kernel/assert.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import { DecodeError, WireReader } from "#main/kernel/wire.ts";
import type { Blueprint } from "./blueprint.ts";
import { Machines } from "./machines.ts";
import type { MeshNode, NodeBoot, NodeEffect, NodeInput, NodeInspection } from "./mesh-node.ts";
import type { NodeCommand } from "./node-command.ts";
import { readProtocol } from "./packet.ts";
import { GOSSIP_SLOT, LINKS_SLOT, MEMBERSHIP_SLOT } from "./slots.ts";

type MessageInput = Extract<NodeInput, { kind: "message" }>;

export class MeshdeckNode implements MeshNode {
  readonly id: NodeId;
  readonly #boot: NodeBoot;
  readonly #machines: Machines;

  constructor(boot: NodeBoot, blueprint: Blueprint) {
    this.id = boot.id;
    this.#boot = boot;
    this.#machines = new Machines(boot, blueprint);
  }

  step(input: NodeInput): readonly NodeEffect[] {
    const machines = this.#machines;
    switch (input.kind) {
      case "start":
        this.#start(input.now);
        break;
      case "message":
        this.#receive(input);
        break;
      case "timer":
        machines.fire(input.timer, input.now);
        break;
      case "command":
        this.#command(input.command, input.now);
        break;
      default:
        unreachable(input);
    }
    return machines.outbox.take();
  }

  inspect(logFrom: number | undefined, logLimit: number, now: Micros): NodeInspection {
    return this.#machines.services.inspect(logFrom, logLimit, now);
  }

  #start(now: Micros): void {
    this.#machines.start(now);
    const { formed, seeds } = this.#boot;
    if (!formed && seeds.length > 0) {
      this.#machines.membership({ kind: "join", now, seeds });
    }
  }

  #receive({ now, from, bytes }: MessageInput): void {
    if (!this.#machines.running) {
      return;
    }
    this.#machines.services.countMessage();
    try {
      this.#deliver(from, new WireReader(bytes), now);
    } catch (error) {
      if (!(error instanceof DecodeError)) {
        throw error;
      }
      const reason = error.message;
      this.#machines.outbox.emit({ type: "message.rejected", node: this.id, from, reason });
    }
  }

  /** Decodes all of a packet before any of it has an effect. */
  #deliver(from: NodeId, reader: WireReader, now: Micros): void {
    const machines = this.#machines;
    const protocol = readProtocol(reader);
    const base = { kind: "message", now, from } as const;
    switch (protocol) {
      case "membership": {
        const message = MEMBERSHIP_SLOT.codec.decode(reader);
        reader.expectEnd();
        return machines.membership({ ...base, message });
      }
      case "gossip": {
        const message = GOSSIP_SLOT.codec.decode(reader);
        machines.updates(from, reader, now);
        return machines.gossip({ ...base, message });
      }
      case "links": {
        const message = LINKS_SLOT.codec.decode(reader);
        machines.updates(from, reader, now);
        return machines.links({ ...base, message });
      }
      default: {
        if (machines.services.receive(protocol, from, reader, now)) {
          return;
        }
        const { slot } = machines.detectorSlot;
        if (slot.protocol !== protocol) {
          throw new DecodeError(`a ${protocol} message: nobody here speaks that`);
        }
        const message = slot.codec.decode(reader);
        machines.updates(from, reader, now);
        return machines.detector({ ...base, message });
      }
    }
  }

  #command(command: NodeCommand, now: Micros): void {
    const machines = this.#machines;
    switch (command.type) {
      case "leave":
        return machines.leave(command.id, now);
      case "publish": {
        const { id: request, topic, urgent } = command;
        const payload = new TextEncoder().encode(command.payload);
        return machines.gossip({ kind: "publish", now, request, topic, payload, urgent });
      }
      case "trace":
        return machines.links({ kind: "trace", now, request: command.id, to: command.to });
      case "forget":
        return machines.forget(command.id, command.member, now);
      case "topology":
        machines.links({ kind: "set-topology", now, topology: command.kind });
        break;
      case "vote-policy":
        machines.services.setVotePolicy(command.policy, now);
        break;
      case "gossip": {
        const { mode, fanout, intervalMs: gossipIntervalMs } = command;
        machines.gossip({ kind: "configure", now, change: { mode, fanout, gossipIntervalMs } });
        break;
      }
      default:
        return machines.services.command(command, now);
    }
    machines.outbox.answer(command.id, { ok: true });
  }
}

export function createMeshNode(boot: NodeBoot, blueprint: Blueprint): MeshNode {
  assert(boot.id.length > 0, "a node has a name");
  return new MeshdeckNode(boot, blueprint);
}
