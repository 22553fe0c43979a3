/**
 * Synchronous cycles, the model in which the literature states its figures: in every cycle each
 * node contacts peers at the same moment, and what it learns counts from the next cycle on. Only
 * the schedule is made up here; every decision is `Gossip.step`'s.
 */
import type { Micros } from "#main/kernel/time.ts";
import type { Random } from "#main/kernel/random.ts";
import { Gossip } from "../gossip.ts";
import { GOSSIP_DEFAULTS, type GossipOptions } from "../options.ts";
import type { GossipEffect, GossipMessage } from "../types.ts";

export interface CycleResult {
  /** Cycles until the last node that ever knew it knew it. */
  readonly lastCycle: number;
  /** Share of nodes that never knew it. */
  readonly residue: number;
  /** Copies sent, per node. */
  readonly traffic: number;
}

export interface CyclePlan {
  readonly n: number;
  readonly options: Partial<GossipOptions>;
  readonly urgent: boolean;
  readonly random: Random;
  /**
   * Contacts of one cycle happen at the same moment: who hears of a rumour for the first time knew
   * nothing of it yet, however many tell it in that cycle. Else one contact comes after the other.
   */
  readonly simultaneous?: boolean;
  /** Share of messages that is lost. */
  readonly loss?: number;
}

interface Letter {
  readonly from: number;
  readonly to: string;
  readonly message: GossipMessage;
}

const CYCLE_US: Micros = 1_000_000;
const MAX_CYCLES = 1_000;

/** Spreads one rumour until all know it or nobody sends it any more. */
export function spreadInCycles(plan: CyclePlan): CycleResult {
  const run = new CycleRun(plan);
  return run.finish();
}

class CycleRun {
  readonly #plan: CyclePlan;
  readonly #nodes: Gossip[];
  readonly #ids: string[];
  readonly #indexOf: ReadonlyMap<string, number>;
  /** Per node, when its mongering timer fires; null when it is not set. */
  readonly #mongerAt: (Micros | null)[];
  /** Per node, the cycle in which it heard of the rumour. */
  readonly #heardIn: number[];
  #letters: Letter[] = [];
  #copies = 0;
  #knowing = 1;
  #cycle = 0;
  #lastCycle = 0;

  constructor(plan: CyclePlan) {
    const { n, random, options } = plan;
    this.#plan = plan;
    this.#ids = Array.from({ length: n }, (_, i) => `n${i}`);
    this.#indexOf = new Map(this.#ids.map((id, i) => [id, i]));
    this.#mongerAt = this.#ids.map(() => null);
    this.#heardIn = this.#ids.map(() => 0);
    this.#nodes = this.#ids.map(
      (self) =>
        new Gossip({
          self,
          options: { ...CYCLE_OPTIONS, ...options },
          random: random.fork(self),
          peers: () => this.#ids,
          restore: [],
        }),
    );
    this.#nodes.forEach((node) => node.step({ kind: "start", now: 0 }));
  }

  finish(): CycleResult {
    this.#publish();
    while (this.#knowing < this.#plan.n && this.#cycle < MAX_CYCLES && this.#isSpreading()) {
      this.#runCycle();
    }
    const { n } = this.#plan;
    const residue = 1 - this.#knowing / n;
    return { lastCycle: this.#lastCycle, residue, traffic: this.#copies / n };
  }

  /** The origin's first mongering send happens in the first cycle, like everybody else's. */
  #publish(): void {
    const payload = new Uint8Array(0);
    const { urgent } = this.#plan;
    const publish = { kind: "publish", now: 0, request: 1, topic: "cycle", payload } as const;
    this.#absorb(0, this.#nodes[0]?.step({ ...publish, urgent }) ?? []);
    if (urgent) {
      this.#cycle = 1;
      this.#deliver();
    }
  }

  #isSpreading(): boolean {
    return !this.#plan.urgent || this.#mongerAt.some((at) => at !== null);
  }

  #runCycle(): void {
    this.#cycle++;
    const now = this.#cycle * CYCLE_US;
    for (const [i, node] of this.#nodes.entries()) {
      if (!this.#plan.urgent) {
        this.#absorb(i, node.step({ kind: "timer", now, timer: "round" }));
      } else if ((this.#mongerAt[i] ?? Infinity) <= now) {
        this.#mongerAt[i] = null;
        this.#absorb(i, node.step({ kind: "timer", now, timer: "monger" }));
      }
    }
    this.#deliver();
  }

  /** Questions first: answers tell what was known when the cycle began. */
  #deliver(): void {
    this.#pass((message) => message.type === "pull");
    while (this.#letters.length > 0) {
      this.#pass(() => true);
    }
  }

  #pass(which: (message: GossipMessage) => boolean): void {
    const now = this.#cycle * CYCLE_US;
    const letters = this.#letters;
    this.#letters = letters.filter((letter) => !which(letter.message));
    for (const { from, to, message } of letters) {
      const index = this.#indexOf.get(to) ?? -1;
      if (which(message) && !this.#isLost() && !this.#isAfterthought(from, message)) {
        const node = this.#nodes[index];
        const sender = this.#ids[from] ?? "";
        this.#absorb(index, node?.step({ kind: "message", now, from: sender, message }) ?? []);
      }
    }
  }

  #isLost(): boolean {
    return this.#plan.random.next() < (this.#plan.loss ?? 0);
  }

  #isAfterthought(from: number, message: GossipMessage): boolean {
    const isNew = this.#heardIn[from] === this.#cycle;
    return this.#plan.simultaneous === true && message.type === "feedback" && isNew;
  }

  #absorb(index: number, effects: readonly GossipEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === "send") {
        this.#copies += effect.message.type === "rumours" ? effect.message.copies.length : 0;
        this.#letters.push({ from: index, to: effect.to, message: effect.message });
      } else if (effect.kind === "persist") {
        this.#absorb(index, effect.then);
      } else if (effect.kind === "timer" && effect.timer === "monger") {
        this.#mongerAt[index] = effect.at;
      } else if (effect.kind === "emit" && effect.event.kind === "received") {
        this.#knowing++;
        this.#heardIn[index] = this.#cycle;
        this.#lastCycle = this.#cycle;
      }
    }
  }
}

/** One contact per cycle, rumours pushed for as long as it takes, nothing behind them. */
const CYCLE_OPTIONS: GossipOptions = {
  ...GOSSIP_DEFAULTS,
  fanout: 1,
  mongerFanout: 1,
  gossipIntervalMs: 1_000,
  mongerIntervalMs: 1_000,
  spreadMultiplier: 100,
  antiEntropyEvery: 0,
};
