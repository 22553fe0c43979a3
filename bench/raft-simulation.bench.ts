// A Raft group of five in the simulator, all other protocols of the nodes running beside it: how much
// faster than real time it goes when idle (heartbeats every 50 ms, that is five ticks of 10 ms, and
// once more with a heartbeat every tick), and a million operations through the log with the heap
// looked at on the way. Floor in the same run: the same five nodes without agreement.
import type { MeshOptionsInput } from "../src-shared/contract/mesh-options.ts";
import { meshOptionsSchema } from "../src-shared/contract/mesh-options.ts";
import type { MeshEvent } from "../src-shared/contract/events.ts";
import type { MeshNode } from "../src-main/node/mesh-node.ts";
import { meshFactory } from "../src-main/sim/mesh-factory.ts";
import { SimMesh } from "../src-main/sim/mesh/sim-mesh.ts";
import type { MeshFactory } from "../src-main/sim/types.ts";
import { openMesh, print, processorTime, round } from "./lib/sim-bench.ts";

const NODES = 5;
const WARM_UP_US = 20_000_000;
const IDLE_S = 600;
const OPERATIONS = Number(process.env["OPERATIONS"] ?? 1_000_000);
/** Proposed at the leader with each of its heartbeats. */
const PER_HEARTBEAT = 50;
const HEARTBEAT = "raft:heartbeat";
const SLICE_US = 1_000_000;
/** Requests end within five seconds, one way or the other. */
const MAX_IDLE_SLICES = 6;
const FULL = { topology: { kind: "full" } } as const;

function realTimeRatio(consensus: MeshOptionsInput["consensus"]): number {
  const mesh = openMesh({
    nodes: NODES,
    ...FULL,
    ...(consensus === undefined ? {} : { consensus }),
  });
  mesh.runUntil(WARM_UP_US);
  const spent = processorTime(() => mesh.runUntil(WARM_UP_US + IDLE_S * 1_000_000));
  return IDLE_S / spent;
}

/** Nodes that propose to themselves whenever they send heartbeats; a command of a mesh is recorded. */
function proposing(limit: number): { readonly factory: MeshFactory; proposed: () => number } {
  let proposed = 0;
  const wrap = (node: MeshNode): MeshNode => ({
    id: node.id,
    step(input) {
      const effects = node.step(input);
      if (input.kind !== "timer" || !input.timer.startsWith(HEARTBEAT)) {
        return effects;
      }
      const all = [...effects];
      for (let i = 0; i < PER_HEARTBEAT && proposed < limit; i++) {
        proposed++;
        const command = { id: proposed, type: "consensus.propose", value: `${proposed}` } as const;
        all.push(...node.step({ kind: "command", now: input.now, command }));
      }
      return all;
    },
  });
  const factory: MeshFactory = (options, formed, shared) => {
    const maker = meshFactory(options, formed, shared);
    return { create: (boot) => wrap(maker.create(boot)) };
  };
  return { factory, proposed: () => proposed };
}

function heapMb(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1e6;
}

function million() {
  const { factory, proposed } = proposing(OPERATIONS);
  let answered = 0;
  let refused = 0;
  let violations = 0;
  const sink = (event: MeshEvent): void => {
    if (event.type === "request.answered") {
      answered += event.code === "ok" ? 1 : 0;
      refused += event.code === "ok" ? 0 : 1;
    }
    violations += event.type === "invariant.violated" ? 1 : 0;
  };
  const options = meshOptionsSchema.parse({ nodes: NODES, ...FULL, consensus: { kind: "raft" } });
  const mesh = new SimMesh(options, { factory, sink });
  const heap: { readonly operations: number; readonly mb: number }[] = [];
  let virtual = 0;
  const spent = processorTime(() => {
    let idle = 0;
    for (let next = OPERATIONS / 10; idle < MAX_IDLE_SLICES; ) {
      mesh.runUntil(mesh.now + SLICE_US);
      if (answered >= next) {
        heap.push({ operations: answered, mb: round(heapMb(), 1) });
        next += OPERATIONS / 10;
      }
      idle = proposed() >= OPERATIONS ? idle + 1 : 0;
    }
    virtual = mesh.now / 1e6;
  });
  return {
    operations: OPERATIONS,
    answeredOk: answered,
    refused,
    violations,
    virtualSeconds: round(virtual, 0),
    operationsPerProcessorSecond: round(answered / spent, 0),
    timesRealTime: round(virtual / spent, 1),
    heap,
  };
}

const everyTick = { heartbeatMs: 10, electionTimeoutMinMs: 100, electionTimeoutMaxMs: 200 };
print({
  bench: "raft-simulation",
  goal: "500 times real time; a million operations with a flat heap",
  floorWithoutAgreement: round(realTimeRatio(undefined), 0),
  timesRealTime: round(realTimeRatio({ kind: "raft" }), 0),
  timesRealTimeHeartbeatEveryTick: round(realTimeRatio({ kind: "raft", raft: everyTick }), 0),
  million: million(),
});
