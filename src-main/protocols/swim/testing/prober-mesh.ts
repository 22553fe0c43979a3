/** Many SWIM probers on a made-up network, for tests: fixed latency, random loss, virtual time. */
import { EventQueue } from "#main/kernel/event-queue.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { createRandom } from "#main/kernel/prng.ts";
import type { Random } from "#main/kernel/random.ts";
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import { WireReader, WireWriter } from "#main/kernel/wire.ts";
import { swimCodec } from "../codec.ts";
import type { SwimOptions } from "../options.ts";
import { SwimDetector } from "../swim.ts";
import type { SwimEffect, SwimEvent } from "../types.ts";

interface Host {
  readonly id: NodeId;
  readonly machine: SwimDetector;
  readonly timers: Map<string, number>;
  up: boolean;
}

type Item =
  | { readonly from: NodeId; readonly to: Host; readonly bytes: Uint8Array }
  | { readonly host: Host; readonly timer: string; readonly setting: number };

export class ProberMesh {
  now: Micros = 0;
  sent = 0;
  readonly ids: readonly NodeId[];
  /** Called for every event of every prober. */
  onEvent: (node: NodeId, event: SwimEvent) => void = () => {};
  readonly #hosts = new Map<NodeId, Host>();
  readonly #queue = new EventQueue();
  readonly #items = new Map<number, Item>();
  readonly #writer = new WireWriter();
  readonly #network: Random;
  readonly #loss: number;
  readonly #latency: Micros;
  #count = 0;

  constructor(setup: {
    readonly n: number;
    readonly seed: number;
    readonly options: SwimOptions;
    readonly loss?: number;
    readonly latencyMs?: number;
  }) {
    const random = createRandom(setup.seed);
    this.#network = random.fork("network");
    this.#loss = setup.loss ?? 0;
    this.#latency = ms(setup.latencyMs ?? 1);
    this.ids = Array.from({ length: setup.n }, (_, i) => `n${i}`);
    for (const id of this.ids) {
      const machine = new SwimDetector(id, setup.options, random.fork(id));
      const host: Host = { id, machine, timers: new Map(), up: true };
      this.#hosts.set(id, host);
      machine.step({ kind: "self", now: 0, incarnation: 0 });
      for (const member of this.ids) {
        machine.step({ kind: "watch", now: 0, member, usable: true });
      }
      this.#do(host, machine.step({ kind: "start", now: 0 }));
    }
  }

  machine(id: NodeId): SwimDetector {
    return this.#host(id).machine;
  }

  setUp(id: NodeId, up: boolean): void {
    this.#host(id).up = up;
  }

  run(forMs: number, until: () => boolean = () => false): void {
    const end = this.now + ms(forMs);
    while (this.#queue.nextTime <= end && !until()) {
      this.now = this.#queue.nextTime;
      const handle = this.#queue.pop();
      const item = this.#items.get(handle);
      this.#items.delete(handle);
      if (item !== undefined) {
        this.#perform(item);
      }
    }
    this.now = until() ? this.now : end;
  }

  #perform(item: Item): void {
    if ("bytes" in item) {
      if (item.to.up) {
        const message = swimCodec.decode(new WireReader(item.bytes));
        this.#do(
          item.to,
          item.to.machine.step({ kind: "message", now: this.now, from: item.from, message }),
        );
      }
      return;
    }
    const { host, timer, setting } = item;
    if (host.up && host.timers.get(timer) === setting) {
      host.timers.delete(timer);
      this.#do(host, host.machine.step({ kind: "timer", now: this.now, timer }));
    }
  }

  #do(host: Host, effects: readonly SwimEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === "emit") {
        this.onEvent(host.id, effect.event);
      } else if (effect.kind === "timer") {
        this.#setTimer(host, effect.timer, effect.at);
      } else if (effect.kind === "send") {
        this.sent++;
        if (this.#network.next() >= this.#loss) {
          this.#writer.reset();
          swimCodec.encode(this.#writer, effect.message);
          const to = this.#host(effect.to);
          const bytes = this.#writer.finish();
          this.#push(this.now + this.#latency, { from: host.id, to, bytes });
        }
      }
    }
  }

  #setTimer(host: Host, timer: string, at: Micros | null): void {
    if (at === null) {
      host.timers.delete(timer);
      return;
    }
    host.timers.set(timer, this.#count);
    this.#push(at, { host, timer, setting: this.#count });
  }

  #push(at: Micros, item: Item): void {
    this.#items.set(this.#count, item);
    this.#queue.push(at, this.#count, this.#count);
    this.#count++;
  }

  #host(id: NodeId): Host {
    const host = this.#hosts.get(id);
    if (host === undefined) {
      throw new Error(`no such node: ${id}`);
    }
    return host;
  }
}
