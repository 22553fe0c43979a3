/** What all nodes of one mesh share: options, the formed mesh, and a common stream of draws. */
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshOptions, NodeSpec } from "#shared/contract/mesh-options.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { Signer } from "#main/kernel/signer.ts";
import { formMesh } from "#main/protocols/links/topology.ts";
import type { FormedMesh } from "#main/protocols/links/types.ts";
import type { InitialMember, MemberMetadata } from "#main/protocols/membership/types.ts";
import { optionProblems } from "./option-problems.ts";
import { type NodeOptions, nodeOptions } from "./options.ts";

export interface Blueprint {
  readonly options: NodeOptions;
  readonly formed: FormedMesh;
  readonly members: readonly InitialMember[];
  readonly agreed: ReadonlySet<NodeId>;
  /** Every node draws the same from it: forked by name, never drawn from directly. */
  readonly shared: Random;
  /** Keys of this mesh's nodes; made only where a protocol signs. */
  readonly signerOf: (node: NodeId) => Signer;
}

/** Throws `MeshError` "bad-options". `nodes`: those of the mesh that is complete at the start; empty when all of them join. */
export function meshBlueprint(
  options: MeshOptions,
  nodes: readonly NodeSpec[],
  shared: Random,
  signerOf: Blueprint["signerOf"],
): Blueprint {
  const { topology } = options;
  const own = nodeOptions(options, nodes.length);
  const problems = optionProblems(own);
  if (problems.length > 0) {
    throw new MeshError("bad-options", `These options cannot work. ${problems.join("; ")}`);
  }
  const members = nodes.map((node) => ({ id: node.id, zone: node.zone ?? "" }));
  return {
    options: own,
    formed: formMesh({
      kind: topology.kind,
      members,
      random: shared.fork("topology"),
      minNeighbours: topology.minNeighbours,
      maxNeighbours: topology.maxNeighbours,
      ...(topology.links === undefined ? {} : { links: topology.links }),
    }),
    members: members.map(({ id, zone }) => ({ id, incarnation: 0, metadata: metadata(zone) })),
    agreed: new Set(members.map((member) => member.id)),
    shared,
    signerOf,
  };
}

export function metadata(zone: string | undefined): MemberMetadata {
  return { zone: zone ?? "", address: "", tags: {} };
}
