/**
 * The eventual half of the memory: every node takes writes without asking the others, and all come
 * to hold the same. Fresh changes are pushed to a few at once; comparing hash trees with a random
 * peer finds what pushes left out; what is deleted leaves a certificate, so that it stays so.
 */
import { assert, unreachable } from "#main/kernel/assert.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import { ANSWER_TIMER, PendingAnswers } from "./answers.ts";
import { compareDefinitions } from "./definitions.ts";
import { Drops } from "./drops.ts";
import { Exchanges } from "./exchanges.ts";
import { validateMemoryOptions } from "./options.ts";
import { remove, write } from "./orders.ts";
import type { MemorySetup } from "./setup.ts";
import { type News, type Outgoing, Spreading } from "./spreading.ts";
import { Store } from "./store.ts";
import type {
  Definition,
  Held,
  MemoryAnswer,
  MemoryEffect,
  MemoryEvent,
  MemoryInput,
  MemoryMessage,
  MemoryOrder,
  Update,
} from "./types.ts";
import type { MemoryMode } from "./modes.ts";

const COMPARE_TIMER = "compare";
const RESEND_TIMER = "resend";
const EXPIRY_TIMER = "expiry";
/** Updates written since the last checkpoint before there is another one, beside one for each key. */
const CHECKPOINT_AFTER = 512;
const NO_EFFECTS: readonly MemoryEffect[] = [];

type RequestOrder = Extract<MemoryOrder, { kind: "write" | "delete" }>;
type NamespaceOrder = Extract<MemoryOrder, { kind: "namespace" }>;

export class Memory {
  readonly #setup: MemorySetup;
  readonly #store: Store;
  readonly #spreading: Spreading;
  readonly #exchanges: Exchanges;
  readonly #drops = new Drops();
  readonly #timers = new Map<string, Micros>();
  #effects: MemoryEffect[] = [];
  #news: Update[] = [];
  /** Who knows the news of this step already. */
  #told: NodeId[] = [];
  #newsOfSpaces = false;
  readonly #answers = new PendingAnswers();
  #started = false;
  #writable = true;
  #written = 0;

  constructor(setup: MemorySetup) {
    const problems = validateMemoryOptions(setup.options);
    assert(problems.length === 0, problems.join("; "));
    this.#setup = setup;
    this.#store = new Store(setup);
    this.#spreading = new Spreading(setup);
    this.#exchanges = new Exchanges(this.#store);
  }

  /** What a namespace is; undefined: nobody defined it, as far as is known here. */
  modeOf(namespace: string): MemoryMode | undefined {
    return this.#store.definitions.get(namespace)?.mode;
  }

  /** Keys and certificates that take room here, dormant ones included. */
  get keys(): number {
    return this.#store.keys;
  }

  /** What is held under a key; null: nothing. */
  held(namespace: string, key: string): Held | null {
    return this.#store.held(namespace, key);
  }

  /** Everything held, in order, up to so many keys, and how many are left out. */
  entries(limit: number): { readonly entries: readonly Held[]; readonly skipped: number } {
    return this.#store.entries(limit);
  }

  step(input: MemoryInput): readonly MemoryEffect[] {
    this.#effects = [];
    this.#news = [];
    this.#told = [];
    this.#newsOfSpaces = false;
    switch (input.kind) {
      case "start":
        this.#start(input.now);
        break;
      case "message":
        this.#receive(input.from, input.message, input.now);
        break;
      case "timer":
        this.#fire(input.timer, input.now);
        break;
      case "namespace":
        this.#namespace(input);
        break;
      case "write":
      case "delete":
        this.#order(input);
        break;
      case "writable":
        this.#writable = input.writable;
        break;
      default:
        unreachable(input);
    }
    return this.#finish(input.now);
  }

