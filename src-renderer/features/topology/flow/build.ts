/** From the drawn graph to what React Flow wants: structure and places, nothing that is measured. */
import { bendEdges } from "../graph/bend.ts";
import { CARD_HEIGHT, CARD_WIDTH, type Point, type Positions } from "../graph/geometry.ts";
import type { DrawnEdge, DrawnGraph, DrawnNode } from "../graph/group.ts";
import type { FlowNode, LinkEdge } from "./types.ts";

export interface BuildInput {
  readonly graph: DrawnGraph;
  readonly places: Positions;
  /** Nodes that the search found; the others fade. */
  readonly found: ReadonlySet<string> | undefined;
  readonly selected: ReadonlySet<string>;
  /** Nodes in somebody's hand, ahead of their place. */
  readonly moved: Positions;
}

/** A builder that hands back the same object for each node of which nothing changed. */
export function nodeBuilder(): (input: BuildInput) => FlowNode[] {
  let before: readonly FlowNode[] = [];
  return (input) => {
    const nodes = buildNodes(input, before);
    before = nodes;
    return nodes;
  };
}

// Cards have one size: saying so spares React Flow measuring them after each change.
const SIZE = { width: CARD_WIDTH, height: CARD_HEIGHT };

function buildNodes(
  { graph, places, found, selected, moved }: BuildInput,
  before: readonly FlowNode[],
): FlowNode[] {
  const known = new Map(before.map((node) => [node.id, node]));
  return graph.nodes.flatMap((node): FlowNode[] => {
    const position = moved.get(node.id) ?? places.get(node.id);
    if (position === undefined) return [];
    const old = known.get(node.id);
    const faded = isFaded(node, found);
    const isSelected = node.members.every((member) => selected.has(member));
    if (old !== undefined && isSame(old, node, { position, faded, isSelected })) return [old];
    const base = {
      id: node.id,
      position: { x: position.x, y: position.y },
      ...SIZE,
      measured: SIZE,
      selected: isSelected,
      className: faded ? "is-faded" : "",
    };
    const { members } = node;
    return node.kind === "group"
      ? [{ ...base, type: "group", data: { members, zone: node.zone ?? "" } }]
      : [{ ...base, type: "card", data: { members }, ariaLabel: node.id }];
  });
}

function isSame(
  old: FlowNode,
  node: DrawnNode,
  now: { readonly position: Point; readonly faded: boolean; readonly isSelected: boolean },
): boolean {
  return (
    old.position.x === now.position.x &&
    old.position.y === now.position.y &&
    old.selected === now.isSelected &&
    (old.className === "is-faded") === now.faded &&
    old.data.members.length === node.members.length &&
    old.data.members.every((member, index) => member === node.members[index])
  );
}

export function isFaded(node: DrawnNode, found: ReadonlySet<string> | undefined): boolean {
  return found !== undefined && !node.members.some((member) => found.has(member));
}

/** `bent`: bows around cards, worth their cost up to a few hundred edges. */
export function buildEdges(
  input: Pick<BuildInput, "graph" | "places" | "found">,
  bent: boolean,
): LinkEdge[] {
  const { graph, places, found } = input;
  const bends = bent ? bendEdges(graph.edges, places) : undefined;
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const fades = (edge: DrawnEdge): boolean =>
    [edge.a, edge.b].some((end) => {
      const node = nodes.get(end);
      return node !== undefined && isFaded(node, found);
    });
  return graph.edges
    .filter((edge) => places.has(edge.a) && places.has(edge.b))
    .map((edge) => ({
      id: edge.id,
      type: "link",
      source: edge.a,
      target: edge.b,
      data: { links: edge.links, bend: bends?.get(edge.id) ?? 0, faded: fades(edge) },
      focusable: false,
    }));
}
