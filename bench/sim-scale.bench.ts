// A thousand nodes that all know each other, SWIM with a period of one second and everything else
// at its defaults: how much faster than real time, and in how much memory.
import { openMesh, print, processorTime, round, time } from "./lib/sim-bench.ts";

const NODES = 1_000;
const WARM_UP_US = 5_000_000;
const MEASURED_US = 30_000_000;

const mesh = openMesh({
  nodes: NODES,
  seed: 1,
  topology: { kind: "random-regular" },
  membership: { detector: "swim" },
});
const warmUp = time(() => mesh.runUntil(WARM_UP_US));
const before = mesh.delivered;
let seconds = 0;
const processor = processorTime(() => {
  seconds = time(() => mesh.runUntil(WARM_UP_US + MEASURED_US));
});
const ratio = MEASURED_US / 1e6 / seconds;
const rssMb = process.memoryUsage().rss / 1e6;

print({
  bench: "sim-scale",
  nodes: NODES,
  timesRealTime: round(ratio, 2),
  timesRealTimeOfProcessor: round(MEASURED_US / 1e6 / processor, 2),
  goal: 10,
  rssMb: round(rssMb, 0),
  limitMb: 1_500,
  reached: ratio >= 10 && rssMb < 1_500,
  deliveredPerSecond: round((mesh.delivered - before) / seconds, 0),
  warmUpSeconds: round(warmUp, 2),
});
