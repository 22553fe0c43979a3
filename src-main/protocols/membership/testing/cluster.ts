/**
 * Several membership machines on a made-up network, for tests: messages pass through the codec, every
 * persist is obeyed in order, time is virtual. Not a simulator: no loss models, no detectors, only
 * what a test needs to steer by hand.
 */
import { EventQueue } from "#main/kernel/event-queue.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { createRandom } from "#main/kernel/prng.ts";
import type { Micros } from "#main/kernel/time.ts";
import { ms, seconds } from "#main/kernel/time.ts";
import { WireReader, WireWriter } from "#main/kernel/wire.ts";
import { membershipCodec } from "../codec.ts";
import { afterRecord } from "../durable.ts";
import { Membership } from "../membership.ts";
import type { MembershipMessage } from "../messages.ts";
import type { MembershipOptions } from "../options.ts";
import { MEMBERSHIP_LAN } from "../options.ts";
import type {
  DurableMembership,
  MemberMetadata,
  MembershipEffect,
  MembershipEvent,
  MembershipInput,
  MembershipRecord,
} from "../types.ts";
import { describeEvent, describeMessage } from "./describe.ts";

export const PLAIN: MemberMetadata = { zone: "", address: "", tags: {} };

export interface ClusterOptions {
  readonly ids: readonly NodeId[];
  /** Everybody knows everybody from the start; otherwise each begins alone. */
  readonly formed: boolean;
  readonly seed?: number;
  readonly latencyMs?: number;
  readonly options?: Partial<MembershipOptions>;
  /** Every node looks at one other per second and reports what it finds. */
  readonly detect?: boolean;
  /** Records messages too, not only events. */
  readonly transcript?: boolean;
}

interface Host {
  readonly id: NodeId;
  machine: Membership;
  up: boolean;
  /** What survives a crash. */
  record: DurableMembership | null;
  /** Timer → number of its latest setting; older settings in the queue are stale. */
  timers: Map<string, number>;
  life: number;
  next: number;
  /** Timers that came due while the node was down; a paused process finds them when it wakes. */
  overdue: Item[];
}

type Item =
  | {
      readonly kind: "message";
      readonly from: NodeId;
      readonly to: NodeId;
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: "timer";
      readonly host: Host;
      readonly timer: string;
      readonly setting: number;
    }
  | { readonly kind: "look"; readonly host: Host; readonly life: number };

export interface LoggedEvent {
  readonly at: Micros;
  readonly node: NodeId;
  readonly event: MembershipEvent;
}

export class Cluster {
  now: Micros = 0;
  readonly events: LoggedEvent[] = [];
  /** One line per event, and per message when asked for. */
  readonly lines: string[] = [];
  /** Writes that have not reached the disk yet are lost with a crash; set to keep them pending. */
  holdWrites = false;
  sent = 0;
  bytesSent = 0;
  readonly #setup: ClusterOptions;
  readonly #options: MembershipOptions;
  readonly #hosts = new Map<NodeId, Host>();
  readonly #queue = new EventQueue();
  readonly #items: Item[] = [];
  readonly #writer = new WireWriter();
  readonly #cuts = new Set<string>();
  #settings = 0;
  #held: (() => void)[] = [];

  constructor(setup: ClusterOptions) {
    this.#setup = setup;
    this.#options = { ...MEMBERSHIP_LAN, ...setup.options };
    for (const id of setup.ids) {
      const members = setup.formed ? setup.ids.filter((other) => other !== id) : [];
      this.boot(id, null, members);
    }
  }

