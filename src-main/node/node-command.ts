import type { CommandOf } from "#shared/contract/commands.ts";
import type { VotePolicy } from "#shared/contract/state-events.ts";
import type { GossipMode, TopologyKind } from "#shared/contract/primitives.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";

type KeyCommandType = "memory.write" | "memory.delete" | "memory.read";

export type MemoryCommand = { readonly id: number } & (
  | CommandOf<KeyCommandType>
  | (CommandOf<"memory.namespace"> & {
      /** Of the configuration of the whole mesh, since this mesh time; absent: defined here. */
      readonly since?: Micros;
    })
);

export type KeyCommand = { readonly id: number } & CommandOf<KeyCommandType>;

type ServiceCommandType =
  | "consensus.propose"
  | "consensus.transfer"
  | "consensus.reconfigure"
  | "proposal.call"
  | "proposal.vote";

/** Commands of the contract that a node itself carries out, as requests that end in an answer. */
export type ServiceCommand =
  | ({ readonly id: number } & CommandOf<ServiceCommandType>)
  | MemoryCommand;

/** What the outside may ask of one node. `id` comes back in the node's answer. */
export type NodeCommand =
  | ServiceCommand
  | ({ readonly id: number } & (
      | { readonly type: "leave" }
      | {
          readonly type: "publish";
          readonly topic: string;
          readonly payload: string;
          readonly urgent: boolean;
        }
      | { readonly type: "trace"; readonly to: NodeId }
      | { readonly type: "forget"; readonly member: NodeId }
      | { readonly type: "vote-policy"; readonly policy: VotePolicy }
      | { readonly type: "topology"; readonly kind: TopologyKind }
      | {
          readonly type: "gossip";
          readonly mode: GossipMode;
          readonly fanout: number;
          readonly intervalMs: number;
        }
    ));
