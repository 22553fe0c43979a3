/** Histories as clients of a real object would record them, and what goes wrong in them on demand. */
import { EventQueue } from "#main/kernel/event-queue.ts";
import type { Random } from "#main/kernel/random.ts";
import type { ModelName } from "../types.ts";

export interface ClientsPlan {
  readonly random: Random;
  readonly model: ModelName;
  readonly operations: number;
  readonly clients: number;
  readonly keys: number;
  /** Different values written, added or put into a set; 0: each is used once. */
  readonly values: number;
  /** Share of operations whose outcome stays unknown, and of those that fail. */
  readonly info: number;
  readonly fail: number;
  /** Share of results that are made up. */
  readonly wrong: number;
}

/** One line of the file. */
export type HistoryEvent = Readonly<Record<string, unknown>>;

interface Call {
  readonly process: number;
  readonly key: string;
  readonly f: string;
  readonly value: unknown;
  readonly fate: "ok" | "fail" | "info";
  /** What the object answered when the operation took effect. */
  result: unknown;
}

const MEAN_LATENCY = 1_000;
const MEAN_PAUSE = 300;
/** An effect of unknown outcome may come that many mean latencies after its invocation. */
const LATE = 20;

/** A header and events in the order of time. */
export function clientHistory(plan: ClientsPlan): readonly HistoryEvent[] {
  return [{ model: plan.model }, ...new Clients(plan).run()];
}

class Clients {
  readonly #plan: ClientsPlan;
  readonly #queue = new EventQueue();
  readonly #actions: (() => void)[] = [];
  readonly #objects = new Map<string, ToyObject>();
  readonly #events: HistoryEvent[] = [];
  #processes: number;
  #started = 0;
  #used = 0;

  constructor(plan: ClientsPlan) {
    this.#plan = plan;
    this.#processes = plan.clients;
    for (let client = 0; client < plan.clients; client++) this.#pause(client, 0);
  }

  run(): readonly HistoryEvent[] {
    while (this.#queue.size > 0) this.#actions[this.#queue.pop()]?.();
    return this.#events;
  }

  #at(time: number, action: () => void): void {
    const handle = this.#actions.push(action) - 1;
    this.#queue.push(time, handle, handle);
  }

  #pause(process: number, now: number): void {
    if (this.#started++ >= this.#plan.operations) return;
    const wakeAt = now + 1 + this.#plan.random.int(MEAN_PAUSE * 2);
    this.#at(wakeAt, () => this.#invoke(process, wakeAt));
  }

  #invoke(process: number, now: number): void {
    const { random, info, fail, keys } = this.#plan;
    const chance = random.next();
    const fate = chance < info ? "info" : chance < info + fail ? "fail" : "ok";
    const [f, value] = this.#draw();
    const call: Call = { process, key: `k${random.int(keys)}`, f, value, fate, result: undefined };
    this.#events.push({ type: "invoke", process, f, key: call.key, value, time: now });
    const endAt = now + 2 + random.int(MEAN_LATENCY * 2);
    const within = now + 1 + random.int(endAt - now - 1);
    const late = now + 1 + random.int(MEAN_LATENCY * LATE);
    const happens = fate === "ok" || (fate === "info" && random.int(2) === 0);
    if (happens) this.#at(fate === "ok" ? within : late, () => this.#apply(call));
    this.#at(endAt, () => this.#end(call, endAt));
  }

  #apply(call: Call): void {
    call.result = this.#objectOf(call.key).apply(call.f, call.value);
  }

  #end(call: Call, now: number): void {
    const { process, f, key, fate } = call;
    const refused = fate === "ok" && call.result === REFUSED;
    const type = refused && this.#plan.random.int(2) === 0 ? "fail" : fate;
    const made = type === "ok" && this.#plan.random.next() < this.#plan.wrong;
    const result = made ? this.#makeUp(call) : refused ? false : call.result;
    const value = type === "ok" && result !== undefined ? { value: result } : {};
    this.#events.push({ type, process, f, key, ...value, time: now });
    this.#pause(fate === "info" ? this.#processes++ : process, now);
  }

  #objectOf(key: string): ToyObject {
    const object = this.#objects.get(key) ?? new ToyObject(this.#plan.model);
    this.#objects.set(key, object);
    return object;
  }

  #value(): number {
    const { random, values } = this.#plan;
    return values === 0 ? ++this.#used : 1 + random.int(values);
  }

  #draw(): readonly [string, unknown] {
    const { random, model } = this.#plan;
    const chance = random.int(10);
    if (model === "counter") {
      if (chance < 4) return ["read", null];
      return chance < 8 ? ["inc", this.#step()] : ["dec", this.#step()];
    }
    if (model === "set") {
      if (chance < 3) return ["read", null];
      if (chance < 5) return ["contains", this.#value()];
      return chance < 8 ? ["add", this.#value()] : ["remove", this.#value()];
    }
    if (chance < 5) return ["read", null];
    if (chance < 8 || model === "register") return ["write", this.#value()];
    return ["cas", [this.#value(), this.#value()]];
  }

  #step(): number {
    return this.#plan.values === 0 ? 1 : 1 + this.#plan.random.int(this.#plan.values);
  }

  #makeUp({ f, value, result }: Call): unknown {
    const other = this.#value();
    if (f === "contains") return result !== true;
    if (f === "cas") return result === REFUSED;
    if (f !== "read") return result;
    if (this.#plan.model !== "set") return other;
    const elements = Array.isArray(result) ? result : [value];
    return elements.includes(other)
      ? elements.filter((one) => one !== other)
      : [...elements, other];
  }
}

const REFUSED = Symbol("refused");

/** The object itself, one operation at a time. */
class ToyObject {
  readonly #elements = new Set<unknown>();
  readonly #isSet: boolean;
  #value: unknown;

  constructor(model: ModelName) {
    this.#value = model === "counter" ? 0 : null;
    this.#isSet = model === "set";
  }

  apply(f: string, value: unknown): unknown {
    switch (f) {
      case "read":
        return this.#isSet ? [...this.#elements] : this.#value;
      case "write":
        this.#value = value;
        return undefined;
      case "cas": {
        const [from, to] = value as readonly unknown[];
        if (this.#value !== from) return REFUSED;
        this.#value = to;
        return undefined;
      }
      case "inc":
      case "dec":
        this.#value = Number(this.#value) + (f === "inc" ? 1 : -1) * Number(value);
        return undefined;
      case "contains":
        return this.#elements.has(value);
      case "add":
        this.#elements.add(value);
        return undefined;
      default:
        this.#elements.delete(value);
        return undefined;
    }
  }
}
