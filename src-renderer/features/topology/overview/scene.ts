/** What the overview paints: the drawn graph with the state of the moment. */
import { healthOf, HEALTH_ORDER } from "#shared/view/health.ts";
import type { Health, MeshView } from "#shared/view/model.ts";
import { cleanText } from "../../../ui/text.ts";
import type { PaintedEdge } from "../canvas/edges.ts";
import { isFaded } from "../flow/build.ts";
import { isHop } from "../graph/route.ts";
import type { Positions } from "../graph/geometry.ts";
import type { DrawnEdge, DrawnNode } from "../graph/group.ts";
import type { FaultIndex } from "../graph/link-faults.ts";
import type { TopologyGraph } from "../use-graph.ts";
import type { PaintedNode } from "./nodes.ts";

interface Scene {
  readonly graph: TopologyGraph;
  readonly places: Positions;
  readonly faults: FaultIndex;
}

/** A group is as ill as its worst member. */
export function worstHealth(view: MeshView, members: readonly string[]): Health {
  let worst = HEALTH_ORDER.length - 1;
  for (const id of members) {
    const node = view.nodes.get(id);
    worst = Math.min(worst, HEALTH_ORDER.indexOf(node === undefined ? "unknown" : healthOf(node)));
  }
  return HEALTH_ORDER[worst] ?? "unknown";
}

export function nodesToPaint(
  { graph, places }: Scene,
  view: MeshView,
  selected: ReadonlySet<string>,
): readonly PaintedNode[] {
  return graph.drawn.nodes.flatMap((node): PaintedNode[] => {
    const at = places.get(node.id);
    if (at === undefined) return [];
    return [
      {
        id: node.id,
        label: labelOf(node),
        kind: node.kind,
        at,
        health: worstHealth(view, node.members),
        readOnly: node.kind === "node" && view.nodes.get(node.id)?.mode === "read-only",
        selected: node.members.every((member) => selected.has(member)),
        faded: isFaded(node, graph.found),
      },
    ];
  });
}

function labelOf(node: DrawnNode): string {
  if (node.kind === "node") return node.id;
  return cleanText(`${node.zone === "" ? "—" : node.zone} (${node.members.length})`, 40);
}

export function edgesToPaint(
  { graph, places, faults }: Scene,
  view: MeshView,
  selection: { readonly route: readonly string[] | undefined; readonly link: string | undefined },
): readonly PaintedEdge[] {
  return graph.drawn.edges.flatMap((edge): PaintedEdge[] => {
    const from = places.get(edge.a);
    const to = places.get(edge.b);
    const link = view.links.get(edge.links[0] ?? "");
    if (from === undefined || to === undefined || link === undefined) return [];
    return [
      {
        from,
        to,
        half: link.aUp !== link.bUp,
        condition: faults.of(link.a, link.b).condition,
        emphasis: emphasisOf(edge, selection),
      },
    ];
  });
}

function emphasisOf(
  edge: DrawnEdge,
  selection: { readonly route: readonly string[] | undefined; readonly link: string | undefined },
): PaintedEdge["emphasis"] {
  if (isHop(selection.route, edge.a, edge.b)) return "route";
  return selection.link !== undefined && edge.links.includes(selection.link) ? "selected" : "none";
}
