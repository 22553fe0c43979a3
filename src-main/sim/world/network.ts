/**
 * What happens to a message between two nodes. A datagram network: every message draws its own
 * delay, so messages may overtake each other; the base conditions hold everywhere, faults are
 * laid over them in the order they were applied, each overriding the aspects it names.
 */
import type { LinkConditions, LinkScope } from "#shared/contract/primitives.ts";
import type { Random } from "#main/kernel/random.ts";
import { type Micros, MICROS_PER_MS, MICROS_PER_SECOND } from "#main/kernel/time.ts";

/** What a narrow link holds back at most; more is lost, as in a router with a full buffer. */
const MAX_BACKLOG_US = 10 * MICROS_PER_SECOND;
/** A reordered message is held back by up to this many mean delays. */
const REORDER_FACTOR = 10;

export type NetworkFault =
  | { readonly kind: "partition"; readonly groups: readonly (readonly number[])[] }
  | {
      readonly kind: "cut";
      readonly from: readonly number[];
      readonly to: readonly number[];
      readonly oneWay: boolean;
    }
  | {
      readonly kind: "conditions";
      readonly scope: LinkScope["kind"];
      readonly from: readonly number[];
      readonly to: readonly number[];
      readonly oneWay: boolean;
      readonly conditions: LinkConditions;
    };

interface ActiveFault {
  readonly id: string;
  readonly cuts: (from: number, to: number) => boolean;
  readonly covers: (from: number, to: number) => boolean;
  readonly conditions: LinkConditions;
}

/** The verdict on one message; reused from call to call. `delays` has one entry per copy. */
export interface Verdict {
  outcome: "sent" | "lost" | "cut";
  firstDelay: Micros;
  /** Delay of the duplicate, or -1 for none. */
  secondDelay: Micros;
}

interface Effective {
  latencyMs: number;
  jitterMs: number;
  loss: number;
  duplicate: number;
  reorder: number;
  bandwidth: number;
}

const NO_CONDITIONS: LinkConditions = {};

export interface NetworkOptions {
  readonly base: LinkConditions;
  readonly zoneLatencyMs: number;
  readonly random: Random;
  /** The zone of a node, by index. */
  readonly zoneOf: (node: number) => string | undefined;
}

export class Network {
  readonly #options: NetworkOptions;
  readonly #base: Effective;
  readonly #merged: Effective;
  readonly #verdict: Verdict = { outcome: "sent", firstDelay: 0, secondDelay: -1 };
  /** When a narrow link has sent what it holds, by `from * 2^20 + to`. */
  readonly #busyUntil = new Map<number, Micros>();
  #faults: ActiveFault[] = [];

  constructor(options: NetworkOptions) {
    this.#options = options;
    const plain = { latencyMs: 0, jitterMs: 0, loss: 0, duplicate: 0, reorder: 0, bandwidth: 0 };
    this.#base = Object.assign(plain, withoutUndefined(options.base));
    this.#merged = { ...this.#base };
  }

  apply(id: string, fault: NetworkFault): void {
    this.#faults.push(activate(id, fault));
  }

  clear(id: string): void {
    this.#faults = this.#faults.filter((fault) => fault.id !== id);
    if (this.#faults.length === 0) {
      this.#busyUntil.clear();
    }
  }

  /** Whether a cut or a partition stands between the two, in this direction. */
  isCut(from: number, to: number): boolean {
    for (const fault of this.#faults) {
      if (fault.cuts(from, to)) {
        return true;
      }
    }
    return false;
  }

