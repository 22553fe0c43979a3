/**
 * Twins: a Byzantine replica as two correct ones with the same name and key that do not know of each
 * other (Bano et al., "Twins: BFT Systems Made Robust", OPODIS'21). Between them they equivocate,
 * forget, vote twice and hide what they prepared, and nobody has to think of these lies one by one:
 * the small scenarios of who hears whom in which view are enumerated, all of them.
 *
 * A scenario has one cut of the instances into two groups for each round. Each round begins with the
 * order to go to the next view, so its primary is known, and with a request in each group. It may be
 * torn: of its COMMITs only those to one instance arrive, so that one replica alone has decided and
 * a view change has to bring what it decided to the others. After the last round the cut is healed;
 * correct replicas must agree, and must go on.
 */
import { assert } from "#main/kernel/assert.ts";
import type { ConsensusEvent, ConsensusInput } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { AppendLog, toBytes } from "#main/kernel/testing/append-log.ts";
import { MiniWorld } from "#main/kernel/testing/mini-world.ts";
import { ms } from "#main/kernel/time.ts";
import { pbftCodec } from "../codec.ts";
import { PBFT_DEFAULTS, type PbftOptions } from "../options.ts";
import { Pbft } from "../pbft.ts";
import type { PbftEffect, PbftMessage, PbftRecord } from "../types.ts";
import { toySigner } from "./toy-signer.ts";

export interface TwinsSpace {
  /** Replicas by name; with their twins there are at most `MAX_INSTANCES`. */
  readonly size: number;
  /** Places in the order of primaries of the replicas that run twice. */
  readonly twinned: readonly number[];
  readonly rounds: number;
  /** Whether all rounds but the last may also be torn. */
  readonly torn: boolean;
}

export interface TwinsRound {
  /** Bit i says in which of two groups instance i is; twins come last. */
  readonly cut: number;
  /** The instance that alone gets COMMITs; null: all do. */
  readonly commitsTo: number | null;
}

export type TwinsScenario = readonly TwinsRound[];

export interface TwinsVerdict {
  /** What two correct replicas disagree on, or what one executed that nobody asked for. */
  readonly unsafe: string | null;
  /** What did not happen although nothing is cut any more; not looked at when it is unsafe. */
  readonly stuck: string | null;
  /** Entries that the correct replica with the most of them executed before the healing. */
  readonly executed: number;
}

const MAX_INSTANCES = 8;
const LATENCY_US = ms(1);
/** A view change takes 3 message delays, agreement 5. */
const SETTLE_US = ms(6);
const ROUND_US = ms(12);
/** By then a few views whose primaries are cut off or lie have passed. */
const HEAL_US = ms(8_000);
const STEP_US = ms(20);

/** Short timers: the healed phase is soon over. Longer than a round, which is ordered from outside. */
const OPTIONS: PbftOptions = {
  ...PBFT_DEFAULTS,
  viewTimeoutMs: 100,
  viewTimeoutMaxMs: 800,
  statusIntervalMs: 40,
  idleStatusIntervalMs: 400,
  clientRetryMs: 60,
  requestTimeoutMs: 6_000,
};

/** All scenarios that differ, always in the same order. */
export function* twinsScenarios(space: TwinsSpace): Generator<TwinsScenario> {
  const instances = instancesOf(space).length;
  assert(instances <= MAX_INSTANCES, "too many instances to enumerate");
  // Groups have no names: the first instance is always in group 0.
  const cuts = 2 ** (instances - 1);
  const kinds = Array.from({ length: space.rounds }, (_, round) => {
    return space.torn && round < space.rounds - 1 ? cuts * (instances + 1) : cuts;
  });
  const count = kinds.reduce((product, kind) => product * kind, 1);
  for (let number = 0; number < count; number++) {
    const scenario = scenarioOf(number, kinds, cuts);
    if (isFirstOfItsKind(scenario, space)) {
      yield scenario;
    }
  }
}

