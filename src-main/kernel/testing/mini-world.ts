/**
 * A few machines, a clock and a network for tests: messages go through the real codec, arrive after
 * a fixed latency unless the test drops them, and everything happens in one fixed order.
 */
import type { BaseInput, Effect, Machine, NodeId } from "../machine.ts";
import type { Micros } from "../time.ts";
import { type Codec, WireReader, WireWriter } from "../wire.ts";

type WorldEffect<Message, Event, Record> = Effect<Message, Event, Record>;

export interface Happening<Event> {
  readonly at: Micros;
  readonly node: NodeId;
  readonly event: Event;
}

export interface Sent<Message> {
  readonly at: Micros;
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: Message;
  readonly lost: boolean;
}

interface Due<Message> {
  readonly at: Micros;
  readonly order: number;
  readonly node: NodeId;
  readonly input: BaseInput<Message>;
}

export interface WorldOptions<Message> {
  readonly codec: Codec<Message>;
  readonly latencyUs: Micros | ((from: NodeId, to: NodeId) => Micros);
}

export class MiniWorld<Input, Message, Event, Record> {
  now: Micros = 0;
  readonly events: Happening<Event>[] = [];
  readonly sent: Sent<Message>[] = [];
  readonly disks = new Map<NodeId, Record[]>();
  /** True loses the message. */
  drop: (from: NodeId, to: NodeId, message: Message) => boolean = () => false;
  /** False: writes reach no disk, and what waits for them does not happen. */
  diskWorks = true;
  readonly #options: WorldOptions<Message>;
  readonly #machines = new Map<NodeId, Machine<Input, WorldEffect<Message, Event, Record>>>();
  readonly #timers = new Map<string, Due<Message>>();
  #due: Due<Message>[] = [];
  #order = 0;

  constructor(options: WorldOptions<Message>) {
    this.#options = options;
  }

  add(node: NodeId, machine: Machine<Input, WorldEffect<Message, Event, Record>>): void {
    this.#machines.set(node, machine);
    if (!this.disks.has(node)) {
      this.disks.set(node, []);
    }
  }

  /** The process ends: nothing under way to it arrives. */
  remove(node: NodeId): void {
    this.#machines.delete(node);
    this.#due = this.#due.filter((due) => due.node !== node);
  }

  input(node: NodeId, input: Input): void {
    this.#execute(node, this.#machines.get(node)?.step(input) ?? []);
  }

  runTo(until: Micros): void {
    for (let due = this.#next(until); due !== undefined; due = this.#next(until)) {
      this.now = due.at;
      // A machine's own union always contains the inputs that every machine knows.
      this.input(due.node, due.input as Input);
    }
    this.now = until;
  }

  of<Kind extends string>(
    kind: Kind,
    node?: NodeId,
  ): (Happening<Event> & { readonly event: Extract<Event, { kind: Kind }> })[] {
    return this.events.filter(
      (one): one is Happening<Event> & { event: Extract<Event, { kind: Kind }> } =>
        (one.event as { kind: string }).kind === kind && (node === undefined || one.node === node),
    );
  }

  #next(until: Micros): Due<Message> | undefined {
    const first = this.#due[0];
    return first !== undefined && first.at <= until ? this.#due.shift() : undefined;
  }

  #execute(node: NodeId, effects: readonly WorldEffect<Message, Event, Record>[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case "emit":
          this.events.push({ at: this.now, node, event: effect.event });
          break;
        case "send":
          this.#transmit(node, effect.to, effect.message);
          break;
        case "timer":
          this.#setTimer(node, effect.timer, effect.at);
          break;
        case "persist":
          if (this.diskWorks) {
            this.#write(node, effect.record, effect.checkpoint === true);
            this.#execute(node, effect.then);
          }
          break;
      }
    }
  }

  #write(node: NodeId, record: Record, checkpoint: boolean): void {
    const disk = checkpoint ? [] : (this.disks.get(node) ?? []);
    disk.push(record);
    this.disks.set(node, disk);
  }

  #transmit(from: NodeId, to: NodeId, message: Message): void {
    const lost = this.drop(from, to, message);
    this.sent.push({ at: this.now, from, to, message, lost });
    if (!lost && this.#machines.has(to)) {
      const { latencyUs } = this.#options;
      const at = this.now + (typeof latencyUs === "number" ? latencyUs : latencyUs(from, to));
      const input = {
        kind: "message",
        now: at,
        from,
        message: this.#overTheWire(message),
      } as const;
      this.#insert({ at, order: this.#order++, node: to, input });
    }
  }

  #overTheWire(message: Message): Message {
    const writer = new WireWriter();
    this.#options.codec.encode(writer, message);
    const reader = new WireReader(writer.finish());
    const copy = this.#options.codec.decode(reader);
    reader.expectEnd();
    return copy;
  }

  #setTimer(node: NodeId, timer: string, at: Micros | null): void {
    const key = `${node}/${timer}`;
    const standing = this.#timers.get(key);
    if (standing !== undefined) {
      this.#due = this.#due.filter((due) => due !== standing);
    }
    if (at !== null) {
      const due: Due<Message> = {
        at: Math.max(at, this.now),
        order: this.#order++,
        node,
        input: { kind: "timer", now: at, timer },
      };
      this.#timers.set(key, due);
      this.#insert(due);
    }
  }

  #insert(due: Due<Message>): void {
    let at = this.#due.length;
    while (at > 0 && isLater(this.#due[at - 1], due)) {
      at--;
    }
    this.#due.splice(at, 0, due);
  }
}

function isLater<Message>(a: Due<Message> | undefined, b: Due<Message>): boolean {
  return a !== undefined && (a.at > b.at || (a.at === b.at && a.order > b.order));
}
