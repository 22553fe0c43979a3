// Rounds until all know a rumour, and what mongering leaves behind, through the real machine in
// synchronous cycles. One JSON line; beside each figure the published band it has to fall into.
import { createRandom } from "../src-main/kernel/prng.ts";
import type { GossipMode } from "../src-main/protocols/gossip/options.ts";
import { type CyclePlan, spreadInCycles } from "../src-main/protocols/gossip/testing/cycles.ts";
import {
  expectedPullRounds,
  expectedPushPullRounds,
  expectedPushRounds,
  mongeringResidue,
} from "../src-main/protocols/gossip/theory.ts";

const RUNS: Readonly<Record<number, number>> = { 100: 200, 1_000: 40, 10_000: 16 };

/** Mean rounds and copies per node measured by others, fanout 1; a mean of ours may differ by 1. */
const PUBLISHED: Readonly<Record<GossipMode, Readonly<Record<number, readonly [number, number]>>>> =
  {
    push: { 100: [12.4, 5.7], 1_000: [18.0, 7.9], 10_000: [23.6, 10.2] },
    pull: { 100: [9.7, 1.0], 1_000: [13.8, 1.0], 10_000: [17.5, 1.0] },
    "push-pull": { 100: [6.5, 2.8], 1_000: [9.2, 3.3], 10_000: [11.7, 3.7] },
  };
const THEORY: Readonly<Record<GossipMode, (n: number) => number>> = {
  push: expectedPushRounds,
  pull: expectedPullRounds,
  "push-pull": expectedPushPullRounds,
};
const ROUNDS_TOLERANCE = 1;

/** Demers et al. 1987, Table 1: residue, traffic and last cycle for k = 1 to 5, n = 1000. */
const TABLE_1 = [
  [0.18, 1.7, 16.8],
  [0.037, 3.3, 16.9],
  [0.011, 4.5, 17.4],
  [0.0036, 5.6, 17.7],
  [0.0012, 6.7, 17.7],
] as const;
const MONGERING_RUNS = 40;

function mean(plan: Omit<CyclePlan, "random">, runs: number) {
  const sums = { rounds: 0, residue: 0, copiesPerNode: 0 };
  for (let run = 0; run < runs; run++) {
    const result = spreadInCycles({ ...plan, random: createRandom(1_000 + run) });
    sums.rounds += result.lastCycle / runs;
    sums.residue += result.residue / runs;
    sums.copiesPerNode += result.traffic / runs;
  }
  return sums;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function measureRounds(mode: GossipMode, n: number) {
  const { rounds, copiesPerNode } = mean({ n, options: { mode }, urgent: false }, RUNS[n] ?? 1);
  const [publishedRounds, publishedCopies] = PUBLISHED[mode][n] ?? [0, 0];
  return {
    mode,
    n,
    rounds: round(rounds, 2),
    published: publishedRounds,
    theory: round(THEORY[mode](n), 2),
    copiesPerNode: round(copiesPerNode, 2),
    publishedCopies,
    within: Math.abs(rounds - publishedRounds) <= ROUNDS_TOLERANCE,
  };
}

function measureMongering(k: number) {
  const options = { mode: "push", stopRule: "feedback-counter", stopAfter: k } as const;
  const { rounds, residue, copiesPerNode } = mean(
    { n: 1_000, options, urgent: true },
    MONGERING_RUNS,
  );
  const [publishedResidue, publishedTraffic, publishedLast] = TABLE_1[k - 1] ?? [0, 0, 0];
  const closedForm = mongeringResidue(k);
  return {
    k,
    residue: round(residue, 4),
    published: publishedResidue,
    closedForm: round(closedForm, 4),
    copiesPerNode: round(copiesPerNode, 2),
    publishedCopies: publishedTraffic,
    lastCycle: round(rounds, 1),
    publishedLast,
    // Twice the residue of the closed form either way, and one and a half cycles.
    within:
      residue <= 2 * closedForm &&
      residue >= closedForm / 2 &&
      Math.abs(rounds - publishedLast) <= 1.5,
  };
}

const modes: readonly GossipMode[] = ["push", "pull", "push-pull"];
const started = performance.now();
const rounds = modes.flatMap((mode) => [100, 1_000, 10_000].map((n) => measureRounds(mode, n)));
const mongering = [1, 2, 3, 4, 5].map(measureMongering);
const within = [...rounds, ...mongering].every((figure) => figure.within);
const seconds = round((performance.now() - started) / 1_000, 1);
console.log(JSON.stringify({ bench: "gossip-rounds", within, rounds, mongering, seconds }));