/** The rounds are the digits of the number, each with a base of its own. */
function scenarioOf(number: number, kinds: readonly number[], cuts: number): TwinsScenario {
  let rest = number;
  return kinds.map((kind) => {
    const digit = rest % kind;
    rest = Math.floor(rest / kind);
    const ending = Math.floor(digit / cuts);
    return { cut: (digit % cuts) * 2, commitsTo: ending === 0 ? null : ending - 1 };
  });
}

/** Which of two twins is called the twin makes no difference: one scenario stands for both. */
function isFirstOfItsKind(scenario: TwinsScenario, { size, twinned }: TwinsSpace): boolean {
  const all = 2 ** (size + twinned.length) - 1;
  return twinned.every((original, place) => {
    const twin = size + place;
    for (const { cut, commitsTo } of scenario) {
      const swapped = swapBits(cut, original, twin);
      const renamed = (swapped & 1) === 0 ? swapped : ~swapped & all;
      if (renamed !== cut) {
        return cut < renamed;
      }
      if (commitsTo === original || commitsTo === twin) {
        return commitsTo === original;
      }
    }
    return true;
  });
}

function swapBits(cut: number, a: number, b: number): number {
  const differ = ((cut >> a) ^ (cut >> b)) & 1;
  return cut ^ (differ << a) ^ (differ << b);
}

/** For messages: `{r0 r1 | r0' r2 r3} commits to r1, …`. */
export function describeScenario(scenario: TwinsScenario, space: TwinsSpace): string {
  const names = instancesOf(space).map(({ instance }) => instance);
  const side = (cut: number, group: number): string =>
    names.filter((_, place) => ((cut >> place) & 1) === group).join(" ");
  return scenario
    .map(({ cut, commitsTo }) => {
      const torn = commitsTo === null ? "" : ` commits to ${names[commitsTo] ?? ""}`;
      return `{${side(cut, 0)} | ${side(cut, 1)}}${torn}`;
    })
    .join(", ");
}

export function runTwins(space: TwinsSpace, scenario: TwinsScenario): TwinsVerdict {
  const world = new TwinsWorld(space);
  scenario.forEach((round, number) => world.round(round, number));
  const executed = world.executed();
  const unsafe = world.unsafe();
  if (unsafe !== null) {
    return { unsafe, stuck: null, executed };
  }
  const stuck = world.heal();
  const later = world.unsafe();
  return { unsafe: later, stuck: later === null ? stuck : null, executed };
}

interface Instance {
  /** Where it runs; its twin runs elsewhere. */
  readonly instance: NodeId;
  /** Who it says it is, and can sign as. */
  readonly self: NodeId;
}

function instancesOf({ size, twinned }: TwinsSpace): readonly Instance[] {
  const names = Array.from({ length: size }, (_, place) => `r${place}`);
  const twins = twinned.map((place) => ({ instance: `r${place}'`, self: `r${place}` }));
  return [...names.map((name) => ({ instance: name, self: name })), ...twins];
}

type World = MiniWorld<ConsensusInput<PbftMessage>, PbftMessage, ConsensusEvent, PbftRecord>;

class TwinsWorld {
  readonly #world: World = new MiniWorld({ codec: pbftCodec, latencyUs: LATENCY_US });
  readonly #instances: readonly Instance[];
  readonly #members: readonly NodeId[];
  /** Replicas that run once. */
  readonly #correct: readonly NodeId[];
  readonly #places: ReadonlyMap<NodeId, number>;
  readonly #apps = new Map<NodeId, AppendLog>();
  readonly #asked = new Set<string>();
  #requests = 0;

  constructor(space: TwinsSpace) {
    this.#instances = instancesOf(space);
    this.#members = this.#instances.slice(0, space.size).map(({ self }) => self);
    this.#correct = this.#members.filter((_, place) => !space.twinned.includes(place));
    this.#places = new Map(this.#instances.map(({ instance }, place) => [instance, place]));
    for (const one of this.#instances) {
      this.#start(one);
    }
  }

