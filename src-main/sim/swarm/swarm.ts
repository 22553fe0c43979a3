/**
 * One seed, one life story: the seed draws the mesh, which faults exist, and when they strike
 * (safety phase). Then all faults end and every node runs, and the mesh has to agree again within
 * a bound (liveness phase). What breaks is told in words; the seed does it again.
 */
import type { MeshCommandInput } from "#shared/contract/commands.ts";
import { meshCommandSchema } from "#shared/contract/commands.ts";
import { MeshError } from "#shared/contract/errors.ts";
import { type MeshOptions, meshOptionsSchema } from "#shared/contract/mesh-options.ts";
import { emptyView } from "#shared/view/empty.ts";
import { fold } from "#shared/view/fold.ts";
import { agrees } from "#shared/view/recovery.ts";
import { createRandom } from "#main/kernel/prng.ts";
import type { Random } from "#main/kernel/random.ts";
import { MICROS_PER_SECOND, seconds } from "#main/kernel/time.ts";
import { SimMesh } from "../mesh/sim-mesh.ts";
import type { MeshFactory } from "../types.ts";

const FAULT_PHASE_S = 90;
/** Read-only sides wait for a stable view and syncs come every half minute; twice that is ample. */
const HEAL_WITHIN_S = 240;
const FAULTS = 12;

export interface SwarmResult {
  readonly seed: number;
  readonly options: MeshOptions;
  /** Empty when all promises were kept. */
  readonly broken: readonly string[];
  readonly commands: readonly string[];
}

export function swarmRun(seed: number, factory: MeshFactory): SwarmResult {
  const random = createRandom(seed).fork("swarm");
  const options = drawOptions(random.fork("options"), seed);
  const broken: string[] = [];
  const commands: string[] = [];
  const view = emptyView();
  const mesh = new SimMesh(options, {
    factory,
    sink: (event) => {
      fold(view, event);
      if (event.type === "invariant.violated") {
        broken.push(`${event.at / MICROS_PER_SECOND} s: ${event.invariant}: ${event.message}`);
      }
    },
  });
  const order = (command: MeshCommandInput): void => {
    commands.push(`${mesh.now / MICROS_PER_SECOND} s: ${JSON.stringify(command)}`);
    executeIfPossible(mesh, command);
  };
  mesh.runUntil(seconds(15));
  const faults = drawFaults(random.fork("faults"));
  for (let i = 0; i < FAULTS; i++) {
    mesh.runUntil(mesh.now + random.int(seconds(FAULT_PHASE_S / FAULTS) * 2));
    order(faults(mesh));
  }
  healAll(mesh, order);
  mesh.runUntil(mesh.now + seconds(HEAL_WITHIN_S));
  if (!agrees(view)) {
    broken.push(`no agreement ${HEAL_WITHIN_S} s after the last fault ended`);
  }
  mesh.checkQuiescence();
  return { seed, options, broken, commands };
}

function drawOptions(random: Random, seed: number): MeshOptions {
  const pick = <T>(values: readonly [T, ...T[]]): T =>
    values[random.int(values.length)] ?? values[0];
  return meshOptionsSchema.parse({
    seed,
    nodes: 3 + random.int(8),
    topology: { kind: pick(["grid", "ring", "random-regular", "full", "small-world"]) },
    membership: { detector: pick(["heartbeat", "swim", "phi"]) },
    gossip: { mode: pick(["push", "pull", "push-pull"]) },
    network: { latencyMs: pick([1, 5, 40]), jitterMs: pick([0, 5, 30]), loss: pick([0, 0, 0.02]) },
  });
}

/** Which kinds of faults exist in this run is a draw too: some bugs need the others to be absent. */
function drawFaults(random: Random): (mesh: SimMesh) => MeshCommandInput {
  const kinds = [
    killOne,
    restartOne,
    pauseOne,
    partition,
    cutOne,
    badNetwork,
    slowOne,
    skewOne,
    publish,
  ];
  const active = kinds.filter(() => random.next() < 0.6);
  const all = active.length === 0 ? kinds : active;
  return (mesh) => {
    const draw = all[random.int(all.length)] ?? publish;
    const { nodes } = mesh;
    const node = nodes[random.int(nodes.length)]?.id ?? "A";
    return draw(
      node,
      random,
      nodes.map((other) => other.id),
    );
  };
}

type Draw = (node: string, random: Random, all: readonly string[]) => MeshCommandInput;

const killOne: Draw = (node, random) => ({
  type: "node.kill",
  nodes: [node],
  tornWrite: random.next() < 0.5,
});
const restartOne: Draw = (node, random) => ({
  type: "node.restart",
  nodes: [node],
  disk: random.next() < 0.7 ? "keep" : "wipe",
});
const pauseOne: Draw = (node, random) => ({
  type: "node.pause",
  nodes: [node],
  forMs: 1 + random.int(20_000),
});
const partition: Draw = (node, random, all) => {
  const side = all.filter((other) => other === node || random.next() < 0.4);
  const rest = all.filter((other) => !side.includes(other));
  return { type: "network.partition", groups: [rest, side], forMs: 1 + random.int(40_000) };
};
const cutOne: Draw = (node, random, all) => ({
  type: "network.cut",
  from: [node],
  to: all.filter((other) => other !== node),
  oneWay: random.next() < 0.5,
  forMs: 1 + random.int(30_000),
});
const badNetwork: Draw = (_node, random) => ({
  type: "network.conditions",
  scope: { kind: "mesh" },
  conditions: { loss: random.next() * 0.3, duplicate: random.next() * 0.3, reorder: random.next() },
  forMs: 1 + random.int(30_000),
});
const slowOne: Draw = (node, random) => ({ type: "node.slow", node, delayMs: random.int(800) });
const skewOne: Draw = (node, random) => ({
  type: "clock.skew",
  node,
  driftPpm: random.int(100_000) - 50_000,
  offsetMs: random.int(2_000) - 1_000,
});
const publish: Draw = (node, random) => ({
  type: "rumour.publish",
  node,
  topic: "swarm",
  payload: `p${random.int(1_000)}`,
});

function healAll(mesh: SimMesh, order: (command: MeshCommandInput) => void): void {
  order({ type: "fault.clearAll" });
  for (const { id, state } of mesh.nodes) {
    if (state === "paused") {
      order({ type: "node.resume", nodes: [id] });
    } else if (state === "stopped") {
      order({ type: "node.restart", nodes: [id], disk: "keep" });
    }
  }
}

/** A fault that does not fit the moment (kill a dead node) is refused, and that is fine. */
function executeIfPossible(mesh: SimMesh, command: MeshCommandInput): void {
  const parsed = meshCommandSchema.safeParse(command);
  if (!parsed.success) {
    return;
  }
  try {
    mesh.execute(parsed.data, "swarm");
  } catch (error) {
    if (!(error instanceof MeshError)) {
      throw error;
    }
  }
}
