/** What a simulated mesh is given from outside. */
import type { ByzantineBehaviour } from "#shared/contract/agreement-commands.ts";
import type { MeshCommand } from "#shared/contract/commands.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import type { MeshOptions, NodeSpec } from "#shared/contract/mesh-options.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { MeshNode, NodeBoot } from "#main/node/mesh-node.ts";
import type { Traitor } from "./world/traitor.ts";

/**
 * Prepares what all nodes of one mesh share, and returns what makes one node's life. `formed` are
 * the nodes of the mesh that is complete at the start; empty when all of them join.
 */
export type MeshFactory = (
  options: MeshOptions,
  formed: readonly NodeSpec[],
  shared: Random,
) => NodeMaker;

export interface NodeMaker {
  create(boot: NodeBoot): MeshNode;
  /** Absent: this kind of node cannot be made Byzantine. */
  traitor?(node: NodeId, behaviours: readonly ByzantineBehaviour[], random: Random): Traitor;
}

export interface SimPorts {
  readonly factory: MeshFactory;
  /** Every event of the mesh, in order; called from within the constructor too. */
  readonly sink: (event: MeshEvent) => void;
}

/** What came of a command that was carried out; a refusal is a thrown `MeshError`. */
export interface SimOutcome {
  readonly note?: string;
  /** The id of a fault or node that was made. */
  readonly created?: string;
}

/** A command as it was given: after so many steps of the world, at this mesh time. */
export interface GivenCommand {
  readonly steps: number;
  readonly at: Micros;
  readonly actor: string;
  readonly command: MeshCommand;
}
