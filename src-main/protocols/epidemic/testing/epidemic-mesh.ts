import type { ConsensusEvent, ConsensusOutcome } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { createRandom } from "#main/kernel/prng.ts";
import { AppendLog, toBytes } from "#main/kernel/testing/append-log.ts";
import { MiniWorld } from "#main/kernel/testing/mini-world.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import { WireReader, WireWriter } from "#main/kernel/wire.ts";
import { epidemicCodec, epidemicRecordCodec } from "../codec.ts";
import { Epidemic } from "../epidemic.ts";
import { EPIDEMIC_DEFAULTS, type EpidemicOptions } from "../options.ts";
import type { EpidemicInput, EpidemicMessage, EpidemicRecord } from "../types.ts";

/** A group on the mini-world; messages take 2 ms unless `latencyUs` says otherwise. */
export class EpidemicMesh extends MiniWorld<
  EpidemicInput,
  EpidemicMessage,
  ConsensusEvent,
  EpidemicRecord
> {
  readonly ids: readonly NodeId[];
  readonly nodes = new Map<NodeId, Epidemic>();
  readonly apps = new Map<NodeId, AppendLog>();
  /** The hint; by default all members, dead or not. */
  live: (self: NodeId) => readonly NodeId[];
  readonly #options: EpidemicOptions;
  readonly #seed: number;
  #lives = 0;
  #requests = 0;

  constructor(size: number, options: Partial<EpidemicOptions> = {}, seed = 1) {
    super({ codec: epidemicCodec, latencyUs: ms(2) });
    const digits = String(size).length;
    this.ids = Array.from({ length: size }, (_, i) => `n${String(i + 1).padStart(digits, "0")}`);
    this.#options = { ...EPIDEMIC_DEFAULTS, ...options };
    this.#seed = seed;
    this.live = () => this.ids;
    this.ids.forEach((id) => this.boot(id));
  }

  /** Starts a node from what its disk holds. */
  boot(self: NodeId): Epidemic {
    this.#lives++;
    const app = new AppendLog();
    const node = new Epidemic({
      self,
      members: this.ids,
      live: () => this.live(self),
      options: this.#options,
      app,
      random: createRandom(this.#seed).fork(`${self} ${this.#lives}`),
      restore: (this.disks.get(self) ?? []).map(overTheDisk),
    });
    this.nodes.set(self, node);
    this.apps.set(self, app);
    this.add(self, node);
    this.input(self, { kind: "start", now: this.now });
    return node;
  }

  kill(self: NodeId): void {
    this.remove(self);
    this.nodes.delete(self);
  }

  wipe(self: NodeId): void {
    this.disks.set(self, []);
  }

  isUp(self: NodeId): boolean {
    return this.nodes.has(self);
  }

  runFor(duration: Micros): void {
    this.runTo(this.now + duration);
  }

  propose(node: NodeId, text: string): number {
    const request = ++this.#requests;
    const command = toBytes(text);
    this.input(node, { kind: "propose", now: this.now, request, command });
    return request;
  }

  answers(request: number): readonly ConsensusOutcome[] {
    return this.of("answered")
      .filter(({ event }) => event.request === request)
      .map(({ event }) => event.outcome);
  }

  answer(request: number): ConsensusOutcome | undefined {
    return this.answers(request)[0];
  }

  entries(node: NodeId): readonly string[] {
    return this.apps.get(node)?.entries ?? [];
  }

  node(self: NodeId): Epidemic {
    const node = this.nodes.get(self);
    if (node === undefined) {
      throw new Error(`${self} does not run`);
    }
    return node;
  }

  /** Only nodes of the same side reach each other. */
  split(...sides: readonly (readonly NodeId[])[]): void {
    const sideOf = new Map(sides.flatMap((side, index) => side.map((node) => [node, index])));
    this.drop = (from, to) => sideOf.get(from) !== sideOf.get(to);
  }

  heal(): void {
    this.drop = () => false;
  }
}

function overTheDisk(record: EpidemicRecord): EpidemicRecord {
  const writer = new WireWriter();
  epidemicRecordCodec.encode(writer, record);
  const reader = new WireReader(writer.finish());
  const copy = epidemicRecordCodec.decode(reader);
  reader.expectEnd();
  return copy;
}
