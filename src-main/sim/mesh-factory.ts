import { meshBlueprint } from "#main/node/blueprint.ts";
import { createMeshNode } from "#main/node/node.ts";
import { detectorFor } from "#main/node/options.ts";
import { Conspiracy } from "./byzantine/conspiracy.ts";
import { ByzantineTraitor } from "./byzantine/traitor.ts";
import { SimKeys } from "./keys.ts";
import type { MeshFactory } from "./types.ts";

/** Real nodes, with all their protocols. */
export const meshFactory: MeshFactory = (options, formed, shared) => {
  const size = typeof options.nodes === "number" ? options.nodes : options.nodes.length;
  // A mesh that joins forms from nobody: its detector still goes by how many will come.
  const membership = { ...options.membership, detector: detectorFor(options, size) };
  const names = formed.map((node) => node.id);
  const keys = new SimKeys(`${options.name}/${options.seed}`, names);
  const signerOf = (node: string) => keys.signerOf(node);
  const blueprint = meshBlueprint({ ...options, membership }, formed, shared, signerOf);
  const { members, mesh } = blueprint.options.consensus;
  const conspiracy = new Conspiracy(members, mesh);
  return {
    create: (boot) => {
      keys.introduce(boot.id);
      return createMeshNode(boot, blueprint);
    },
    traitor: (node, behaviours, random) =>
      new ByzantineTraitor({ behaviours, signer: signerOf(node), conspiracy, random }),
  };
};
