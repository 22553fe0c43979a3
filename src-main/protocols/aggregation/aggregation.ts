/**
 * Push-sum in epochs: every round each node gives half of its mass to a random peer, so that the
 * ratios of all nodes come together at the ratio of the totals. Transfers are acknowledged and
 * repeated, so that a lost message destroys nothing; each epoch starts anew from the nodes' values.
 */
import { assert, unreachable } from "#main/kernel/assert.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import { Convergence, NOTHING, ratiosOf } from "./estimate.ts";
import { add, half, initialMass, isPlausible } from "./mass.ts";
import { type AggregationOptions, validateAggregationOptions } from "./options.ts";
import type { AggregationSetup } from "./setup.ts";
import { Outstanding, Received } from "./transfers.ts";
import type {
  AggregationEffect,
  AggregationEvent,
  AggregationInput,
  AggregationMessage,
  Estimates,
  Mass,
  MassRefusal,
  Transfer,
} from "./types.ts";

const ROUND_TIMER = "round";

/** Everything that ends with its epoch. */
interface Run {
  readonly epoch: number;
  readonly outstanding: Outstanding;
  readonly received: Received;
  readonly convergence: readonly Convergence[];
  mass: Mass;
  round: number;
}

export class Aggregation {
  readonly #setup: AggregationSetup;
  readonly #options: AggregationOptions;
  readonly #values: (number | null)[];
  #effects: AggregationEffect[] = [];
  /** Null until the first epoch that begins after the start. */
  #run: Run | null = null;
  /** Epochs up to here are not taken part in: they began without this node. */
  #missedEpoch = Number.POSITIVE_INFINITY;

  constructor(setup: AggregationSetup) {
    const problems = validateAggregationOptions(setup.options);
    assert(problems.length === 0, problems.join("; "));
    this.#setup = setup;
    this.#options = setup.options;
    this.#values = setup.options.metrics.map(() => null);
  }

  /** The epoch this node takes part in; null before its first. */
  get epoch(): number | null {
    return this.#run?.epoch ?? null;
  }

  /** What this node holds, without what is under way. */
  get mass(): Mass | null {
    return this.#run?.mass ?? null;
  }

  /** Transfers without an answer, with whom they go to. */
  get outstanding(): readonly (readonly [NodeId, Transfer])[] {
    return this.#run?.outstanding.entries() ?? [];
  }

  /** Whether a transfer of the running epoch is part of this node's mass. */
  hasTaken(from: NodeId, { epoch, sequence }: Transfer): boolean {
    return this.#run?.epoch === epoch && this.#run.received.isRepeated(from, sequence);
  }

  /** Of the running epoch; undefined for an unknown metric and before the first epoch. */
  estimates(metric: string): Estimates | undefined {
    const index = this.#indexOf(metric);
    return this.#run === null || index < 0 ? undefined : this.#estimatesOf(this.#run, index);
  }

  step(input: AggregationInput): readonly AggregationEffect[] {
    this.#effects = [];
    switch (input.kind) {
      case "start":
        this.#start(input.now);
        break;
      case "message":
        this.#receive(input.from, input.message, input.now);
        break;
      case "timer":
        this.#round(input.now);
        break;
      case "value":
        this.#setValue(input.metric, input.value);
        break;
      default:
        unreachable(input);
    }
    return this.#effects;
  }

  /** Mass of a former life in this epoch is lost or with others: the next one begins with all. */
  #start(now: Micros): void {
    const epoch = this.#epochAt(now);
    const beginsNow = now === epoch * ms(this.#options.epochMs);
    this.#missedEpoch = beginsNow ? epoch - 1 : epoch;
    this.#setTimer(now + 1 + this.#setup.random.int(ms(this.#options.roundIntervalMs)));
  }

