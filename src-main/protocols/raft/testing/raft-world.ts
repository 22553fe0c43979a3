/**
 * A group in a hostile world: slow disks that lose what was not written at a crash, a network that
 * delays, reorders, loses and doubles. Invariants are checked at every effect, and nothing may
 * leave a node that is not on its disk.
 */
import { assert } from "#main/kernel/assert.ts";
import type { ConsensusEvent, ConsensusOutcome } from "#main/kernel/consensus.ts";
import { EventQueue } from "#main/kernel/event-queue.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { createRandom } from "#main/kernel/prng.ts";
import type { Random } from "#main/kernel/random.ts";
import { AppendLog, toBytes } from "#main/kernel/testing/append-log.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import { type Codec, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { raftCodec } from "../codec.ts";
import { majority } from "../formulas.ts";
import { RaftInvariants } from "../invariants.ts";
import { RAFT_DEFAULTS, type RaftOptions } from "../options.ts";
import { Raft } from "../raft.ts";
import { raftRecordCodec } from "../record-codec.ts";
import type { RaftEffect, RaftInput, RaftMessage } from "../types.ts";
import { DurableDisk } from "./durable-disk.ts";

export interface RaftWorldOptions {
  readonly seed: number;
  readonly members: readonly NodeId[];
  readonly learners?: readonly NodeId[];
  readonly raft?: Partial<RaftOptions>;
  readonly latencyUs?: readonly [min: Micros, max: Micros];
  readonly diskUs?: readonly [min: Micros, max: Micros];
  readonly lossShare?: number;
  readonly doubledShare?: number;
}

interface Node {
  readonly id: NodeId;
  readonly machine: Raft;
  readonly app: AppendLog;
  readonly life: number;
  /** Effects that wait, the first of them for the disk. */
  readonly queue: RaftEffect[];
  readonly timers: Map<string, number>;
  writing: boolean;
}

export interface Told {
  readonly at: Micros;
  readonly node: NodeId;
  readonly event: ConsensusEvent;
}

export interface Carried {
  readonly at: Micros;
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: RaftMessage;
}

export class RaftWorld {
  now: Micros = 0;
  readonly invariants = new RaftInvariants();
  readonly events: Told[] = [];
  readonly carried: Carried[] = [];
  readonly disks = new Map<NodeId, DurableDisk>();
  readonly answers = new Map<number, ConsensusOutcome>();
  /** True loses the message. */
  drop: (from: NodeId, to: NodeId, message: RaftMessage) => boolean = () => false;
  /** Crashes the node where it stands when true: before or after a write, between effects. */
  crashAt: (node: NodeId, where: "before-write" | "after-write") => boolean = () => false;
  /** Keeping everything is for small worlds. */
  recording = true;
  readonly #options: RaftWorldOptions;
  readonly #raft: RaftOptions;
  readonly #nodes = new Map<NodeId, Node>();
  readonly #lives = new Map<NodeId, number>();
  readonly #queue = new EventQueue();
  readonly #actions = new Map<number, () => void>();
  readonly #network: Random;
  readonly #disk: Random;
  readonly #random: Random;
  /** Quorums are no longer those of the founding members. */
  #reconfigured = false;
  #order = 0;
  #requests = 0;

  constructor(options: RaftWorldOptions) {
    this.#options = options;
    this.#raft = { ...RAFT_DEFAULTS, ...options.raft };
    this.#random = createRandom(options.seed);
    this.#network = this.#random.fork("network");
    this.#disk = this.#random.fork("disk");
    for (const node of [...options.members, ...(options.learners ?? [])]) {
      this.start(node);
    }
  }

