/** Puts a simulated mesh together: the world, its nodes, and the engine the paced source drives. */
import type { MeshEvent } from "#shared/contract/events.ts";
import type { MeshOptions } from "#shared/contract/mesh-options.ts";
import { meshFactory } from "#main/sim/mesh-factory.ts";
import { SimMesh } from "#main/sim/mesh/sim-mesh.ts";
import { formatRecording } from "#main/sim/recording/format.ts";
import { recordingOf } from "#main/sim/recording/replay.ts";
import type { SimulatedEngine } from "#main/sources/simulated/engine.ts";
import { MESHDECK_VERSION } from "./version.ts";

export function createSimEngine(
  options: MeshOptions,
  sink: (event: MeshEvent) => void,
): SimulatedEngine {
  const mesh = new SimMesh(options, { factory: meshFactory, sink });
  return Object.assign(mesh, {
    record: (events: readonly MeshEvent[]) =>
      formatRecording(recordingOf(mesh, events, MESHDECK_VERSION)),
  });
}
