import type { OpenMeshInput } from "#shared/contract/protocol.ts";
import { type Detector, MAX_NODES, type TopologyKind } from "#shared/contract/primitives.ts";

export interface SimulatedForm {
  readonly name: string;
  readonly nodes: number | undefined;
  readonly topology: TopologyKind;
  readonly detector: Detector | "auto";
  /** 0: none. */
  readonly zones: number | undefined;
  readonly seed: number | undefined;
}

export const EMPTY_FORM: SimulatedForm = {
  name: "sandbox",
  nodes: 9,
  topology: "grid",
  detector: "auto",
  zones: 0,
  seed: 1,
};

export const RANGES = {
  nodes: { min: 1, max: MAX_NODES },
  zones: { min: 0, max: 64 },
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER },
} as const;
export type NumberName = keyof typeof RANGES;

export function isInRange(name: NumberName, value: number | undefined): value is number {
  const { min, max } = RANGES[name];
  return value !== undefined && Number.isInteger(value) && value >= min && value <= max;
}

/** Undefined while something in the form does not hold. */
export function simulatedRequest(form: SimulatedForm): OpenMeshInput | undefined {
  const name = form.name.trim();
  const { nodes, zones, seed, topology, detector } = form;
  if (name === "" || !isInRange("nodes", nodes)) return undefined;
  if (!isInRange("zones", zones) || !isInRange("seed", seed)) return undefined;
  return {
    kind: "simulated",
    options: {
      name,
      nodes,
      seed,
      topology: { kind: topology },
      ...(detector === "auto" ? {} : { membership: { detector } }),
      ...(zones === 0 ? {} : { zones }),
    },
  };
}