  get running(): NodeId[] {
    return [...this.#nodes.keys()];
  }

  start(id: NodeId, amnesia = false): void {
    assert(!this.#nodes.has(id), `${id} runs`);
    const life = (this.#lives.get(id) ?? 0) + 1;
    this.#lives.set(id, life);
    const disk = this.disks.get(id) ?? new DurableDisk();
    this.disks.set(id, disk);
    // Whoever empties a disk says so until something is on it again.
    const forgot = amnesia || (disk.wasWiped && disk.records.length === 0);
    const app = new AppendLog();
    const { members, learners = [] } = this.#options;
    const machine = new Raft({
      self: id,
      members,
      learners,
      options: this.#raft,
      random: this.#random.fork(`${id}/${life}`),
      app,
      restore: disk.records.map((record) => overTheWire(raftRecordCodec, record)),
      amnesia: forgot,
    });
    const node: Node = { id, machine, app, life, queue: [], timers: new Map(), writing: false };
    this.#nodes.set(id, node);
    this.invariants.restores(id, machine.status().applied);
    this.#check(this.invariants.term(id, machine.status().term));
    this.input(id, { kind: "start", now: this.now });
  }

  /** What was not written is lost, and so is everything that waited for it. */
  crash(id: NodeId): void {
    this.#nodes.delete(id);
  }

  wipe(id: NodeId): void {
    this.crash(id);
    this.disks.set(id, new DurableDisk(true));
    this.invariants.wiped(id);
  }

  machine(id: NodeId): Raft {
    const node = this.#nodes.get(id);
    assert(node !== undefined, `${id} does not run`);
    return node.machine;
  }

  status(id: NodeId) {
    return this.machine(id).status();
  }

  app(id: NodeId): AppendLog {
    const node = this.#nodes.get(id);
    assert(node !== undefined, `${id} does not run`);
    return node.app;
  }

  leader(): NodeId | undefined {
    const leaders = this.running.filter((id) => this.status(id).role === "leader");
    return leaders.sort((a, b) => this.status(b).term - this.status(a).term)[0];
  }

  input(id: NodeId, input: RaftInput): void {
    const node = this.#nodes.get(id);
    if (node !== undefined) {
      node.queue.push(...node.machine.step(input));
      this.#work(node);
    }
  }

  propose(id: NodeId, text: string): number {
    const request = ++this.#requests;
    this.input(id, { kind: "propose", now: this.now, request, command: toBytes(text) });
    return request;
  }

  read(id: NodeId): number {
    const request = ++this.#requests;
    this.input(id, { kind: "read", now: this.now, request, query: toBytes("") });
    return request;
  }

  transfer(id: NodeId, to: NodeId | null): number {
    const request = ++this.#requests;
    this.input(id, { kind: "transfer", now: this.now, request, to });
    return request;
  }

  reconfigure(id: NodeId, voters: readonly NodeId[], learners: readonly NodeId[] = []): number {
    const request = ++this.#requests;
    this.input(id, { kind: "reconfigure", now: this.now, request, voters, learners });
    return request;
  }

  /** As if the network brought it; the codec included. */
  deliver(from: NodeId, to: NodeId, message: RaftMessage): void {
    const copy = overTheWire(raftCodec, message);
    this.input(to, { kind: "message", now: this.now, from, message: copy });
  }

  runFor(duration: Micros): void {
    this.runUntil(() => false, duration);
  }

  /** Whether it came about in time. */
  runUntil(done: () => boolean, within: Micros): boolean {
    const until = this.now + within;
    while (!done()) {
      if (this.#queue.nextTime > until) {
        this.now = until;
        return done();
      }
      this.now = Math.max(this.now, this.#queue.nextTime);
      const handle = this.#queue.pop();
      const action = this.#actions.get(handle);
      this.#actions.delete(handle);
      action?.();
    }
    return true;
  }

  of<Kind extends ConsensusEvent["kind"]>(kind: Kind, node?: NodeId) {
    return this.events.filter(
      (one): one is Told & { event: Extract<ConsensusEvent, { kind: Kind }> } =>
        one.event.kind === kind && (node === undefined || one.node === node),
    );
  }

  sent<Kind extends RaftMessage["kind"]>(kind: Kind) {
    return this.carried.filter(
      (one): one is Carried & { message: Extract<RaftMessage, { kind: Kind }> } =>
        one.message.kind === kind,
    );
  }

  /** Compares all logs with each other. */
  checkLogs(): void {
    for (const [id, { machine }] of this.#nodes) {
      const { first } = machine.status();
      const [head, ...rest] = machine.log(first, 100_000);
      if (head !== undefined) {
        this.#check(this.invariants.holds(id, head.term, rest));
      }
    }
  }

  #work(node: Node): void {
    while (this.#isAlive(node) && !node.writing) {
      const effect = node.queue.shift();
      if (effect === undefined) {
        return;
      }
      switch (effect.kind) {
        case "send":
          this.#send(node, effect.to, effect.message);
          break;
        case "timer":
          this.#setTimer(node, effect.timer, effect.at);
          break;
        case "emit":
          this.#tell(node, effect.event);
          break;
        case "persist":
          this.#write(node, effect);
          break;
      }
    }
  }

  #write(node: Node, { record, checkpoint, then }: Extract<RaftEffect, { kind: "persist" }>): void {
    if (this.crashAt(node.id, "before-write")) {
      this.crash(node.id);
      return;
    }
    node.writing = true;
    this.#after(draw(this.#disk, this.#options.diskUs ?? [0, 0]), () => {
      if (!this.#isAlive(node)) {
        return;
      }
      this.disks.get(node.id)?.write(record, checkpoint === true);
      if (this.crashAt(node.id, "after-write")) {
        this.crash(node.id);
        return;
      }
      node.writing = false;
      node.queue.unshift(...then);
      this.#work(node);
    });
  }

