/** Who belongs to a simulated mesh at its start, and where they stand. */
import { type MeshOptions, nodeName, type NodeSpec } from "#shared/contract/mesh-options.ts";
import { MAX_NODES } from "#shared/contract/primitives.ts";

/** The nodes that a mesh begins with. That the options fit each other their schema has checked. */
export function rosterOf({ nodes, zones }: MeshOptions): readonly NodeSpec[] {
  return typeof nodes === "number"
    ? Array.from({ length: nodes }, (_, index) => spec(index, zones))
    : nodes;
}

export function maxNodesOf(options: MeshOptions): number {
  return options.maxNodes ?? MAX_NODES;
}

function spec(index: number, zones: number | undefined): NodeSpec {
  const id = nodeName(index);
  return zones === undefined ? { id } : { id, zone: `z${(index % zones) + 1}` };
}
