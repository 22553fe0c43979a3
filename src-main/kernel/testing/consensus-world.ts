/** A group of consensus machines on the mini-world, with what tests ask of it in one word. */
import { assert } from "../assert.ts";
import type {
  Consensus,
  ConsensusEvent,
  ConsensusInput,
  ConsensusOutcome,
  ConsensusStatus,
} from "../consensus.ts";
import type { NodeId } from "../machine.ts";
import { createRandom } from "../prng.ts";
import type { Random } from "../random.ts";
import { type Micros, ms } from "../time.ts";
import { type Codec, WireReader, WireWriter } from "../wire.ts";
import { AppendLog, toBytes } from "./append-log.ts";
import { type Happening, MiniWorld } from "./mini-world.ts";

/** What a subject's factory creates one life of a node from. */
export interface ConsensusNodeSetup<Record> {
  readonly self: NodeId;
  /** The voting members; `self` may be none of them. */
  readonly members: readonly NodeId[];
  readonly app: AppendLog;
  /** Records of former lives, oldest first. */
  readonly restore: readonly Record[];
  /** A stream of this life's own. */
  readonly random: Random;
  /** 0, 1, 2 …: which life of this node it is. */
  readonly life: number;
}

export interface ConsensusSubject<Message, Record> {
  readonly name: string;
  readonly codec: Codec<Message>;
  readonly recordCodec: Codec<Record>;
  create(setup: ConsensusNodeSetup<Record>): Consensus<Message, Record>;
  /** Time after which a group in a quiet network orders commands; also after losing members. */
  readonly settleUs: Micros;
  /** Time after which every request is answered, be it with "unknown". */
  readonly answerUs: Micros;
  readonly properties: {
    /** Voting members of the group that the suite makes. */
    readonly size: number;
    /** Members that may be dead while the rest still answers. */
    readonly bearsCrashed: number;
    /** Whether one dead member more means that nothing is answered with ok. */
    readonly blocksWithoutQuorum: boolean;
    readonly linearizableReads: boolean;
    readonly maxCommandBytes: number;
  };
}

const LATENCY_US = ms(2);

export class ConsensusWorld<Message, Record> {
  readonly members: readonly NodeId[];
  readonly #subject: ConsensusSubject<Message, Record>;
  readonly #world: MiniWorld<ConsensusInput<Message>, Message, ConsensusEvent, Record>;
  readonly #machines = new Map<NodeId, Consensus<Message, Record>>();
  readonly #apps = new Map<NodeId, AppendLog>();
  readonly #lives = new Map<NodeId, number>();
  readonly #random: Random;
  #requests = 0;

  constructor(subject: ConsensusSubject<Message, Record>, seed = 1) {
    this.#subject = subject;
    this.#random = createRandom(seed);
    this.#world = new MiniWorld({ codec: subject.codec, latencyUs: LATENCY_US });
    this.members = Array.from({ length: subject.properties.size }, (_, i) => `n${i + 1}`);
    for (const node of this.members) {
      this.create(node);
    }
  }

  get now(): Micros {
    return this.#world.now;
  }

  get events(): readonly Happening<ConsensusEvent>[] {
    return this.#world.events;
  }

  get sentMessages(): readonly Message[] {
    return this.#world.sent.map(({ message }) => message);
  }

  set drop(drop: (from: NodeId, to: NodeId, message: Message) => boolean) {
    this.#world.drop = drop;
  }

  dropShare(share: number, random: Random): void {
    this.#world.drop = () => random.next() < share;
  }

  /** Starts a node, with what is on its disk; everything goes through the record codec. */
  create(self: NodeId): void {
    const life = this.#lives.get(self) ?? 0;
    const app = new AppendLog();
    const restore = this.disk(self).map((record) => this.#fromDisk(record));
    const random = this.#random.fork(`${self}/${life}`);
    const { members } = this;
    const machine = this.#subject.create({ self, members, app, restore, random, life });
    this.#lives.set(self, life + 1);
    this.#apps.set(self, app);
    this.#machines.set(self, machine);
    this.#world.add(self, machine);
    this.#world.input(self, { kind: "start", now: this.now });
  }

  kill(node: NodeId): void {
    this.#world.remove(node);
    this.#machines.delete(node);
  }

  member(index: number): NodeId {
    const node = this.members[index];
    assert(node !== undefined, `no member ${index}`);
    return node;
  }

  machine(node: NodeId): Consensus<Message, Record> {
    const machine = this.#machines.get(node);
    assert(machine !== undefined, `${node} does not run`);
    return machine;
  }

  status(node: NodeId): ConsensusStatus {
    return this.machine(node).status();
  }

  app(node: NodeId): AppendLog {
    const app = this.#apps.get(node);
    assert(app !== undefined, `${node} was never created`);
    return app;
  }

  disk(node: NodeId): readonly Record[] {
    return this.#world.disks.get(node) ?? [];
  }

  of<Kind extends ConsensusEvent["kind"]>(kind: Kind, node?: NodeId) {
    return this.#world.of(kind, node);
  }

  input(node: NodeId, input: ConsensusInput<Message>): void {
    this.#world.input(node, input);
  }

  runFor(duration: Micros): void {
    this.#world.runTo(this.now + duration);
  }

  nextRequest(): number {
    return ++this.#requests;
  }

  propose(node: NodeId, text: string): number {
    return this.proposeBytes(node, toBytes(text));
  }

  proposeBytes(node: NodeId, command: Uint8Array): number {
    const request = this.nextRequest();
    this.input(node, { kind: "propose", now: this.now, request, command });
    return request;
  }

  read(node: NodeId): number {
    const request = this.nextRequest();
    this.input(node, { kind: "read", now: this.now, request, query: toBytes("all") });
    return request;
  }

  proposeAndWait(node: NodeId, text: string): ConsensusOutcome | undefined {
    return this.#waitFor(this.propose(node, text));
  }

  readAndWait(node: NodeId): ConsensusOutcome | undefined {
    return this.#waitFor(this.read(node));
  }

  answers(request: number): readonly ConsensusOutcome[] {
    return this.of("answered")
      .filter(({ event }) => event.request === request)
      .map(({ event }) => event.outcome);
  }

  answer(request: number): ConsensusOutcome | undefined {
    return this.answers(request)[0];
  }

  /** All running members hold the same list, and none applied two things at one index. */
  expectAgreement(): void {
    const lists = this.members
      .filter((node) => this.#machines.has(node))
      .map((node) => this.app(node).entries.join("\n"));
    assert(new Set(lists).size <= 1, `members disagree:\n${lists.join("\n--\n")}`);
    const digests = new Map<number, string>();
    for (const { event } of this.of("applied")) {
      const known = digests.get(event.index) ?? event.digest;
      assert(known === event.digest, `two entries at index ${event.index}`);
      digests.set(event.index, known);
    }
  }

  #waitFor(request: number): ConsensusOutcome | undefined {
    const until = this.now + this.#subject.answerUs;
    while (this.answer(request) === undefined && this.now < until) {
      this.runFor(ms(5));
    }
    return this.answer(request);
  }

  #fromDisk(record: Record): Record {
    const writer = new WireWriter();
    this.#subject.recordCodec.encode(writer, record);
    const reader = new WireReader(writer.finish());
    const copy = this.#subject.recordCodec.decode(reader);
    reader.expectEnd();
    return copy;
  }
}