  #send(node: Node, to: NodeId, message: RaftMessage): void {
    const from = node.id;
    this.#check(this.disks.get(from)?.allows(from, message) ?? null);
    const lost = this.drop(from, to, message);
    const { lossShare = 0, doubledShare = 0, latencyUs = [ms(1), ms(1)] } = this.#options;
    if (this.recording) {
      this.carried.push({ at: this.now, from, to, message });
    }
    const doubled = this.#network.next() < doubledShare;
    const isLost = this.#network.next() < lossShare;
    const copies = lost || isLost ? 0 : doubled ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      this.#after(draw(this.#network, latencyUs), () => this.deliver(from, to, message));
    }
  }

  #setTimer(node: Node, timer: string, at: Micros | null): void {
    const set = (node.timers.get(timer) ?? 0) + 1;
    node.timers.set(timer, set);
    if (at !== null) {
      this.#after(Math.max(0, at - this.now), () => {
        if (this.#isAlive(node) && node.timers.get(timer) === set) {
          this.input(node.id, { kind: "timer", now: this.now, timer });
        }
      });
    }
  }

  #tell(node: Node, event: ConsensusEvent): void {
    const { id, machine } = node;
    if (this.recording) {
      this.events.push({ at: this.now, node: id, event });
    }
    switch (event.kind) {
      case "role":
        this.#check(this.invariants.term(id, event.term));
        if (event.role === "leader") {
          this.#check(this.invariants.leads(id, event.term));
          const { first } = machine.status();
          this.#check(this.invariants.leaderHolds(id, first, machine.log(first, 100_000)));
        }
        break;
      case "config":
        this.#reconfigured ||= event.index > 0;
        break;
      case "committed":
        this.#check(this.invariants.commits(id, event.index));
        break;
      case "applied":
        this.#check(this.invariants.applies(id, event));
        break;
      case "snapshot":
        if (event.how === "installed") {
          this.invariants.restores(id, event.index);
        }
        break;
      case "answered":
        this.#answered(id, event.request, event.outcome);
        break;
      default:
        break;
    }
  }

  #answered(node: NodeId, request: number, outcome: ConsensusOutcome): void {
    assert(!this.answers.has(request), `${node} answered request ${request} twice`);
    this.answers.set(request, outcome);
    const fact = outcome.ok ? this.invariants.appliedAt(outcome.index) : undefined;
    const { members } = this.#options;
    if (fact !== undefined && this.#raft.snapshotEveryEntries >= 10_000) {
      const holders = members.filter((id) => this.disks.get(id)?.holds(fact.index, fact.term));
      // A member that was wiped lost its copy; the rest has to do.
      const wiped = members.filter((id) => this.disks.get(id)?.wasWiped === true).length;
      const needed = majority(members.length) - wiped;
      this.#check(
        holders.length >= needed || this.#reconfigured
          ? null
          : `entry ${fact.index} was answered with ${holders.length} durable copies`,
      );
    }
  }

  #isAlive(node: Node): boolean {
    return this.#nodes.get(node.id) === node;
  }

  #after(delay: Micros, action: () => void): void {
    const handle = this.#order++;
    this.#actions.set(handle, action);
    this.#queue.push(this.now + delay, handle, handle);
  }

  #check(problem: string | null): void {
    assert(problem === null, `seed ${this.#options.seed} at ${this.now} µs: ${problem}`);
  }
}

function draw(random: Random, [min, max]: readonly [Micros, Micros]): Micros {
  return min === max ? min : min + random.int(max - min + 1);
}

export function overTheWire<Item>(codec: Codec<Item>, item: Item): Item {
  const writer = new WireWriter();
  codec.encode(writer, item);
  const reader = new WireReader(writer.finish());
  const copy = codec.decode(reader);
  reader.expectEnd();
  return copy;
}
