// What the simulator's benchmarks share: a mesh with only what is measured, and rounding.
import {
  meshOptionsSchema,
  type MeshOptionsInput,
} from "../../src-shared/contract/mesh-options.ts";
import type { MeshEvent } from "../../src-shared/contract/events.ts";
import { meshFactory } from "../../src-main/sim/mesh-factory.ts";
import { SimMesh } from "../../src-main/sim/mesh/sim-mesh.ts";

export function openMesh(
  options: MeshOptionsInput,
  sink: (event: MeshEvent) => void = () => undefined,
): SimMesh {
  return new SimMesh(meshOptionsSchema.parse(options), { factory: meshFactory, sink });
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** Wall-clock seconds that `work` takes. */
export function time(work: () => void): number {
  const begin = performance.now();
  work();
  return (performance.now() - begin) / 1_000;
}

/**
 * Seconds of processor time that `work` takes, its garbage collection included: what the clock on
 * the wall would say on a machine with nothing else to do.
 */
export function processorTime(work: () => void): number {
  const begin = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
}

export function print(result: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify(result));
}
