/**
 * A protocol just large enough to try the simulator with: every node pings a random other one
 * from time to time and counts; a publication is written to disk before it is told to all.
 */
import type { MeshEventBody } from "#shared/contract/events.ts";
import type { NodeSpec } from "#shared/contract/mesh-options.ts";
import { MICROS_PER_MS } from "#main/kernel/time.ts";
import { WireReader, WireWriter } from "#main/kernel/wire.ts";
import { LOSS_RECORD, recordTag } from "#main/node/records.ts";
import type { MeshNode, NodeBoot, NodeEffect, NodeInput } from "#main/node/mesh-node.ts";
import type { MeshFactory } from "../types.ts";

const PING_EVERY_US = 100 * MICROS_PER_MS;
const PING = 0;
const PONG = 1;
const TOLD = 2;

/** Turns what the node would do into what a broken one does. */
export type Plant = (
  input: NodeInput,
  effects: readonly NodeEffect[],
  boot: NodeBoot,
) => readonly NodeEffect[];

class ToyNode implements MeshNode {
  readonly id: string;
  readonly #boot: NodeBoot;
  readonly #peers: readonly string[];
  readonly #writer = new WireWriter();

  constructor(boot: NodeBoot, roster: readonly NodeSpec[]) {
    this.id = boot.id;
    this.#boot = boot;
    this.#peers = roster.map((node) => node.id).filter((id) => id !== boot.id);
  }

  step(input: NodeInput): readonly NodeEffect[] {
    switch (input.kind) {
      case "start":
        return [this.#emit(this.#started()), this.#nextPing(input.now)];
      case "timer":
        return [...this.#ping(), this.#nextPing(input.now)];
      case "message":
        return this.#message(input.from, input.bytes);
      case "command":
        return this.#command(input);
    }
  }

  #started(): MeshEventBody {
    const { disk, diskOrigin } = this.#boot;
    const incarnation = disk.filter((record) => recordTag(record) !== LOSS_RECORD).length;
    return { type: "node.started", node: this.id, incarnation, disk: diskOrigin };
  }

  #ping(): readonly NodeEffect[] {
    const peer = this.#peers[this.#boot.random.int(Math.max(1, this.#peers.length))];
    return peer === undefined ? [] : [this.#send(peer, PING)];
  }

  #nextPing(now: number): NodeEffect {
    const at = now + PING_EVERY_US + this.#boot.random.int(1_000);
    return { kind: "timer", timer: "ping", at };
  }

  #message(from: string, bytes: Uint8Array): readonly NodeEffect[] {
    const reader = new WireReader(bytes);
    const type = reader.u8();
    reader.expectEnd();
    if (type === PING) {
      return [this.#send(from, PONG)];
    }
    return type === TOLD
      ? [this.#emit({ type: "user.event", node: this.id, name: "told", payload: from })]
      : [];
  }

  #command({ command }: Extract<NodeInput, { kind: "command" }>): readonly NodeEffect[] {
    const answer: NodeEffect = { kind: "answer", commandId: command.id, answer: { ok: true } };
    switch (command.type) {
      case "publish":
        return [
          {
            kind: "persist",
            record: new TextEncoder().encode(command.payload),
            checkpoint: false,
            then: [...this.#peers.map((peer) => this.#send(peer, TOLD)), answer],
          },
        ];
      case "leave":
        return [this.#emit({ type: "member.leaving", node: this.id }), answer];
      case "trace": {
        const refused = {
          ok: false,
          code: "invalid-state",
          message: "toys trace nothing",
        } as const;
        return [{ kind: "answer", commandId: command.id, answer: refused }];
      }
      default:
        return [answer];
    }
  }

  #send(to: string, type: number): NodeEffect {
    this.#writer.reset().u8(type);
    const name = ["toy.ping", "toy.pong", "toy.told"][type] ?? "toy.unknown";
    return { kind: "send", to, bytes: this.#writer.finish(), name };
  }

  #emit(event: MeshEventBody): NodeEffect {
    return { kind: "emit", event };
  }
}

/** A mesh of toys; `plant` breaks them where a test wants them broken. */
export function toyFactory(plant: Plant = (_input, effects) => effects): MeshFactory {
  return (_options, formed) => ({
    create: (boot) => {
      const toy = new ToyNode(boot, formed);
      return { id: boot.id, step: (input) => plant(input, toy.step(input), boot) };
    },
  });
}
