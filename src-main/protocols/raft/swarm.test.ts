// Seeded runs in a hostile world: crashes between effects, slow disks, a network that loses,
// doubles and reorders, members wiped, transfers, changes of membership. First everything goes
// wrong while the invariants must hold; then faults stop, and the group must agree within a bound.
import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import type { Random } from "#main/kernel/random.ts";
import { ms, seconds } from "#main/kernel/time.ts";
import { RaftWorld } from "./testing/raft-world.ts";

const SEEDS = Number(process.env["RAFT_SEEDS"] ?? 40);
const FIRST_SEED = Number(process.env["RAFT_FIRST_SEED"] ?? 1);
const STEPS = 60;

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[random.int(items.length)] as Item;
}

interface Plan {
  readonly wipes: boolean;
  readonly reconfigures: boolean;
  readonly crashShare: number;
  readonly cuts: boolean;
}

class Run {
  readonly world: RaftWorld;
  readonly #random: Random;
  readonly #plan: Plan;
  readonly #names: readonly string[];
  readonly #all: readonly string[];
  readonly #requests = new Map<number, string>();
  #cut = new Set<string>();
  #wiped = false;

  constructor(seed: number) {
    const random = createRandom(seed).fork("swarm");
    this.#random = random;
    const size = pick(random, [3, 3, 5]);
    this.#names = Array.from({ length: size }, (_, i) => `n${i + 1}`);
    this.#all = [...this.#names, "x1", "x2"];
    this.#plan = {
      wipes: random.next() < 0.3,
      reconfigures: random.next() < 0.4,
      crashShare: pick(random, [0, 0.005, 0.02]),
      cuts: random.next() < 0.6,
    };
    const slowest = pick(random, [1, 5, 40]);
    this.world = new RaftWorld({
      seed,
      members: this.#names,
      latencyUs: [100, ms(slowest)],
      diskUs: [0, ms(pick(random, [0, 2, 20]))],
      lossShare: pick(random, [0, 0.02, 0.2]),
      doubledShare: pick(random, [0, 0.1]),
      raft: {
        preVote: random.next() < 0.8,
        checkQuorum: random.next() < 0.8,
        maxInFlightAppends: pick(random, [1, 4, 32]),
        maxAppendEntries: pick(random, [1, 3, 256]),
        snapshotEveryEntries: pick(random, [5, 20, 10_000]),
        trailingEntries: pick(random, [0, 3]),
        snapshotChunkBytes: pick(random, [20, 65_536]),
        requestTimeoutMs: 2_000,
        retryIntervalMs: 200,
      },
    });
    this.world.recording = false;
    this.world.start("x1");
    this.world.start("x2");
    this.world.drop = (from, to) => this.#cut.has(`${from}>${to}`);
    this.world.crashAt = () => random.next() < this.#plan.crashShare;
  }

  chaos(): void {
    for (let step = 0; step < STEPS; step++) {
      this.#disturb();
      for (let i = this.#random.int(3); i > 0; i--) {
        const { running } = this.world;
        if (running.length > 0) {
          this.#propose(`${step}.${i}`, pick(this.#random, running));
        }
      }
      this.world.runFor(ms(5 + this.#random.int(200)));
      this.world.checkLogs();
    }
  }

  recover(): void {
    const { world } = this;
    this.#cut.clear();
    world.crashAt = () => false;
    for (const node of this.#all) {
      if (!world.running.includes(node)) {
        world.start(node);
      }
    }
    world.runFor(seconds(4));
    this.#proposeUntilTaken();
    expect(world.runUntil(() => this.#isSettled(), seconds(60))).toBe(true);
    world.checkLogs();
    this.#compare();
  }

  #isSettled(): boolean {
    const { world } = this;
    const leader = world.leader();
    if (leader === undefined) {
      return false;
    }
    const { voters, outgoing, committed, last } = world.status(leader);
    return (
      outgoing.length === 0 &&
      committed === last &&
      voters.every((node) => world.status(node).applied === last && !world.machine(node).amnesia)
    );
  }

  #proposeUntilTaken(): void {
    const { world } = this;
    for (let attempt = 0; attempt < 10; attempt++) {
      const request = this.#propose(`last ${attempt}`, "n1");
      world.runUntil(() => world.answers.has(request), seconds(3));
      if (world.answers.get(request)?.ok === true) {
        return;
      }
    }
    expect.fail("nothing is accepted although all faults are over");
  }

  #compare(): void {
    const { world } = this;
    const leader = world.leader() ?? "nobody";
    const { entries } = world.app(leader);
    for (const node of world.status(leader).voters) {
      expect(world.app(node).entries).toEqual(entries);
    }
    // Exactly once, and nothing acknowledged is lost.
    expect(new Set(entries).size).toBe(entries.length);
    for (const [request, text] of this.#requests) {
      const outcome = world.answers.get(request);
      if (outcome?.ok === true) {
        expect(entries).toContain(text);
      } else if (outcome !== undefined && outcome.code !== "unknown") {
        expect(entries).not.toContain(text);
      }
    }
  }

  #propose(text: string, node: string): number {
    const request = this.world.propose(node, text);
    this.#requests.set(request, text);
    return request;
  }

  #disturb(): void {
    const { world } = this;
    const random = this.#random;
    const node = pick(random, this.#all);
    const runs = world.running.includes(node);
    switch (random.int(8)) {
      case 0:
        world.crash(node);
        break;
      case 1:
      case 2:
        if (!runs) {
          world.start(node);
        }
        break;
      case 3:
        this.#cut = new Set(
          this.#plan.cuts ? [`${node}>${pick(random, this.#all)}`, ...this.#isolating(node)] : [],
        );
        break;
      case 4:
        this.#cut.clear();
        break;
      case 5:
        if (runs) {
          world.transfer(node, random.next() < 0.5 ? null : pick(random, this.#names));
        }
        break;
      case 6:
        this.#wipe(node);
        break;
      case 7:
        if (runs && this.#plan.reconfigures) {
          const voters = this.#all.filter(() => random.next() < 0.7);
          const learners = this.#all.filter((one) => !voters.includes(one) && random.int(2) === 0);
          world.reconfigure(node, voters, learners);
        }
        break;
    }
  }

  /** One disk at a time, and no second one: more would be more than Raft survives. */
  #wipe(node: string): void {
    if (this.#plan.wipes && !this.#plan.reconfigures && !this.#wiped) {
      this.#wiped = true;
      this.world.wipe(node);
      this.world.start(node, true);
    }
  }

  #isolating(node: string): string[] {
    return this.#random.int(2) === 0
      ? []
      : this.#all.flatMap((other) => [`${node}>${other}`, `${other}>${node}`]);
  }
}

describe("swarm", () => {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
    it(`seed ${seed} is safe while things go wrong, and agrees once they stop`, () => {
      const run = new Run(seed);
      run.chaos();
      run.recover();
    });
  }
});
