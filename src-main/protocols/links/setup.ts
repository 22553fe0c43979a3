import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { LinksOptions } from "./options.ts";
import type { FormedMesh } from "./types.ts";

/** What a links machine is created with. */
export interface LinksSetup {
  readonly self: NodeId;
  readonly zone: string;
  readonly options: LinksOptions;
  /** This node's own stream. */
  readonly random: Random;
  /** The same stream at every node of the mesh: what topologies are drawn from. */
  readonly shared: Random;
  /** Null: the node begins alone and learns of members through inputs. */
  readonly formed: FormedMesh | null;
}
