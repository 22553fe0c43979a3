import { meshOptionsSchema } from "#shared/contract/mesh-options.ts";
import { type MeshCommandInput, meshCommandSchema } from "#shared/contract/commands.ts";
import { TraceHash } from "#main/kernel/hash.ts";
import { seconds } from "#main/kernel/time.ts";
import { SimMesh } from "../mesh/sim-mesh.ts";
import type { MeshFactory } from "../types.ts";

/** What two runs are compared by. */
export interface RunPrint {
  readonly trace: string;
  /** Over the JSON of every event. */
  readonly events: string;
  readonly count: number;
  /** Equal only if every draw of the network before it was. */
  readonly finalDraw: number;
}

const COMMANDS: readonly (readonly [number, MeshCommandInput])[] = [
  [2, { type: "node.kill", nodes: ["B"], tornWrite: true }],
  [3, { type: "rumour.publish", node: "A", topic: "t", payload: "hello" }],
  [
    4,
    {
      type: "network.partition",
      groups: [
        ["A", "B", "C", "D", "E"],
        ["F", "G"],
      ],
      forMs: 20_000,
    },
  ],
  [
    5,
    {
      type: "network.conditions",
      scope: { kind: "mesh" },
      conditions: { loss: 0.1, duplicate: 0.1, reorder: 0.2 },
    },
  ],
  [8, { type: "node.restart", nodes: ["B"], disk: "keep" }],
  [9, { type: "node.pause", nodes: ["C"], forMs: 3_000 }],
  [9, { type: "clock.skew", node: "D", driftPpm: 20_000, offsetMs: 50 }],
  [10, { type: "node.slow", node: "E", delayMs: 15 }],
  [12, { type: "node.add", zone: "z1" }],
  [30, { type: "fault.clearAll" }],
];

/** A minute with a bit of everything in it. */
export function eventfulRun(seed: number, factory: MeshFactory): RunPrint {
  const hash = new TraceHash();
  const options = meshOptionsSchema.parse({ nodes: 7, zones: 2, seed, zoneLatencyMs: 3 });
  const mesh = new SimMesh(options, {
    factory,
    sink: (event) => hash.string(JSON.stringify(event)),
  });
  for (const [at, command] of COMMANDS) {
    mesh.runUntil(seconds(at));
    mesh.execute(meshCommandSchema.parse(command), "test");
  }
  mesh.runUntil(seconds(60));
  const { traceHash: trace, seq: count } = mesh;
  return { trace, events: hash.digest(), count, finalDraw: mesh.finalDraw() };
}
