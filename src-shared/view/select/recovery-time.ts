import type { MeshView } from "../model.ts";

export type RecoveryTime =
  | { readonly state: "none" }
  /** An attached engine: what happens to it is not ours, so nobody measured. */
  | { readonly state: "unknown" }
  /** Faults are in force since `sinceUs` of mesh time. */
  | { readonly state: "broken"; readonly sinceUs: number }
  /** No fault any more, but the nodes do not agree yet; `elapsedUs` so far. */
  | { readonly state: "recovering"; readonly elapsedUs: number }
  | { readonly state: "recovered"; readonly tookUs: number };

export function recoveryTime({ recovery, at, mesh }: MeshView): RecoveryTime {
  if (mesh.source === "serf") return { state: "unknown" };
  const { brokenAt, healedAt, recoveredAt } = recovery;
  if (brokenAt === undefined) return { state: "none" };
  if (healedAt === undefined) return { state: "broken", sinceUs: brokenAt };
  if (recoveredAt === undefined) return { state: "recovering", elapsedUs: at - healedAt };
  return { state: "recovered", tookUs: recoveredAt - healedAt };
}