  /** The result is overwritten by the next call. */
  judge(message: { from: number; to: number; bytes: number }, now: Micros): Verdict {
    const { from, to } = message;
    const verdict = this.#verdict;
    const random = this.#options.random;
    verdict.secondDelay = -1;
    if (this.isCut(from, to)) {
      verdict.outcome = "cut";
      return verdict;
    }
    const link = this.#conditionsOf(from, to);
    if (link.loss > 0 && random.next() < link.loss) {
      verdict.outcome = "lost";
      return verdict;
    }
    const queueing = link.bandwidth > 0 ? this.#queue(message, link.bandwidth, now) : 0;
    if (queueing < 0) {
      verdict.outcome = "lost";
      return verdict;
    }
    verdict.outcome = "sent";
    verdict.firstDelay = queueing + this.#delay(link, from, to);
    if (link.duplicate > 0 && random.next() < link.duplicate) {
      verdict.secondDelay = queueing + this.#delay(link, from, to);
    }
    return verdict;
  }

  #delay(link: Effective, from: number, to: number): Micros {
    const { random, zoneLatencyMs, zoneOf } = this.#options;
    let latency = link.latencyMs;
    if (link.jitterMs > 0) {
      latency -= link.jitterMs * Math.log(1 - random.next());
    }
    if (link.reorder > 0 && random.next() < link.reorder) {
      latency += random.next() * REORDER_FACTOR * (link.latencyMs + link.jitterMs);
    }
    if (zoneLatencyMs > 0 && zoneOf(from) !== zoneOf(to)) {
      latency += zoneLatencyMs;
    }
    return Math.round(latency * MICROS_PER_MS);
  }

  /** How long until the message has left a narrow link; -1 when its buffer is full. */
  #queue(message: { from: number; to: number; bytes: number }, rate: number, now: Micros): Micros {
    const key = message.from * 0x10_0000 + message.to;
    const begin = Math.max(now, this.#busyUntil.get(key) ?? 0);
    if (begin - now > MAX_BACKLOG_US) {
      return -1;
    }
    const end = begin + Math.ceil((message.bytes * MICROS_PER_SECOND) / rate);
    this.#busyUntil.set(key, end);
    return end - now;
  }

  #conditionsOf(from: number, to: number): Effective {
    if (this.#faults.length === 0) {
      return this.#base;
    }
    const merged = Object.assign(this.#merged, this.#base);
    for (const fault of this.#faults) {
      if (fault.covers(from, to)) {
        Object.assign(merged, fault.conditions);
      }
    }
    return merged;
  }
}

function activate(id: string, fault: NetworkFault): ActiveFault {
  const never = (): boolean => false;
  switch (fault.kind) {
    case "partition": {
      const group = new Map<number, number>();
      fault.groups.forEach((nodes, index) => nodes.forEach((node) => group.set(node, index)));
      const cuts = (from: number, to: number): boolean =>
        (group.get(from) ?? 0) !== (group.get(to) ?? 0);
      return { id, cuts, covers: never, conditions: NO_CONDITIONS };
    }
    case "cut": {
      const cuts = between(fault.from, fault.to, fault.oneWay);
      return { id, cuts, covers: never, conditions: NO_CONDITIONS };
    }
    case "conditions": {
      const conditions = withoutUndefined(fault.conditions);
      return { id, cuts: never, covers: coverage(fault), conditions };
    }
  }
}

function coverage(
  fault: Extract<NetworkFault, { kind: "conditions" }>,
): (from: number, to: number) => boolean {
  if (fault.scope === "mesh") {
    return () => true;
  }
  if (fault.scope === "between") {
    return between(fault.from, fault.to, fault.oneWay);
  }
  const around = new Set(fault.from);
  return (from, to) => around.has(from) || around.has(to);
}

function between(
  from: readonly number[],
  to: readonly number[],
  oneWay: boolean,
): (from: number, to: number) => boolean {
  const left = new Set(from);
  const right = new Set(to);
  return oneWay
    ? (a, b) => left.has(a) && right.has(b)
    : (a, b) => (left.has(a) && right.has(b)) || (left.has(b) && right.has(a));
}

/** An absent field must not override: `Object.assign` copies `undefined` too. */
function withoutUndefined(conditions: LinkConditions): LinkConditions {
  return Object.fromEntries(
    Object.entries(conditions).filter(([, value]) => value !== undefined),
  ) as LinkConditions;
}
