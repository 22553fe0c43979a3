import type { MeshView } from "../model.ts";
import { componentsOf, overlayOf } from "./overlay.ts";

/**
 * Share of pairs of running nodes that a route connects, in percent. `undefined` when that is
 * unknown: no links were ever reported (an attached engine), or fewer than two nodes run.
 */
export function connectivityPercent(view: MeshView): number | undefined {
  const overlay = overlayOf(view);
  if (overlay.size < 2 || !knowsLinks(view)) return undefined;
  const reachable = componentsOf(overlay).reduce(
    (sum, { length }) => sum + length * (length - 1),
    0,
  );
  return (100 * reachable) / (overlay.size * (overlay.size - 1));
}

function knowsLinks(view: MeshView): boolean {
  return view.mesh.source === "simulated" || view.links.size > 0;
}
