import type { Edge, Node } from "@xyflow/react";

/** What React Flow holds of a node is structure only; everything that changes is subscribed to. */
export type CardNode = Node<{ readonly members: readonly string[] }, "card">;
export type GroupNode = Node<
  { readonly members: readonly string[]; readonly zone: string },
  "group"
>;
export type FlowNode = CardNode | GroupNode;

export type LinkEdge = Edge<
  { readonly links: readonly string[]; readonly bend: number; readonly faded: boolean },
  "link"
>;
