// Delivered messages per second with SWIM and gossip through the real codec, on one core; beside
// them, in the same run, the floors: bare event queues, and the simulator with a trivial protocol.
import { EventQueue } from "../src-main/kernel/event-queue.ts";
import { createRandom } from "../src-main/kernel/prng.ts";
import { SimMesh } from "../src-main/sim/mesh/sim-mesh.ts";
import { toyFactory } from "../src-main/sim/testing/toy-node.ts";
import { meshOptionsSchema } from "../src-shared/contract/mesh-options.ts";
import { openMesh, print, processorTime, round, time } from "./lib/sim-bench.ts";

const PENDING = 1_000;
const QUEUE_EVENTS = 3_000_000;
const NODES = 100;
const WARM_UP_US = 10_000_000;
const WINDOW_US = 20_000_000;
const WINDOWS = 5;

/** Events per second, each one taken out and put back at a later time. */
function typedQueueFloor(): number {
  const random = createRandom(1);
  const queue = new EventQueue();
  for (let i = 0; i < PENDING; i++) {
    queue.push(random.int(1_000), i, i);
  }
  const seconds = time(() => {
    for (let i = 0; i < QUEUE_EVENTS; i++) {
      const now = queue.nextTime;
      queue.push(now + 1 + random.int(1_000), i, queue.pop());
    }
  });
  return QUEUE_EVENTS / seconds;
}

interface Entry {
  readonly time: number;
  readonly order: number;
}

function before(a: Entry, b: Entry): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}

/** The same with objects in a plain binary heap, as simulators are usually written. */
class ObjectHeap {
  readonly #heap: Entry[] = [];

  push(entry: Entry): void {
    const heap = this.#heap;
    let hole = heap.length;
    heap.push(entry);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = heap[parent] as Entry;
      if (!before(entry, above)) {
        break;
      }
      heap[hole] = above;
      hole = parent;
    }
    heap[hole] = entry;
  }

  pop(): Entry {
    const heap = this.#heap;
    const top = heap[0] as Entry;
    const last = heap.pop() as Entry;
    let hole = 0;
    for (let child = 1; child < heap.length; child = hole * 2 + 1) {
      const right = child + 1;
      const pickRight = right < heap.length && before(heap[right] as Entry, heap[child] as Entry);
      const least = pickRight ? right : child;
      if (!before(heap[least] as Entry, last)) {
        break;
      }
      heap[hole] = heap[least] as Entry;
      hole = least;
    }
    if (heap.length > 0) {
      heap[hole] = last;
    }
    return top;
  }
}

function objectQueueFloor(): number {
  const random = createRandom(1);
  const heap = new ObjectHeap();
  for (let i = 0; i < PENDING; i++) {
    heap.push({ time: random.int(1_000), order: i });
  }
  const seconds = time(() => {
    for (let i = 0; i < QUEUE_EVENTS; i++) {
      const { time } = heap.pop();
      heap.push({ time: time + 1 + random.int(1_000), order: i });
    }
  });
  return QUEUE_EVENTS / seconds;
}

interface Rates {
  readonly wall: number;
  readonly processor: number;
}

/** The best of a few windows: the others had something else on their core. */
function deliveredPerSecond(mesh: SimMesh): Rates {
  mesh.runUntil(WARM_UP_US);
  const rates = Array.from({ length: WINDOWS }, () => {
    const before = mesh.delivered;
    let wall = 0;
    const processor = processorTime(() => {
      wall = time(() => mesh.runUntil(mesh.now + WINDOW_US));
    });
    const delivered = mesh.delivered - before;
    return { wall: delivered / wall, processor: delivered / processor };
  });
  return {
    wall: Math.max(...rates.map((rate) => rate.wall)),
    processor: Math.max(...rates.map((rate) => rate.processor)),
  };
}

function toyFloor(): Rates {
  const options = meshOptionsSchema.parse({ nodes: NODES, seed: 1 });
  return deliveredPerSecond(new SimMesh(options, { factory: toyFactory(), sink: () => undefined }));
}

/** Probes ten times a second and gossip rounds five times; links announce nothing meanwhile. */
function swimAndGossip(): Rates {
  const mesh = openMesh({
    nodes: NODES,
    seed: 1,
    topology: { kind: "random-regular", announceIntervalMs: 86_400_000 },
    membership: { detector: "swim", probeIntervalMs: 100, probeTimeoutMs: 50 },
    gossip: { intervalMs: 200 },
  });
  return deliveredPerSecond(mesh);
}

const typed = typedQueueFloor();
const objects = objectQueueFloor();
const toys = toyFloor();
const real = swimAndGossip();
print({
  bench: "sim-throughput",
  nodes: NODES,
  deliveredPerSecond: round(real.wall, 0),
  deliveredPerProcessorSecond: round(real.processor, 0),
  goal: 300_000,
  reached: real.wall >= 300_000,
  floors: {
    typedQueueEventsPerSecond: round(typed, 0),
    objectQueueEventsPerSecond: round(objects, 0),
    trivialProtocolDeliveredPerSecond: round(toys.wall, 0),
    pending: PENDING,
  },
});
