import {
  Background,
  BackgroundVariant,
  type EdgeMouseHandler,
  type NodeChange,
  type NodeMouseHandler,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useReactFlow,
  useStore,
  type ReactFlowState,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { useSelection } from "../../../app/hooks/use-stores.ts";
import { useTopologyStore } from "../context.ts";
import { CARDS_MAX, type Detail, detailFor, type Tier } from "../graph/lod.ts";
import type { PlaceKeeper } from "../graph/place-keeper.ts";
import type { FaultIndex } from "../graph/link-faults.ts";
import type { Point, Positions } from "../graph/geometry.ts";
import type { TopologyGraph } from "../use-graph.ts";
import { buildEdges, nodeBuilder } from "./build.ts";
import { DetailContext } from "./detail.ts";
import { EdgeLayer } from "./edge-layer.tsx";
import "./flow.css";
import { GroupCard } from "./group-card.tsx";
import { FaultsContext, LinkEdge } from "./link-edge.tsx";
import { NodeCard } from "./node-card.tsx";
import { RegionsLayer } from "./regions-layer.tsx";
import { TrafficLayer } from "./traffic-layer.tsx";
import type { FlowNode, LinkEdge as LinkEdgeType } from "./types.ts";
import { useWalk } from "./use-walk.ts";

const NODE_TYPES = { card: NodeCard, group: GroupCard };
const EDGE_TYPES = { link: LinkEdge };
const CENTRED: [number, number] = [0.5, 0.5];
const NO_EDGES: LinkEdgeType[] = [];
// Room at the bottom for the tool bar that lies there.
const FIT = { padding: { x: "40px", top: "36px", bottom: "96px" }, maxZoom: 1.15 } as const;

export interface FlowCanvasProps {
  readonly graph: TopologyGraph;
  readonly tier: Tier;
  readonly places: Positions;
  /** Fits the view again when this grows. */
  readonly layouts: number;
  readonly keeper: PlaceKeeper;
  readonly faults: FaultIndex;
  readonly zoned: boolean;
}

export function FlowCanvas(props: FlowCanvasProps): ReactNode {
  return (
    <ReactFlowProvider>
      <FaultsContext value={props.faults}>
        <Flow {...props} />
      </FaultsContext>
    </ReactFlowProvider>
  );
}

function Flow({ graph, tier, places, layouts, keeper, faults, zoned }: FlowCanvasProps): ReactNode {
  const { nodes, edges, onNodesChange, dropNodes } = useFlowGraph({ graph, places, keeper });
  const events = useSelecting();
  const walk = useWalk(places);
  const detail = useStore(detailOf);
  const labels = useAriaLabels();
  useControls(keeper, layouts);
  const lean = tier !== "cards";
  return (
    <div className="flow" data-detail={detail} data-tier={tier} onKeyDownCapture={walk}>
      <DetailContext value={detail}>
        <ReactFlow
          nodes={nodes}
          edges={lean ? NO_EDGES : edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          nodeOrigin={CENTRED}
          onNodesChange={onNodesChange}
          onNodeDragStop={(_, __, dragged) => dropNodes(dragged)}
          onSelectionDragStop={(_, dragged) => dropNodes(dragged)}
          {...events}
          deleteKeyCode={null}
          nodesFocusable
          edgesFocusable={false}
          nodesConnectable={false}
          disableKeyboardA11y
          selectionMode={SelectionMode.Partial}
          minZoom={0.08}
          maxZoom={2}
          onlyRenderVisibleElements={lean}
          ariaLabelConfig={labels}
          elevateNodesOnSelect={false}
          zoomOnDoubleClick={false}
        >
          <Background variant={BackgroundVariant.Dots} gap={26} size={1.2} className="flow__dots" />
          <RegionsLayer nodes={graph.drawn.nodes} places={places} faults={faults} zoned={zoned} />
          {lean ? <EdgeLayer edges={edges} /> : null}
          <TrafficLayer nodes={graph.drawn.nodes} edges={edges} />
        </ReactFlow>
      </DetailContext>
    </div>
  );
}

const detailOf = (state: ReactFlowState): Detail => detailFor(state.transform[2]);

function useFlowGraph({
  graph,
  places,
  keeper,
}: Pick<FlowCanvasProps, "graph" | "places" | "keeper">) {
  const { drawn, found } = graph;
  const selected = useSelection((state) => state.nodes);
  const { selection } = useApp();
  const [moved, setMoved] = useState<Positions>(AT_REST);
  const build = useMemo(() => nodeBuilder(), []);
  const nodes = useMemo(
    () => build({ graph: drawn, places, found, selected, moved }),
    [build, drawn, places, found, selected, moved],
  );
  const edges = useMemo(
    () => buildEdges({ graph: drawn, places, found }, drawn.nodes.length <= CARDS_MAX),
    [drawn, places, found],
  );
  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      const picked = changes.filter((change) => change.type === "select");
      if (picked.length > 0) applySelection(selection.getState(), picked, drawn.nodes);
      const inHand = changes.flatMap((change): (readonly [string, Point])[] =>
        change.type === "position" && change.dragging === true && change.position !== undefined
          ? [[change.id, change.position]]
          : [],
      );
      if (inHand.length > 0) setMoved((before) => new Map([...before, ...inHand]));
    },
    [selection, drawn],
  );
  const dropNodes = useCallback(
    (dragged: readonly FlowNode[]) => {
      keeper.drop(new Map(dragged.map((node) => [node.id, node.position])));
      setMoved(AT_REST);
    },
    [keeper],
  );
  return { nodes, edges, onNodesChange, dropNodes };
}