  /** Starts a node, new or again; `members` are those it knows from the start. */
  boot(id: NodeId, record: DurableMembership | null, members: readonly NodeId[]): void {
    const before = this.#hosts.get(id);
    const life = (before?.life ?? 0) + 1;
    const random = createRandom(this.#setup.seed ?? 1).fork(`${id}/${life}`);
    const machine = new Membership(
      {
        self: id,
        metadata: PLAIN,
        record,
        members: members.map((member) => ({ id: member, incarnation: 0, metadata: PLAIN })),
      },
      this.#options,
      random,
    );
    const host: Host = {
      id,
      machine,
      up: true,
      record,
      timers: new Map(),
      life,
      next: 0,
      overdue: [],
    };
    this.#hosts.set(id, host);
    this.#do(host, machine.step({ kind: "start", now: this.now }));
    if (this.#setup.detect === true) {
      this.#push(this.now + random.int(seconds(1)), { kind: "look", host, life });
    }
  }

  machine(id: NodeId): Membership {
    return this.#host(id).machine;
  }

  record(id: NodeId): DurableMembership | null {
    return this.#host(id).record;
  }

  /** The node stops in its tracks; `restart` makes it a crash, `resume` a pause. */
  kill(id: NodeId): void {
    this.#host(id).up = false;
  }

  /** Messages of the pause are lost, timers are late. */
  resume(id: NodeId): void {
    const host = this.#host(id);
    host.up = true;
    for (const item of host.overdue.splice(0)) {
      this.#push(this.now, item);
    }
    this.#push(this.now, { kind: "look", host, life: host.life });
  }

  /** Restarts with the disk, or with an empty one, knowing nobody. */
  restart(id: NodeId, disk: "kept" | "empty"): void {
    this.boot(id, disk === "kept" ? this.#host(id).record : null, []);
  }

  input(id: NodeId, input: Unstamped<MembershipInput>): void {
    const host = this.#host(id);
    this.#do(host, host.machine.step({ ...input, now: this.now }));
  }

  /** Hands a message over as if it had come from `from`. */
  deliver(from: NodeId, to: NodeId, message: MembershipMessage): void {
    const host = this.#host(to);
    this.#do(host, host.machine.step({ kind: "message", now: this.now, from, message }));
  }

  cut(from: readonly NodeId[], to: readonly NodeId[]): void {
    for (const a of from) {
      for (const b of to) {
        this.#cuts.add(`${a}>${b}`).add(`${b}>${a}`);
      }
    }
  }

  heal(): void {
    this.#cuts.clear();
  }

  releaseWrites(): void {
    this.holdWrites = false;
    const held = this.#held;
    this.#held = [];
    for (const write of held) {
      write();
    }
  }

  run(forMs: number): void {
    const end = this.now + ms(forMs);
    while (this.#queue.nextTime <= end) {
      this.now = Math.max(this.now, this.#queue.nextTime);
      const handle = this.#queue.pop();
      const item = this.#items[handle];
      if (item !== undefined) {
        this.#perform(item);
      }
    }
    this.now = end;
  }

  /** The events of one kind, in order. */
  eventsOf<K extends MembershipEvent["kind"]>(
    kind: K,
  ): readonly (LoggedEvent & { readonly event: Extract<MembershipEvent, { kind: K }> })[] {
    type Matching = LoggedEvent & { readonly event: Extract<MembershipEvent, { kind: K }> };
    return this.events.filter((logged): logged is Matching => logged.event.kind === kind);
  }

  #perform(item: Item): void {
    switch (item.kind) {
      case "message":
        this.#arrive(item.from, item.to, item.bytes);
        break;
      case "timer":
        this.#fire(item);
        break;
      case "look":
        if (item.host.up && item.host.life === item.life) {
          this.#look(item.host);
          this.#push(this.now + seconds(1), item);
        }
        break;
    }
  }

  #fire(item: Extract<Item, { kind: "timer" }>): void {
    const { host, timer, setting } = item;
    if (host.timers.get(timer) !== setting) {
      return;
    }
    if (!host.up) {
      host.overdue.push(item);
      return;
    }
    host.timers.delete(timer);
    this.#do(host, host.machine.step({ kind: "timer", now: this.now, timer }));
  }

  #arrive(from: NodeId, to: NodeId, bytes: Uint8Array): void {
    const host = this.#hosts.get(to);
    if (host?.up !== true || this.#cuts.has(`${from}>${to}`)) {
      return;
    }
    const reader = new WireReader(bytes);
    const message = membershipCodec.decode(reader);
    reader.expectEnd();
    this.#note(`${from} -> ${to}: ${describeMessage(message)}`);
    this.#do(host, host.machine.step({ kind: "message", now: this.now, from, message }));
  }

  /** A stand-in for a detector, in turns over all members that are not dead or left. */
  #look(host: Host): void {
    const others = [...host.machine.members()].filter(
      ({ id, state }) => id !== host.id && state !== "dead" && state !== "left",
    );
    const member = others[host.next++ % Math.max(1, others.length)];
    if (member === undefined) {
      return;
    }
    const target = this.#hosts.get(member.id);
    const reachable = target?.up === true && !this.#cuts.has(`${host.id}>${member.id}`);
    const { now } = this;
    this.#do(
      host,
      reachable
        ? host.machine.step({
            kind: "answered",
            now,
            member: member.id,
            incarnation: target.machine.incarnation,
          })
        : host.machine.step({ kind: "report", now, member: member.id, reason: "no-ack" }),
    );
  }

  #do(host: Host, effects: readonly MembershipEffect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case "send":
          this.#send(host.id, effect.to, effect.message);
          break;
        case "timer":
          this.#setTimer(host, effect.timer, effect.at);
          break;
        case "emit":
          this.events.push({ at: this.now, node: host.id, event: effect.event });
          this.#note(`${host.id}: ${describeEvent(effect.event)}`);
          break;
        case "persist":
          this.#persist(host, effect.record, effect.then);
          break;
      }
    }
  }

  #persist(host: Host, record: MembershipRecord, then: readonly MembershipEffect[]): void {
    const write = (): void => {
      host.record = afterRecord(host.record, record);
      this.#do(host, then);
    };
    if (this.holdWrites) {
      this.#held.push(write);
    } else {
      write();
    }
  }

  #send(from: NodeId, to: NodeId, message: MembershipMessage): void {
    this.#writer.reset();
    membershipCodec.encode(this.#writer, message);
    this.sent++;
    this.bytesSent += this.#writer.length;
    const at = this.now + ms(this.#setup.latencyMs ?? 5);
    this.#push(at, { kind: "message", from, to, bytes: this.#writer.finish() });
  }

  #setTimer(host: Host, timer: string, at: Micros | null): void {
    if (at === null) {
      host.timers.delete(timer);
      return;
    }
    this.#settings++;
    host.timers.set(timer, this.#settings);
    this.#push(Math.max(at, this.now), { kind: "timer", host, timer, setting: this.#settings });
  }

  #push(at: Micros, item: Item): void {
    this.#queue.push(at, this.#items.length, this.#items.length);
    this.#items.push(item);
  }

  #note(line: string): void {
    if (this.#setup.transcript === true) {
      this.lines.push(`${(this.now / 1_000).toFixed(0).padStart(6)} ms  ${line}`);
    }
  }

  #host(id: NodeId): Host {
    const host = this.#hosts.get(id);
    if (host === undefined) {
      throw new Error(`no such node: ${id}`);
    }
    return host;
  }
}

type Unstamped<Input> = Input extends unknown ? Omit<Input, "now"> : never;
