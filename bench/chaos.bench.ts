// Seeds of chaos a minute: five Raft nodes under drawn faults and requests, then healed, with every
// invariant watched. One worker for each of two cores. Goal: 10^5 seeds in eight hours, 209 a minute.
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { runChaos } from "../src-main/sim/chaos/chaos.ts";
import { chaosPlan } from "../src-main/sim/chaos/plan.ts";
import { meshFactory } from "../src-main/sim/mesh-factory.ts";
import { print, round } from "./lib/sim-bench.ts";

const WORKERS = 2;
const SECONDS = Number(process.env["SECONDS"] ?? 60);
const GOAL_PER_MINUTE = 100_000 / (8 * 60);

interface Done {
  readonly seeds: number;
  readonly broken: readonly string[];
}

function work(first: number): Done {
  const end = performance.now() + SECONDS * 1_000;
  const broken: string[] = [];
  let seeds = 0;
  for (let seed = first; performance.now() < end; seed += WORKERS) {
    const result = runChaos(chaosPlan(seed, { kind: "raft", nodes: 5 }), meshFactory);
    broken.push(...result.broken.map((why) => `seed ${seed}: ${why}`));
    seeds++;
  }
  return { seeds, broken };
}

function start(first: number): Promise<Done> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: first });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

if (isMainThread) {
  const done = await Promise.all(Array.from({ length: WORKERS }, (_, i) => start(1 + i)));
  const seeds = done.reduce((sum, one) => sum + one.seeds, 0);
  const perMinute = (seeds * 60) / SECONDS;
  print({
    bench: "chaos",
    nodes: 5,
    workers: WORKERS,
    seeds,
    seedsPerMinute: round(perMinute, 0),
    goalPerMinute: round(GOAL_PER_MINUTE, 0),
    hoursFor100000: round(100_000 / perMinute / 60, 2),
    broken: done.flatMap((one) => one.broken).slice(0, 20),
  });
} else {
  parentPort?.postMessage(work(workerData as number));
}