  #start(now: Micros): void {
    const wall = this.#setup.wall(now);
    for (const record of this.#setup.restore) {
      this.#store.restore(record, wall);
      this.#written += record.updates.length;
    }
    this.#started = true;
    for (const { namespace, mode } of this.#store.definitions.all()) {
      this.#emit({ kind: "namespace", namespace, mode });
    }
    this.#store.age(wall);
    for (const held of this.entries(Number.POSITIVE_INFINITY).entries) {
      this.#emit({ kind: "changed", cause: "merge", ...held });
    }
    this.#plan(COMPARE_TIMER, this.#firstComparison(now));
  }

  /** Nodes do not begin together. A node without namespaces has nothing to compare. */
  #firstComparison(now: Micros): Micros | null {
    const { options, random } = this.#setup;
    const idle = this.#store.definitions.size === 0 || !this.#started;
    return idle ? null : now + 1 + random.int(ms(options.antiEntropyMs));
  }

  #namespace({ now, request, namespace, mode, since }: NamespaceOrder): void {
    const { self, wall } = this.#setup;
    const held = this.#store.definitions.get(namespace);
    if (since === null && !this.#writable) {
      return this.#answer(request, this.#readOnly());
    }
    if (since === null && held !== undefined) {
      const same = held.mode === mode;
      const message = `${namespace} is there already, as ${held.mode}`;
      return this.#answer(request, same ? { code: "ok" } : { code: "conflict", message });
    }
    const at = wall(now);
    const stamp = since === null ? { at, node: self } : { at: since, node: "*" };
    if (!this.#define({ namespace, mode, stamp }, at)) {
      return this.#answer(request, { code: "busy", message: "there are too many namespaces" });
    }
    this.#newsOfSpaces ||= since === null;
    this.#answer(request, { code: "ok" });
  }

  #order(order: RequestOrder): void {
    const { now, request } = order;
    if (!this.#started) {
      const message = `${this.#setup.self} has not finished starting; try again in a moment`;
      return this.#answer(request, { code: "busy", message });
    }
    const wall = this.#setup.wall(now);
    this.#store.age(wall);
    const asked = { setup: this.#setup, store: this.#store, wall };
    if (!this.#writable) {
      return this.#answer(request, this.#readOnly());
    }
    const { answer, update } = order.kind === "write" ? write(asked, order) : remove(asked, order);
    if (update !== null) {
      this.#news.push(update);
    }
    this.#answer(request, answer);
  }

  #receive(from: NodeId, message: MemoryMessage, now: Micros): void {
    if (!this.#started) {
      return;
    }
    switch (message.kind) {
      case "push":
        this.#takeDefinitions(message.definitions, now);
        this.#takeUpdates(from, message.updates, { now, fresh: true });
        return this.#send({ to: from, message: { kind: "ack", sequence: message.sequence } });
      case "ack":
        return this.#spreading.acknowledged(from, message.sequence);
      case "roots": {
        const theirs = message.roots.map(({ definition }) => definition);
        this.#takeDefinitions(theirs, now);
        this.#tellBetter(from, theirs, now);
        return this.#exchanges.compare(from, message.roots, now).forEach((out) => this.#send(out));
      }
      case "merkle": {
        const { send, event, violation } = this.#exchanges.receive(from, message.message, now);
        send.forEach((out) => this.#send(out));
        if (violation) {
          this.#drops.add("violation");
        }
        return event === null ? undefined : this.#emit(event);
      }
      case "repair":
        return this.#takeUpdates(from, message.updates, { now, fresh: false });
      default:
        return unreachable(message);
    }
  }

  #takeDefinitions(definitions: readonly Definition[], now: Micros): void {
    const wall = this.#setup.wall(now);
    for (const definition of definitions) {
      this.#newsOfSpaces = this.#define(definition, wall) === "new" || this.#newsOfSpaces;
    }
  }

  /** False: there are too many already. */
  #define(definition: Definition, wall: Micros): "new" | "held" | false {
    const defined = this.#store.define(definition, wall);
    if (defined.kind === "full") {
      this.#drops.add("full");
      return false;
    }
    const isNew = defined.kind === "new" || defined.kind === "mode";
    if (isNew && this.#started) {
      const { namespace, mode } = definition;
      this.#emit({ kind: "namespace", namespace, mode });
    }
    return isNew ? "new" : "held";
  }

  /** The peer lacks a namespace, or holds a definition that has to give way to this node's. */
  #tellBetter(peer: NodeId, theirs: readonly Definition[], now: Micros): void {
    const held = new Map(theirs.map((each) => [each.namespace, each]));
    const definitions = this.#store.definitions.all().filter((mine) => {
      const other = held.get(mine.namespace);
      return other === undefined || compareDefinitions(mine, other) < 0;
    });
    if (definitions.length > 0) {
      const news = { definitions, updates: [] };
      this.#spreading.push(peer, news, now).forEach((out) => this.#send(out));
    }
  }

  /** `fresh`: pushed, and passed on by everybody who learns of it. */
  #takeUpdates(
    from: NodeId,
    updates: readonly Update[],
    { now, fresh }: { readonly now: Micros; readonly fresh: boolean },
  ): void {
    const wall = this.#setup.wall(now);
    const corrections: Update[] = [];
    this.#told.push(from);
    for (const update of updates) {
      const taken = this.#store.take(update, "merge", wall);
      switch (taken.kind) {
        case "changed":
          if (fresh) {
            this.#news.push(update);
          }
          break;
        case "deleted": {
          const { certificate, awake } = taken;
          const correction: Update = { ...update, content: { kind: "certificate", certificate } };
          corrections.push(correction);
          if (awake) {
            this.#news.push(correction);
          }
          break;
        }
        case "refused":
          this.#drops.add(taken.reason);
          break;
        case "known":
          break;
        default:
          unreachable(taken);
      }
    }
    if (corrections.length > 0) {
      const news = { definitions: [], updates: corrections };
      this.#spreading.push(from, news, now).forEach((out) => this.#send(out));
    }
  }

  #fire(timer: string, now: Micros): void {
    this.#timers.delete(timer);
    switch (timer) {
      case COMPARE_TIMER:
        return this.#compare(now);
      case RESEND_TIMER:
        this.#spreading.resend(now).forEach((out) => this.#send(out));
        return this.#drops.add("unacknowledged", this.#spreading.takeGivenUp());
      case ANSWER_TIMER:
        return this.#answers.take().forEach((event) => this.#emit(event));
      case EXPIRY_TIMER:
        // What is due dies at the end of every step.
        return;
      default:
        assert(false, `no timer of the memory: ${timer}`);
    }
  }

  #compare(now: Micros): void {
    this.#exchanges.forgetOld(now);
    const [peer] = this.#spreading.draw(1);
    if (peer !== undefined) {
      this.#send({ to: peer, message: { kind: "roots", roots: this.#exchanges.roots() } });
    }
    this.#plan(COMPARE_TIMER, now + ms(this.#setup.options.antiEntropyMs));
  }

  /** What every step ends with. All of it waits for the disk, if anything has to be written. */
  #finish(now: Micros): readonly MemoryEffect[] {
    const wall = this.#setup.wall(now);
    if (this.#started) {
      this.#store.age(wall);
    }
    const record = this.#store.takeRecord();
    const changes = this.#store.takeChanges();
    const told = record === null ? this.#effects : this.#answers.hold(this.#effects, now);
    this.#effects = [];
    if (this.#started) {
      changes.forEach((change) => this.#emit({ kind: "changed", ...change }));
    }
    this.#effects.push(...told);
    this.#spreadNews(now);
    this.#drops.report((event) => this.#emit(event));
    this.#planTimers(now, wall);
    if (record === null) {
      return this.#effects.length === 0 ? NO_EFFECTS : this.#effects;
    }
    this.#written += record.updates.length;
    const checkpoint = this.#started && this.#written > CHECKPOINT_AFTER + this.#store.keys;
    if (checkpoint) {
      this.#written = 0;
    }
    const kept = checkpoint ? this.#store.checkpoint(wall) : record;
    return [{ kind: "persist", record: kept, checkpoint, then: this.#effects }];
  }

  #spreadNews(now: Micros): void {
    if (this.#started && (this.#news.length > 0 || this.#newsOfSpaces)) {
      const news = this.#newsToTell();
      this.#spreading.spread(news, this.#told, now).forEach((out) => this.#send(out));
    }
  }

  /** With the namespaces that the news are about; all of them when one of them is new. */
  #newsToTell(): News {
    const updates = this.#news;
    const named = new Set(updates.map(({ namespace }) => namespace));
    const all = this.#store.definitions.all();
    const definitions = this.#newsOfSpaces ? all : all.filter((each) => named.has(each.namespace));
    return { definitions, updates };
  }

  #planTimers(now: Micros, wall: Micros): void {
    if (!this.#timers.has(COMPARE_TIMER)) {
      this.#plan(COMPARE_TIMER, this.#firstComparison(now));
    }
    if (this.#spreading.waits && !this.#timers.has(RESEND_TIMER)) {
      this.#plan(RESEND_TIMER, now + ms(this.#setup.options.resendMs));
    }
    const next = this.#store.nextExpiry;
    if (Number.isFinite(next) && this.#started) {
      this.#plan(EXPIRY_TIMER, now + Math.max(1, next - wall));
    }
  }

  #plan(timer: string, at: Micros | null): void {
    if (at !== null && this.#timers.get(timer) !== at) {
      this.#timers.set(timer, at);
      this.#effects.push({ kind: "timer", timer, at });
    }
  }

  #readOnly(): MemoryAnswer {
    const { self } = this.#setup;
    const message = `${self} is read-only: it cannot reach a majority of the mesh`;
    return { code: "read-only", message };
  }

  #answer(request: number | null, answer: MemoryAnswer): void {
    if (request !== null) {
      this.#emit({ kind: "answered", request, ...answer });
    }
  }

  #emit(event: MemoryEvent): void {
    this.#effects.push({ kind: "emit", event });
  }

  #send({ to, message }: Outgoing): void {
    this.#effects.push({ kind: "send", to, message });
  }
}
