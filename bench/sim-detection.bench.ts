// How long after a crash the first node suspects the dead one, in probe periods, and whether
// anybody alive is declared dead under loss. Continuous time: probers are not synchronised, the
// crash falls at a random instant, the verdict at the end of a probe period. Published for that
// case: about 2.0 (n = 10: 1.94, n = 128: 1.99).
import { createRandom } from "../src-main/kernel/prng.ts";
import type { MeshEvent } from "../src-shared/contract/events.ts";
import { openMesh, print, processorTime, round } from "./lib/sim-bench.ts";

const TRIALS = 200;
const PERIOD_US = 1_000_000;
const WARM_UP_US = 5 * PERIOD_US;
/** A crash that nobody suspects in this time spoils the mean; most runs end long before. */
const WATCH_US = 12 * PERIOD_US;
const BAND = [1.8, 2.2] as const;
/** Crashes that are watched at a time; few enough to leave the mesh as it was. */
const SHARE_CRASHED = 0.02;
const LOSS_NODES = 100;
const LOSS_PERIODS = 1_000;

const QUIET = {
  topology: { kind: "random-regular", announceIntervalMs: 86_400_000 },
  gossip: { intervalMs: 3_600_000 },
} as const;

/** Periods from crash to first suspicion, for a few nodes that crash in one period. */
function crashSome(nodes: number, seed: number): number[] {
  const random = createRandom(seed);
  const crashes = new Map<string, number>();
  const found = new Map<string, number>();
  const watch = (event: MeshEvent): void => {
    if (event.type === "member.state" && event.state === "suspect" && crashes.has(event.member)) {
      const first = found.get(event.member) ?? event.at;
      found.set(event.member, Math.min(first, event.at));
    }
  };
  const membership = { detector: "swim" } as const;
  const mesh = openMesh({ nodes, seed, membership, ...QUIET }, watch);
  mesh.runUntil(WARM_UP_US);
  const count = Math.max(1, Math.floor(nodes * SHARE_CRASHED));
  const names = mesh.nodes.map((node) => node.id);
  const instants = Array.from({ length: count }, () => WARM_UP_US + random.int(PERIOD_US));
  for (const at of instants.sort((a, b) => a - b)) {
    const [victim] = names.splice(random.int(names.length), 1);
    mesh.runUntil(at);
    mesh.execute({ type: "node.kill", nodes: [victim ?? ""] }, "bench");
    crashes.set(victim ?? "", at);
  }
  const end = mesh.now + WATCH_US;
  while (found.size < crashes.size && mesh.now < end) {
    mesh.runUntil(mesh.now + PERIOD_US);
  }
  return [...crashes].map(([victim, at]) => {
    return ((found.get(victim) ?? Number.POSITIVE_INFINITY) - at) / PERIOD_US;
  });
}

function firstSuspicion(nodes: number) {
  const periods: number[] = [];
  let runs = 0;
  const processor = processorTime(() => {
    while (periods.length < TRIALS) {
      runs++;
      periods.push(...crashSome(nodes, runs));
    }
  });
  const mean = periods.reduce((sum, value) => sum + value, 0) / periods.length;
  const [low, high] = BAND;
  const within = mean >= low && mean <= high;
  const spent = { runs, processorSeconds: round(processor, 1) };
  return { nodes, trials: periods.length, meanPeriods: round(mean, 3), within, ...spent };
}

function falseDeaths() {
  let deaths = 0;
  let suspicions = 0;
  const mesh = openMesh(
    {
      nodes: LOSS_NODES,
      seed: 1,
      membership: { detector: "swim" },
      network: { latencyMs: 5, jitterMs: 5, loss: 0.01 },
      ...QUIET,
    },
    (event) => {
      const state = event.type === "member.state" ? event.state : undefined;
      deaths += state === "dead" || event.type === "member.confirmed" ? 1 : 0;
      suspicions += state === "suspect" ? 1 : 0;
    },
  );
  mesh.runUntil(LOSS_PERIODS * PERIOD_US);
  return { nodePeriods: LOSS_NODES * LOSS_PERIODS, loss: 0.01, deaths, goal: 0, suspicions };
}

const detection = [10, 32, 100, 320, 1_000].map(firstSuspicion);
const lossy = falseDeaths();
print({
  bench: "sim-detection",
  band: BAND,
  setUp:
    "membership and SWIM at their defaults with a period of 1 s; links announce and gossip rounds " +
    "come at long intervals; up to 2 % of a formed mesh crash within one period",
  detection,
  falseDeaths: lossy,
  reached: detection.every(({ within }) => within) && lossy.deaths === 0,
});