  #setValue(metric: string, value: number | null): void {
    const index = this.#indexOf(metric);
    const range = this.#options.metrics[index];
    const usable =
      range !== undefined && (value === null || (value >= range.lowest && value <= range.highest));
    if (usable) {
      this.#values[index] = value;
    } else {
      this.#emit({ kind: "bad-value", metric });
    }
  }

  #round(now: Micros): void {
    this.#setTimer(now + ms(this.#options.roundIntervalMs));
    this.#enter(this.#epochAt(now));
    const run = this.#run;
    if (run === null) {
      return;
    }
    run.mass.shares.forEach((share, i) => run.convergence[i]?.endRound(run.mass, share));
    run.round++;
    if (run.round % this.#options.reportEvery === 0) {
      this.#report(run, false);
    }
    for (const [peer, transfer] of run.outstanding.entries()) {
      this.#send(peer, { type: "transfer", ...transfer });
    }
    this.#give(run);
  }

  /** A clock that lags does not lead back, and epochs that began without this node are left out. */
  #enter(epoch: number): void {
    if (epoch <= Math.max(this.#run?.epoch ?? -1, this.#missedEpoch)) {
      return;
    }
    if (this.#run !== null) {
      this.#report(this.#run, true);
    }
    const { metrics } = this.#options;
    this.#run = {
      epoch,
      outstanding: new Outstanding(),
      received: new Received(),
      convergence: metrics.map(() => new Convergence()),
      mass: initialMass(this.#setup.self, this.#values),
      round: 0,
    };
    this.#emit({ kind: "epoch", epoch, metrics: metrics.map(({ name }) => name) });
  }

  /** Half of the mass to one peer that has none of it outstanding. */
  #give(run: Run): void {
    const { self, random } = this.#setup;
    const peers = this.#setup.peers();
    const free = peers.filter((peer) => peer !== self && !run.outstanding.has(peer));
    const peer = free.length === 0 ? undefined : free[random.int(free.length)];
    if (peer === undefined || run.outstanding.size >= this.#options.maxOutstanding) {
      return;
    }
    run.mass = half(run.mass);
    this.#send(peer, { type: "transfer", ...run.outstanding.open(peer, run.epoch, run.mass) });
  }

  #receive(from: NodeId, message: AggregationMessage, now: Micros): void {
    switch (message.type) {
      case "transfer":
        this.#enterEarly(message.epoch, now);
        this.#take(from, message);
        break;
      case "ack":
        this.#settle(from, message.epoch, message.sequence, message.applied);
        break;
      default:
        unreachable(message);
    }
  }

  /** Another node's clock is a little ahead: its message begins the epoch here as well. */
  #enterEarly(epoch: number, now: Micros): void {
    if (epoch <= this.#epochAt(now + ms(this.#options.clockSkewMs))) {
      this.#enter(Math.max(epoch, this.#epochAt(now)));
    }
  }

  #take(from: NodeId, transfer: Transfer): void {
    const run = this.#run;
    const { epoch, sequence, mass } = transfer;
    if (run === null || epoch !== run.epoch) {
      // Of an epoch that is over here, or began without this node, nothing will ever be taken. One
      // that is still to come is not answered: the sender repeats it.
      if (epoch <= Math.max(run?.epoch ?? -1, this.#missedEpoch)) {
        this.#send(from, { type: "ack", epoch, sequence, applied: false });
      }
      return;
    }
    if (!run.received.isRepeated(from, sequence)) {
      const refusal = this.#refusal(run, from, mass);
      if (refusal !== null || !run.received.note(from, sequence)) {
        this.#emit({ kind: "refused", from, code: refusal ?? "too-many-senders" });
        return;
      }
      run.mass = add(run.mass, mass, run.epoch);
      this.#hear(run, mass);
    }
    this.#send(from, { type: "ack", epoch, sequence, applied: true });
  }

  #refusal(run: Run, from: NodeId, mass: Mass): MassRefusal | null {
    const { metrics } = this.#options;
    if (mass.shares.length !== metrics.length) {
      return "wrong-metrics";
    }
    // Lists differ while somebody joins; twice their size is beyond all such differences.
    const maxWeight = 2 * (this.#setup.peers().length + 1);
    if (!isPlausible(mass, metrics, maxWeight)) {
      return "bad-mass";
    }
    const known = [run.mass.root, from].includes(mass.root) || this.#setup.isMember(mass.root);
    return known ? null : "unknown-root";
  }

  #settle(from: NodeId, epoch: number, sequence: number, applied: boolean): void {
    const run = this.#run;
    const transfer = run?.outstanding.settle(from, epoch, sequence);
    if (run !== null && transfer !== undefined && !applied) {
      run.mass = add(run.mass, transfer.mass, run.epoch);
    }
  }

  #hear(run: Run, mass: Mass): void {
    // Under another root the count says nothing about this one's.
    const rootWeight = mass.root === run.mass.root ? mass.rootWeight : 0;
    mass.shares.forEach((share, i) => run.convergence[i]?.hear(ratiosOf(share, rootWeight)));
  }

  #report(run: Run, final: boolean): void {
    this.#options.metrics.forEach(({ name }, i) => {
      const estimates = this.#estimatesOf(run, i);
      const { epoch, round } = run;
      this.#emit({ kind: "estimate", metric: name, epoch, round, final, estimates });
    });
  }

  #estimatesOf(run: Run, metric: number): Estimates {
    const { self, peers } = this.#setup;
    const { minRounds, settledRounds } = this.#options;
    const share = run.mass.shares[metric];
    const convergence = run.convergence[metric];
    assert(share !== undefined && convergence !== undefined, "every metric has its share");
    if (run.round < minRounds) {
      return NOTHING;
    }
    const alone = peers().every((peer) => peer === self);
    return convergence.estimates(run.mass, share, { settledRounds, alone });
  }

  #epochAt(now: Micros): number {
    return Math.floor(now / ms(this.#options.epochMs));
  }

  #indexOf(metric: string): number {
    return this.#options.metrics.findIndex(({ name }) => name === metric);
  }

  #setTimer(at: Micros): void {
    this.#effects.push({ kind: "timer", timer: ROUND_TIMER, at });
  }

  #send(to: NodeId, message: AggregationMessage): void {
    this.#effects.push({ kind: "send", to, message });
  }

  #emit(event: AggregationEvent): void {
    this.#effects.push({ kind: "emit", event });
  }
}
