import type { GossipMode, TopologyKind } from "#shared/contract/primitives.ts";
import type { NodeId } from "#main/kernel/machine.ts";

/** What the outside may ask of one node. `id` comes back in the node's answer. */
export type NodeCommand = { readonly id: number } & (
  | { readonly type: "leave" }
  | {
      readonly type: "publish";
      readonly topic: string;
      readonly payload: string;
      readonly urgent: boolean;
    }
  | { readonly type: "trace"; readonly to: NodeId }
  | { readonly type: "forget"; readonly member: NodeId }
  | { readonly type: "topology"; readonly kind: TopologyKind }
  | {
      readonly type: "gossip";
      readonly mode: GossipMode;
      readonly fanout: number;
      readonly intervalMs: number;
    }
);
