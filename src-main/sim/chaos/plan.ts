/**
 * What a chaos run will do, drawn from its seed before it begins: the mesh, the clients' requests
 * and the faults, as data. So a plan that finds something can be made smaller by leaving parts out.
 */
import { type MeshOptions, meshOptionsSchema, nodeNames } from "#shared/contract/mesh-options.ts";
import { createRandom } from "#main/kernel/prng.ts";
import type { Random } from "#main/kernel/random.ts";
import { drawFaults } from "./faults.ts";
import type { ChaosKind, ChaosPlan } from "./types.ts";
import { CHAOS_NAMESPACE, drawWorkload } from "./workload.ts";

/** Elections are over before anything happens. */
const CALM_MS = 2_000;
const FAULT_PHASE_MS = 20_000;

/** `kind` and `nodes` absent: drawn too. */
export function chaosPlan(
  seed: number,
  wanted: { readonly kind?: ChaosKind; readonly nodes?: number } = {},
): ChaosPlan {
  const random = createRandom(seed).fork("chaos");
  const options = drawOptions(random.fork("options"), seed, wanted);
  const nodes = nodeNames(options.nodes);
  const healAtMs = CALM_MS + FAULT_PHASE_MS;
  const span = { fromMs: CALM_MS, toMs: healAtMs };
  const faults = drawFaults(random.fork("faults"), { options, nodes, span });
  const honest = nodes.filter((node) => !faults.traitors.includes(node));
  const requests = drawWorkload(random.fork("workload"), { nodes: honest, span });
  const steps = [...faults.steps, ...requests].sort((a, b) => a.atMs - b.atMs);
  return { seed, options, steps, healAtMs, traitors: faults.traitors };
}

function drawOptions(
  random: Random,
  seed: number,
  wanted: { readonly kind?: ChaosKind; readonly nodes?: number },
): MeshOptions {
  const pick = <T>(values: readonly [T, ...T[]]): T =>
    values[random.int(values.length)] ?? values[0];
  const kind = wanted.kind ?? pick(["raft", "raft", "pbft"]);
  const nodes = wanted.nodes ?? (kind === "raft" ? pick([3, 5, 5, 7]) : pick([4, 4, 7]));
  const quick = random.next() < 0.5;
  return meshOptionsSchema.parse({
    name: "chaos",
    seed,
    nodes,
    topology: { kind: "full", announceIntervalMs: 60_000 },
    membership: {
      detector: "heartbeat",
      heartbeatIntervalMs: quick ? 500 : 3_000,
      heartbeatTimeoutMs: quick ? 2_000 : 10_000,
      stableAfterMs: 2_000,
    },
    gossip: { intervalMs: 5_000 },
    memory: { namespaces: [{ name: CHAOS_NAMESPACE, mode: "strong" }] },
    network: {
      latencyMs: pick([1, 5, 20]),
      jitterMs: pick([0, 2, 20]),
      loss: pick([0, 0, 0.01, 0.05]),
    },
    consensus: {
      kind,
      requestTimeoutMs: pick([1_000, 3_000]),
      raft: {
        preVote: random.next() < 0.9,
        checkQuorum: random.next() < 0.9,
        snapshotEvery: pick([5, 20, 1_000]),
      },
      pbft: {
        viewTimeoutMs: pick([500, 1_000]),
        checkpointEvery: pick([4, 16]),
        batchMax: pick([1, 8]),
      },
    },
  });
}
