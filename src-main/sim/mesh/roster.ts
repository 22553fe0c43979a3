/** Who belongs to a simulated mesh at its start, and how nodes are named. */
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshOptions, NodeSpec } from "#shared/contract/mesh-options.ts";
import { MAX_NODES } from "#shared/contract/primitives.ts";

const LETTERS = 26;
const FIRST_LETTER = 65;

/** A…Z, then n26, n27, … */
export function nodeName(index: number): string {
  return index < LETTERS ? String.fromCharCode(FIRST_LETTER + index) : `n${index}`;
}

/** Throws `MeshError` "bad-options" for names that occur twice or are not there. */
export function rosterOf(options: MeshOptions): readonly NodeSpec[] {
  const { nodes, zones } = options;
  const roster =
    typeof nodes === "number"
      ? Array.from({ length: nodes }, (_, index) => spec(index, zones))
      : nodes;
  const names = new Set(roster.map((node) => node.id));
  if (names.size !== roster.length) {
    throw new MeshError("bad-options", "two nodes of the mesh have the same name");
  }
  if (roster.length > maxNodesOf(options)) {
    const message = `the mesh has ${roster.length} nodes, more than its maxNodes`;
    throw new MeshError("bad-options", message);
  }
  const { seeds = [], tieBreaker } = options.membership;
  const links = options.topology.links?.flat() ?? [];
  for (const name of [...seeds, ...links, ...(tieBreaker === undefined ? [] : [tieBreaker])]) {
    if (!names.has(name)) {
      throw new MeshError("bad-options", `${name} is no node of the mesh`);
    }
  }
  return roster;
}

export function maxNodesOf(options: MeshOptions): number {
  return options.maxNodes ?? MAX_NODES;
}

function spec(index: number, zones: number | undefined): NodeSpec {
  const id = nodeName(index);
  return zones === undefined ? { id } : { id, zone: `z${(index % zones) + 1}` };
}
