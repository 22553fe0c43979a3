/**
 * The made-up machine room: virtual time, one event queue, processes with clocks and disks, and a
 * network between them. Synchronous and pure: the same seed, options and calls give the same run.
 */
import type { MeshEventBody } from "#shared/contract/events.ts";
import type { LinkConditions } from "#shared/contract/primitives.ts";
import { assert, unreachable } from "#main/kernel/assert.ts";
import { TraceHash } from "#main/kernel/hash.ts";
import { createRandom } from "#main/kernel/prng.ts";
import type { Random } from "#main/kernel/random.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { NodeCommand } from "#main/node/node-command.ts";
import type {
  MeshNode,
  NodeAnswer,
  NodeEffect,
  NodeInput,
  SendEffect,
} from "#main/node/mesh-node.ts";
import { Agenda } from "./agenda.ts";
import { type Disk, SimDisk } from "./disk.ts";
import { Network } from "./network.ts";
import { ALARM, DELIVER, DURABLE, KIND_MASK, LATE, TIMER, VOID, WAITING } from "./pending.ts";
import { Post, type Traffic } from "./post.ts";
import { Process, type TimerSlot } from "./process.ts";
import { Timers } from "./timers.ts";
import type { TraceRing } from "./trace-ring.ts";

const MAX_BACKLOG_EFFECTS = 1_000_000;
/** A larger mesh does not pay for keeping what its messages said. */
const MAX_NODES_WITH_CONTENT = 64;

export interface WorldOptions {
  readonly seed: number;
  readonly network: LinkConditions;
  readonly zoneLatencyMs: number;
  /** For tests of the checkers: a disk of their own. */
  readonly createDisk?: (random: Random) => Disk;
}

/** Who watches the world; called in the middle of a step, must not change it. */
export interface WorldListener {
  emitted(process: Process, event: MeshEventBody): void;
  answered(process: Process, commandId: number, answer: NodeAnswer): void;
  /** A node threw: its process is gone. */
  failed(process: Process, error: unknown): void;
  /** Something left the node although `missing` of its earlier records were not on its disk. */
  sentTooEarly(process: Process, missing: number): void;
}

export class World {
  readonly network: Network;
  readonly processes: Process[] = [];
  readonly #options: WorldOptions;
  readonly #listener: WorldListener;
  readonly #agenda: Agenda;
  readonly #post: Post;
  readonly #timers: Timers;
  readonly #byId = new Map<string, Process>();
  readonly #hash = new TraceHash();
  readonly #root: Random;
  readonly #networkRandom: Random;
  #now: Micros = 0;
  #steps = 0;

  constructor(options: WorldOptions, listener: WorldListener) {
    this.#options = options;
    this.#listener = listener;
    this.#root = createRandom(options.seed);
    this.#networkRandom = this.#root.fork("network");
    this.network = new Network({
      base: options.network,
      zoneLatencyMs: options.zoneLatencyMs,
      random: this.#networkRandom,
      zoneOf: (node) => this.processes[node]?.zone,
    });
    this.#agenda = new Agenda(this.#root.fork("schedule").int(2 ** 32));
    this.#post = new Post(this.#agenda, this.network);
    this.#timers = new Timers(this.#agenda);
  }

  get traffic(): Readonly<Traffic> {
    return this.#post.traffic;
  }

  get trace(): TraceRing {
    return this.#post.trace;
  }

  /** For meddling with single messages, and for reading them. */
  get post(): Post {
    return this.#post;
  }

  get now(): Micros {
    return this.#now;
  }

  /** Events handled so far. */
  get steps(): number {
    return this.#steps;
  }

  get inFlight(): number {
    return this.#agenda.pending.messages;
  }

  /** A hash over everything that happened so far. */
  get traceHash(): string {
    return this.#hash.digest();
  }

  /** The next draw of the network's stream: equal only if every draw before it was. */
  finalDraw(): number {
    return this.#networkRandom.int(2 ** 32);
  }

  /** A stream that depends on the seed and the name only. */
  random(name: string): Random {
    return this.#root.fork(name);
  }

  find(id: string): Process | undefined {
    return this.#byId.get(id);
  }