const AT_REST: Positions = new Map();

interface SelectChange {
  readonly id: string;
  readonly selected: boolean;
}

/** A group stands for its members: selecting one selects them. */
function applySelection(
  selection: { readonly nodes: ReadonlySet<string>; selectNodes(ids: readonly string[]): void },
  changes: readonly SelectChange[],
  drawn: readonly { readonly id: string; readonly members: readonly string[] }[],
): void {
  const members = new Map(drawn.map((node) => [node.id, node.members]));
  const next = new Set(selection.nodes);
  for (const { id, selected } of changes) {
    for (const member of members.get(id) ?? []) {
      if (selected) next.add(member);
      else next.delete(member);
    }
  }
  selection.selectNodes([...next]);
}

function useSelecting() {
  const { selection, prefs } = useApp();
  return useMemo(() => {
    const onEdgeClick: EdgeMouseHandler<LinkEdgeType> = (_, edge) => {
      const [key] = edge.data?.links ?? [];
      if (key !== undefined) selection.getState().selectLink(key);
    };
    const onEdgeContextMenu = onEdgeClick;
    // A right click acts on what it hits: that is selected first, unless it already is.
    const onNodeContextMenu: NodeMouseHandler<FlowNode> = (_, node) => {
      const { nodes, selectNodes } = selection.getState();
      if (!node.data.members.every((member) => nodes.has(member))) selectNodes(node.data.members);
    };
    const onNodeDoubleClick: NodeMouseHandler<FlowNode> = () =>
      prefs.getState().change({ inspectorOpen: true });
    const onPaneClick = (): void => selection.getState().clear();
    const onPaneContextMenu = onPaneClick;
    return {
      onEdgeClick,
      onEdgeContextMenu,
      onNodeContextMenu,
      onNodeDoubleClick,
      onPaneClick,
      onPaneContextMenu,
    };
  }, [selection, prefs]);
}

function useControls(keeper: PlaceKeeper, layouts: number): void {
  const store = useTopologyStore();
  const { fitView, zoomTo, getZoom } = useReactFlow();
  useEffect(() => {
    const controls = {
      fit: () => void fitView({ ...FIT, duration: 200 }),
      zoomBy: (factor: number) => void zoomTo(getZoom() * factor, { duration: 120 }),
      relayout: () => keeper.relayout(),
    };
    store.getState().change({ controls });
    return () => store.getState().change({ controls: undefined });
  }, [store, keeper, fitView, zoomTo, getZoom]);
  useEffect(() => {
    if (layouts === 0) return undefined;
    // The new places reach React Flow with the next render.
    const frame = requestAnimationFrame(() => void fitView(FIT));
    return () => cancelAnimationFrame(frame);
  }, [layouts, fitView]);
}

function useAriaLabels() {
  const { t } = useTranslation("topology");
  return useMemo(
    () => ({
      "node.a11yDescription.default": t("aria.node"),
      "node.a11yDescription.keyboardDisabled": t("aria.node"),
      "edge.a11yDescription.default": t("aria.edge"),
      "handle.ariaLabel": t("aria.handle"),
    }),
    [t],
  );
}
