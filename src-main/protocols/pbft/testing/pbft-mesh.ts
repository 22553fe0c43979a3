/** A pBFT group on the mini-world, members of which may be traitors. */
import { assert } from "#main/kernel/assert.ts";
import type {
  Consensus,
  ConsensusEvent,
  ConsensusInput,
  ConsensusOutcome,
} from "#main/kernel/consensus.ts";
import type { Effect, NodeId } from "#main/kernel/machine.ts";
import { AppendLog, toBytes } from "#main/kernel/testing/append-log.ts";
import { MiniWorld } from "#main/kernel/testing/mini-world.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import { pbftCodec } from "../codec.ts";
import { PBFT_DEFAULTS, type PbftOptions } from "../options.ts";
import { Pbft } from "../pbft.ts";
import { pbftContext, signMessage } from "../signing.ts";
import type { PbftEffect, PbftMessage, PbftRecord, UnsignedMessage } from "../types.ts";
import { toySigner } from "./toy-signer.ts";

/** What a traitor sends instead of a message; it can sign with its own key only. */
export type Treason = (to: NodeId, message: PbftMessage) => readonly PbftMessage[];

const MESH = "test";
const EPOCH = 1;

export class PbftMesh {
  readonly members: readonly NodeId[];
  readonly world: MiniWorld<ConsensusInput<PbftMessage>, PbftMessage, ConsensusEvent, PbftRecord>;
  readonly machines = new Map<NodeId, Pbft>();
  readonly apps = new Map<NodeId, AppendLog>();
  readonly traitors = new Map<NodeId, Treason>();
  readonly #options: PbftOptions;
  readonly #lives = new Map<NodeId, number>();
  #requests = 0;

  constructor(size: number, options: Partial<PbftOptions> = {}, latencyUs: Micros = ms(2)) {
    this.members = Array.from({ length: size }, (_, i) => `r${i}`);
    this.#options = { ...PBFT_DEFAULTS, ...options };
    this.world = new MiniWorld({ codec: pbftCodec, latencyUs });
    for (const node of this.members) {
      this.start(node);
    }
  }

  get now(): Micros {
    return this.world.now;
  }

  /** Members that are no traitors. */
  get correct(): NodeId[] {
    return this.members.filter((member) => !this.traitors.has(member));
  }

  start(self: NodeId, amnesia = false): Pbft {
    const machine = this.create(self, amnesia);
    this.machines.set(self, machine);
    this.world.add(self, this.#wrap(self, machine));
    this.world.input(self, { kind: "start", now: this.now });
    return machine;
  }

  /** A new life with what is on the disk, before its start. */
  create(self: NodeId, amnesia = false): Pbft {
    const life = this.#lives.get(self) ?? 0;
    this.#lives.set(self, life + 1);
    const app = new AppendLog();
    const disk = this.world.disks.get(self) ?? [];
    this.apps.set(self, app);
    return new Pbft({
      self,
      members: this.members,
      mesh: MESH,
      epoch: EPOCH,
      options: this.#options,
      signer: toySigner(self),
      app,
      restore: [...disk],
      life,
      amnesia,
    });
  }

  kill(node: NodeId): void {
    this.world.remove(node);
  }

  wipe(node: NodeId): void {
    this.world.disks.delete(node);
  }

  machine(node: NodeId): Pbft {
    const machine = this.machines.get(node);
    assert(machine !== undefined, `no ${node}`);
    return machine;
  }

  entries(node: NodeId): readonly string[] {
    return this.apps.get(node)?.entries ?? [];
  }

  runFor(duration: Micros): this {
    this.world.runTo(this.now + duration);
    return this;
  }

  propose(node: NodeId, text: string): number {
    const request = ++this.#requests;
    const command = toBytes(text);
    this.world.input(node, { kind: "propose", now: this.now, request, command });
    return request;
  }

  transfer(node: NodeId, to: NodeId | null = null): number {
    const request = ++this.#requests;
    this.world.input(node, { kind: "transfer", now: this.now, request, to });
    return request;
  }

  outcome(request: number): ConsensusOutcome | undefined {
    return this.world.of("answered").find(({ event }) => event.request === request)?.event.outcome;
  }

  /** Proposes and runs until it is answered, at most ten seconds. */
  commit(node: NodeId, text: string): ConsensusOutcome | undefined {
    const request = this.propose(node, text);
    const until = this.now + ms(10_000);
    while (this.outcome(request) === undefined && this.now < until) {
      this.runFor(ms(5));
    }
    return this.outcome(request);
  }

  /** Hands `message` to `to` as if `from` had sent it just now. */
  deliver(from: NodeId, to: NodeId, message: PbftMessage): void {
    this.world.input(to, { kind: "message", now: this.now, from, message });
  }

  sent<Type extends PbftMessage["type"]>(type: Type, from?: NodeId) {
    return this.world.sent.filter(
      (one): one is typeof one & { message: Extract<PbftMessage, { type: Type }> } =>
        one.message.type === type && (from === undefined || one.from === from),
    );
  }

  reasons(node: NodeId): string[] {
    return this.world.of("rejected", node).map(({ event }) => event.reason);
  }

  /** What breaks agreement among correct members; null while it holds. */
  disagreement(): string | null {
    const applied = new Map<number, string>();
    for (const { node, event } of this.world.of("applied")) {
      const known = applied.get(event.index) ?? event.digest;
      if (!this.traitors.has(node) && known !== event.digest) {
        return `two digests at ${event.index}`;
      }
      if (!this.traitors.has(node)) {
        applied.set(event.index, known);
      }
    }
    return null;
  }

  #wrap(self: NodeId, machine: Pbft): Pick<Consensus<PbftMessage, PbftRecord>, "step"> {
    return {
      step: (input) => {
        const effects = machine.step(input);
        const treason = this.traitors.get(self);
        return treason === undefined ? effects : corrupt(effects, treason);
      },
    };
  }
}

type Corrupted = Effect<PbftMessage, ConsensusEvent, PbftRecord>;

function corrupt(effects: readonly Corrupted[], treason: Treason): PbftEffect[] {
  return effects.flatMap((effect): PbftEffect[] => {
    if (effect.kind === "persist") {
      return [{ ...effect, then: corrupt(effect.then, treason) }];
    }
    if (effect.kind !== "send") {
      return [effect];
    }
    const { to } = effect;
    return treason(to, effect.message).map((message) => ({ kind: "send", to, message }));
  });
}

/** Signs as `node` would, in the tests' mesh unless told otherwise. */
export function signAs<Message extends UnsignedMessage>(
  node: NodeId,
  message: Message,
  mesh: string = MESH,
  epoch: number = EPOCH,
) {
  return signMessage(toySigner(node), pbftContext(mesh, epoch), message);
}