  /** A process that does not run yet. A name may be given again once its process was removed. */
  add(id: string, zone: string | undefined): Process {
    assert(!this.#byId.has(id), `${id} exists already`);
    const random = this.#root.fork(`disk:${id}:${this.processes.length}`);
    const disk = this.#options.createDisk?.(random) ?? new SimDisk(random);
    const process = new Process(this.processes.length, id, zone, disk);
    this.processes.push(process);
    if (this.processes.length > MAX_NODES_WITH_CONTENT) {
      this.#post.content.disable();
    }
    this.#byId.set(id, process);
    return process;
  }

  /** Stops the process for good; messages to it find no receiver. */
  remove(process: Process): void {
    if (process.state !== "stopped") {
      this.crash(process, false);
    }
    this.#byId.delete(process.id);
  }

  /** Begins a new life. `create` gets a stream of that life's own. */
  start(process: Process, create: (random: Random) => MeshNode): void {
    assert(process.state === "stopped", `${process.id} runs already`);
    process.life++;
    process.state = "running";
    const life = `${process.id}:${process.index}:${process.life}`;
    try {
      process.node = create(this.#root.fork(`node:${life}`));
    } catch (error) {
      this.#fail(process, error);
      return;
    }
    this.#input(process, { kind: "start", now: process.clock.read(this.#now) });
  }

  crash(process: Process, tornWrite: boolean): void {
    assert(process.state !== "stopped", `${process.id} does not run`);
    for (const handle of process.inbox.drain()) {
      this.#post.drop(handle, "dead-receiver", this.#now);
    }
    process.disk.crash(tornWrite);
    process.state = "stopped";
    process.node = undefined;
    process.writing = false;
    process.unheardWrite = false;
    process.backlog = [];
    process.written = process.disk.completed;
    process.timers.clear();
  }

  wipe(process: Process): void {
    process.disk.wipe();
    process.written = 0;
  }

  pause(process: Process): void {
    assert(process.state === "running", `${process.id} does not run`);
    process.state = "paused";
    process.pauses++;
  }

  /** Overdue timers fire at once, then what waited in the socket is handled in its order. */
  resume(process: Process): void {
    assert(process.state === "paused", `${process.id} is not paused`);
    process.state = "running";
    if (process.unheardWrite) {
      process.unheardWrite = false;
      this.#writeDone(process);
    }
    this.#timers.rearm(process, this.#now);
    let at = this.#now;
    for (const handle of process.inbox.drain()) {
      at++;
      this.#agenda.push(at, handle);
    }
  }

  setSlowness(process: Process, slowness: Micros): void {
    process.slowness = slowness;
  }

  setClock(process: Process, driftPpm: number, jump: Micros): void {
    process.clock.set(this.#now, driftPpm, jump);
    this.#timers.rearm(process, this.#now);
  }

  command(process: Process, command: NodeCommand): void {
    assert(process.state === "running", `${process.id} does not run`);
    this.#hash.string(command.type);
    this.#input(process, { kind: "command", now: process.clock.read(this.#now), command });
  }

  /** Calls `ring` at `at`, between the steps of nodes. */
  alarm(at: Micros, ring: () => void): void {
    assert(at >= this.#now, "an alarm lies in the future");
    const handle = this.#agenda.pending.allocate(ALARM, -1, 0);
    this.#agenda.pending.ref[handle] = ring;
    this.#agenda.push(at, handle);
  }

  /** Handles the next event that is due at or before `limit`; false when there is none. */
  step(limit: Micros): boolean {
    while (this.#agenda.nextTime <= limit) {
      this.#now = Math.max(this.#now, this.#agenda.nextTime);
      const handle = this.#agenda.pop();
      if (this.#handle(handle)) {
        this.#steps++;
        return true;
      }
    }
    return false;
  }

  /** Lets time pass to `at`, to where nothing is due before. */
  advance(at: Micros): void {
    assert(at >= this.#now && this.#agenda.nextTime >= at, "something is due before");
    this.#now = at;
  }

  /** Whether the event did anything; entries of past lives and of reset timers do not. */
  #handle(handle: number): boolean {
    const pending = this.#agenda.pending;
    const kind = pending.kind[handle] ?? 0;
    if ((kind & KIND_MASK) === ALARM) {
      const ring = pending.ref[handle] as () => void;
      pending.release(handle);
      this.#hash.number(this.#now);
      ring();
      return true;
    }
    if (kind === VOID) {
      pending.release(handle);
      return false;
    }
    const process = this.processes[pending.node[handle] ?? -1];
    assert(process !== undefined, "an event names its process");
    const current = process.life === pending.life[handle] && process.state !== "stopped";
    switch (kind & KIND_MASK) {
      case DELIVER:
        return this.#arrive(process, handle, current);
      case TIMER:
        return this.#timerDue(process, handle, current);
      default:
        pending.release(handle);
        return current && this.#diskDone(process);
    }
  }

  #arrive(process: Process, handle: number, current: boolean): boolean {
    const pending = this.#agenda.pending;
    const from = pending.detail[handle] ?? -1;
    if (!current) {
      this.#post.drop(handle, "dead-receiver", this.#now);
      return true;
    }
    if (this.network.isCut(from, process.index)) {
      this.#post.drop(handle, "cut", this.#now);
      return true;
    }
    if (process.state === "paused") {
      if (process.inbox.push(handle)) {
        pending.kind[handle] = (pending.kind[handle] ?? 0) | WAITING;
      } else {
        this.#post.drop(handle, "lost", this.#now);
      }
      return true;
    }
    if (this.#isDelayed(process, handle)) {
      return false;
    }
    const sender = this.processes[from];
    const bytes = pending.ref[handle] as Uint8Array;
    assert(sender !== undefined, "a message has a sender");
    this.#post.delivered(process, handle, this.#now);
    this.#hash.number(this.#now);
    this.#hash.number(from * 0x10_0000 + process.index);
    this.#hash.bytes(bytes);
    const now = process.clock.read(this.#now);
    this.#input(process, { kind: "message", now, from: sender.id, bytes });
    return true;
  }

  #timerDue(process: Process, handle: number, current: boolean): boolean {
    const pending = this.#agenda.pending;
    const slot = pending.ref[handle] as TimerSlot;
    if (!current || slot.version !== pending.detail[handle]) {
      pending.release(handle);
      return false;
    }
    if (slot.atLocal !== null && process.state === "running") {
      const due = process.clock.worldTimeOf(slot.atLocal, this.#now);
      if (due <= this.#now && this.#isDelayed(process, handle)) {
        return false;
      }
    }
    pending.release(handle);
    if (!this.#timers.comesDue(process, slot, this.#now)) {
      return false;
    }
    this.#hash.number(this.#now);
    this.#hash.string(slot.name);
    const now = process.clock.read(this.#now);
    this.#input(process, { kind: "timer", now, timer: slot.name });
    return true;
  }

  /** A slow node takes its time once over every input: the event comes back later. */
  #isDelayed(process: Process, handle: number): boolean {
    const kind = this.#agenda.pending.kind[handle] ?? 0;
    if (process.slowness === 0 || (kind & LATE) !== 0) {
      return false;
    }
    this.#agenda.pending.kind[handle] = kind | LATE;
    this.#agenda.push(this.#now + process.slowness, handle);
    return true;
  }

  #input(process: Process, input: NodeInput): void {
    assert(process.node !== undefined, "only a live process takes inputs");
    let effects: readonly NodeEffect[];
    try {
      effects = process.node.step(input);
    } catch (error) {
      this.#fail(process, error);
      return;
    }
    if (process.writing) {
      process.backlog = process.backlog.concat(effects);
      assert(process.backlog.length <= MAX_BACKLOG_EFFECTS, "the disk never catches up");
      return;
    }
    this.#carryOut(process, effects);
  }

  #fail(process: Process, error: unknown): void {
    this.crash(process, false);
    this.#listener.failed(process, error);
  }

  /** In order; at a record to persist, the rest waits until it is written. */
  #carryOut(process: Process, effects: readonly NodeEffect[]): void {
    for (let i = 0; i < effects.length; i++) {
      const effect = effects[i] as NodeEffect;
      switch (effect.kind) {
        case "send":
          this.#checkWritten(process);
          this.#send(process, effect);
          break;
        case "timer":
          this.#timers.set(process, effect.timer, effect.at, this.#now);
          break;
        case "emit":
          this.#hash.string(effect.event.type);
          this.#listener.emitted(process, effect.event);
          break;
        case "answer":
          this.#listener.answered(process, effect.commandId, effect.answer);
          break;
        case "persist":
          this.#write(process, effect.record, effect.checkpoint);
          process.backlog = [...effect.then, ...effects.slice(i + 1)];
          return;
        default:
          unreachable(effect);
      }
    }
  }

  #send(process: Process, effect: SendEffect): void {
    if (process.traitor === undefined) {
      this.#post.send(process, this.#byId.get(effect.to), effect, this.#now);
      return;
    }
    for (const { delay, ...message } of process.traitor.send(effect, this.#now)) {
      const leave = (): void => {
        const send = { kind: "send", ...message } as const;
        this.#post.send(process, this.#byId.get(message.to), send, this.#now);
      };
      if (delay > 0) {
        this.alarm(this.#now + delay, leave);
      } else {
        leave();
      }
    }
  }

  #write(process: Process, record: Uint8Array, checkpoint: boolean): void {
    process.writing = true;
    process.written++;
    this.#hash.bytes(record);
    const handle = this.#agenda.pending.allocate(DURABLE, process.index, process.life);
    this.#agenda.push(this.#now + process.disk.begin(record, checkpoint), handle);
  }

  #diskDone(process: Process): boolean {
    process.disk.complete();
    if (process.state === "paused") {
      process.unheardWrite = true;
    } else {
      this.#writeDone(process);
    }
    return true;
  }

  #writeDone(process: Process): void {
    process.writing = false;
    const effects = process.backlog;
    process.backlog = [];
    this.#carryOut(process, effects);
  }

  #checkWritten(process: Process): void {
    const missing = process.written - process.disk.completed;
    if (missing > 0) {
      this.#listener.sentTooEarly(process, missing);
    }
  }
}
