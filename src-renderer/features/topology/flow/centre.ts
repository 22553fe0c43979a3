import type { InternalNode } from "@xyflow/react";
import { CARD_HEIGHT, CARD_WIDTH, type Point } from "../graph/geometry.ts";

/** Where a card's middle is right now, also while it is dragged. */
export function nodeCentre(node: InternalNode | undefined): Point | undefined {
  if (node === undefined) return undefined;
  const { x, y } = node.internals.positionAbsolute;
  return {
    x: x + (node.measured.width ?? CARD_WIDTH) / 2,
    y: y + (node.measured.height ?? CARD_HEIGHT) / 2,
  };
}