  round({ cut, commitsTo }: TwinsRound, number: number): void {
    const groupOf = (instance: NodeId): number => (cut >> (this.#places.get(instance) ?? 0)) & 1;
    const isTornFrom = (to: NodeId): boolean =>
      commitsTo !== null && this.#places.get(to) !== commitsTo;
    this.#world.drop = (from, to, { type }) =>
      groupOf(from) !== groupOf(to) || (type === "commit" && isTornFrom(to));
    if (number > 0) {
      const to = this.#members[number % this.#members.length] ?? null;
      for (const { instance } of this.#instances) {
        this.#world.input(instance, { kind: "transfer", now: this.#world.now, request: 0, to });
      }
      this.#runFor(SETTLE_US);
    }
    for (const group of [0, 1]) {
      const client = this.#correct.find((node) => groupOf(node) === group);
      if (client !== undefined) {
        this.#propose(client, `round ${number} group ${group}`);
      }
    }
    this.#runFor(ROUND_US);
  }

  /** What is still not done when nothing was cut for a while; null when all is well. */
  heal(): string | null {
    this.#world.drop = () => false;
    const until = this.#world.now + HEAL_US;
    const [client = ""] = this.#correct.slice(-1);
    const request = this.#propose(client, "last");
    while (this.#world.now < until) {
      this.#runFor(STEP_US);
      if (this.#isAnswered(request) && this.#areEqual()) {
        return null;
      }
    }
    return this.#isAnswered(request)
      ? "correct replicas did not come to hold the same"
      : "a request was not carried out";
  }

  unsafe(): string | null {
    const digests = new Map<number, string>();
    for (const { node, event } of this.#world.of("applied")) {
      const known = digests.get(event.index) ?? event.digest;
      if (this.#correct.includes(node) && known !== event.digest) {
        return `two digests at ${event.index}`;
      }
      if (this.#correct.includes(node)) {
        digests.set(event.index, known);
      }
    }
    for (const node of this.#correct) {
      const entries = this.#entries(node);
      const strange = entries.find((entry) => !this.#asked.has(entry));
      if (strange !== undefined) {
        return `${node} executed ${strange}, which no client asked for`;
      }
      if (new Set(entries).size !== entries.length) {
        return `${node} executed a request twice`;
      }
    }
    return null;
  }

  executed(): number {
    return Math.max(...this.#correct.map((node) => this.#entries(node).length));
  }

  #start({ instance, self }: Instance): void {
    const app = new AppendLog();
    const machine = new Pbft({
      self,
      members: this.#members,
      mesh: "twins",
      epoch: 1,
      options: OPTIONS,
      signer: toySigner(self),
      app,
      restore: [],
      life: 0,
      amnesia: false,
    });
    this.#apps.set(instance, app);
    this.#world.add(instance, { step: (input) => this.#toInstances(machine.step(asSelf(input))) });
    this.#world.input(instance, { kind: "start", now: 0 });
  }

  /** What is sent to a replica reaches all who run under its name. */
  #toInstances(effects: readonly PbftEffect[]): readonly PbftEffect[] {
    return effects.flatMap((effect): readonly PbftEffect[] => {
      if (effect.kind === "persist") {
        return [{ ...effect, then: this.#toInstances(effect.then) }];
      }
      if (effect.kind !== "send") {
        return [effect];
      }
      return this.#instances
        .filter(({ self }) => self === effect.to)
        .map(({ instance }) => ({ ...effect, to: instance }));
    });
  }

  #propose(node: NodeId, text: string): number {
    const request = ++this.#requests;
    this.#asked.add(text);
    const command = toBytes(text);
    this.#world.input(node, { kind: "propose", now: this.#world.now, request, command });
    return request;
  }

  #isAnswered(request: number): boolean {
    return this.#world
      .of("answered")
      .some(({ event }) => event.request === request && event.outcome.ok);
  }

  #areEqual(): boolean {
    return new Set(this.#correct.map((node) => this.#entries(node).join("\n"))).size === 1;
  }

  #entries(node: NodeId): readonly string[] {
    return this.#apps.get(node)?.entries ?? [];
  }

  #runFor(duration: number): void {
    this.#world.runTo(this.#world.now + duration);
  }
}

/** A replica knows others by the names that they sign with. */
function asSelf(input: ConsensusInput<PbftMessage>): ConsensusInput<PbftMessage> {
  return input.kind === "message" && input.from.endsWith("'")
    ? { ...input, from: input.from.slice(0, -1) }
    : input;
}
