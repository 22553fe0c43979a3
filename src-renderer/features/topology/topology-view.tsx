import { Filter, Network } from "lucide-react";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../app/context.ts";
import { commandMenu } from "../../app/hooks/use-commands.ts";
import { useMeshStore, useMeshVersion, usePastAt } from "../../app/hooks/use-mesh.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ContextMenu, type MenuGroup } from "../../ui/menu.tsx";
import { useTopology, useTopologyStore } from "./context.ts";
import { FlowCanvas } from "./flow/flow-canvas.tsx";
import { tierFor } from "./graph/lod.ts";
import { readPlaces, savedPlacesKey } from "./graph/saved-places.ts";
import { Legend } from "./legend.tsx";
import { OverviewCanvas } from "./overview/overview-canvas.tsx";
import { NodeTable } from "./table/node-table.tsx";
import { TopologyBar, ViewToolbar } from "./toolbar.tsx";
import "./topology.css";
import { type TopologyGraph, useFaultIndex, useGraph } from "./use-graph.ts";
import { usePlaces } from "./use-places.ts";

export function TopologyView(): ReactNode {
  const { t } = useTranslation("topology");
  const graph = useGraph();
  const tab = useTopology((state) => state.tab);
  const mesh = useMeshStore()?.id;
  useMeshSettings(mesh, graph);
  useFilteredCount(graph);
  return (
    <div className="topology">
      <h1 className="visually-hidden">{t("title")}</h1>
      <TopologyBar graph={graph} />
      <div className="topology__body">
        {graph.drawn.nodes.length === 0 ? (
          <Nothing graph={graph} />
        ) : (
          <PlaceMenu>
            {tab === "table" ? <NodeTable graph={graph} /> : <Drawing graph={graph} key={mesh} />}
          </PlaceMenu>
        )}
      </div>
    </div>
  );
}

/** What was chosen for one mesh does not carry over to the next. */
function useMeshSettings(mesh: string | undefined, graph: TopologyGraph): void {
  const store = useTopologyStore();
  useEffect(() => {
    if (mesh === undefined) return;
    const { layout } = readPlaces(localStorage.getItem(savedPlacesKey(mesh)));
    store.getState().change({ layout, collapsed: undefined, query: "" });
  }, [store, mesh]);
  useEffect(
    () => store.getState().change({ shownCollapsed: graph.collapsed }),
    [store, graph.collapsed],
  );
}

/** The status bar says how many nodes the filter hides, while this view is on screen. */
function useFilteredCount({ drawn }: TopologyGraph): void {
  const { ui } = useApp();
  const hidden = drawn.total - drawn.shown;
  useEffect(() => {
    ui.setState({ filtered: hidden });
    return () => ui.setState({ filtered: 0 });
  }, [ui, hidden]);
}

function Drawing({ graph }: { readonly graph: TopologyGraph }): ReactNode {
  const { places, layouts, keeper, laidOutAs } = usePlaces(graph.drawn);
  const faults = useFaultIndex();
  const legend = useTopology((state) => state.legend);
  const traffic = useTopology((state) => state.traffic);
  const tier = tierFor(graph.drawn.nodes.length);
  const shared = { graph, places, layouts, keeper, faults };
  return (
    <div className="topology__drawing">
      {tier === "cards" || tier === "lean" ? (
        <FlowCanvas {...shared} tier={tier} zoned={laidOutAs === "zones"} />
      ) : (
        <OverviewCanvas {...shared} />
      )}
      <div className="topology__corner">
        {legend ? <Legend traffic={traffic} /> : null}
        <ViewToolbar />
      </div>
    </div>
  );
}

/** The context menu of whatever is selected: a right click selects what it hits first. */
function PlaceMenu({ children }: { readonly children: ReactNode }): ReactNode {
  const app = useApp();
  const [groups, setGroups] = useState<readonly MenuGroup[]>([]);
  const gather = useCallback(() => {
    const { nodes, link } = app.selection.getState();
    const place = nodes.size > 0 ? "node" : link === undefined ? "canvas" : "link";
    setGroups(commandMenu(app, place));
  }, [app]);
  return (
    <ContextMenu groups={groups}>
      <div className="topology__place" onContextMenu={gather}>
        {children}
      </div>
    </ContextMenu>
  );
}

/** Names the cause, and does something about it. */
function Nothing({ graph }: { readonly graph: TopologyGraph }): ReactNode {
  const { t } = useTranslation("topology");
  const app = useApp();
  const store = useTopologyStore();
  const past = usePastAt();
  const mesh = useMeshStore();
  useMeshVersion();
  if (graph.model.nodes.length > 0) {
    return (
      <EmptyState
        icon={<Filter />}
        title={t("empty.filtered", { count: graph.model.nodes.length })}
        text={t("empty.filteredText")}
        action={
          <Button onClick={() => store.getState().change({ query: "" })}>{t("empty.clear")}</Button>
        }
      />
    );
  }
  if (past !== undefined) {
    return (
      <EmptyState
        icon={<Network />}
        title={t("empty.past")}
        action={<Button onClick={() => app.returnToNow()}>{t("empty.now")}</Button>}
      />
    );
  }
  const waiting = mesh !== undefined && !mesh.ready;
  return (
    <EmptyState
      icon={<Network />}
      title={t(waiting ? "empty.waiting" : "empty.nodes")}
      text={waiting ? undefined : t("empty.nodesText")}
    />
  );
}
