import type { MeshView } from "../model.ts";

export interface PartitionSide {
  /** `undefined`: these never said. */
  readonly mode: "read-write" | "read-only" | undefined;
  readonly reason: string | undefined;
  readonly nodes: readonly string[];
}

/** Running nodes by the mode they are in, the ones that may write first. */
export function partitionSides(view: MeshView): readonly PartitionSide[] {
  const sides = new Map<string, { side: PartitionSide; nodes: string[] }>();
  for (const { id, process, mode, modeReason } of view.nodes.values()) {
    if (process !== "running") continue;
    const reason = mode === "read-only" ? modeReason : undefined;
    const key = `${mode}~${reason}`;
    const known = sides.get(key);
    if (known !== undefined) {
      known.nodes.push(id);
      continue;
    }
    const nodes = [id];
    sides.set(key, { side: { mode, reason, nodes }, nodes });
  }
  const found = [...sides.values()].map(({ side }) => side);
  return found.sort((a, b) => rank(a) - rank(b) || b.nodes.length - a.nodes.length);
}

function rank(side: PartitionSide): number {
  if (side.mode === "read-write") return 0;
  return side.mode === undefined ? 1 : 2;
}
