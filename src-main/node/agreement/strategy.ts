/** The strategy that the mesh's options name, and no other, behind one shape. */
import type { ConsensusKind } from "#shared/contract/agreement-events.ts";
import { unreachable } from "#main/kernel/assert.ts";
import type { Consensus } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { Signer } from "#main/kernel/signer.ts";
import type { StateMachine } from "#main/kernel/state-machine.ts";
import type { NodeBoot } from "../mesh-node.ts";
import type { ConsensusOptions } from "../options.ts";
import type { Slot } from "../outbox.ts";
import type { NamedMessage } from "../packet.ts";

/** Some strategy's message: only its own machine and codec look inside. */
export type ConsensusMessage = NamedMessage;

export interface Strategy {
  readonly kind: Exclude<ConsensusKind, "none">;
  readonly machine: Consensus<ConsensusMessage, unknown>;
  readonly slot: Slot<ConsensusMessage, unknown>;
}

export interface StrategySetup {
  readonly boot: NodeBoot;
  readonly options: ConsensusOptions;
  readonly app: StateMachine;
  readonly random: Random;
  readonly signerOf: (node: NodeId) => Signer;
  /** Bodies of this machine's records, oldest first. */
  readonly records: readonly Uint8Array[];
  /** The node lost records that it once had written. */
  readonly amnesia: boolean;
}

export function createStrategy(setup: StrategySetup): Strategy | null {
  const { kind } = setup.options;
  switch (kind) {
    case "none":
      return null;
    case "raft":
    case "pbft":
    case "epidemic":
      return null;
    default:
      return unreachable(kind);
  }
}
