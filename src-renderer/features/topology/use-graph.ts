import { healthOf } from "#shared/view/health.ts";
import type { FaultView, MeshView } from "#shared/view/model.ts";
import { useMemo } from "react";
import { sameList, useMesh } from "../../app/hooks/use-mesh.ts";
import { useTopology } from "./context.ts";
import { chunkByName } from "./graph/chunks.ts";
import { matches, parseFilter } from "./graph/filter.ts";
import { byZone, type DrawnGraph, drawGraph } from "./graph/group.ts";
import { type FaultIndex, indexFaults } from "./graph/link-faults.ts";
import { LEAN_MAX, OVERVIEW_MAX } from "./graph/lod.ts";
import { buildGraph, EMPTY_GRAPH, type GraphModel } from "./graph/model.ts";

const NONE: ReadonlySet<string> = new Set();

export interface TopologyGraph {
  readonly model: GraphModel;
  readonly drawn: DrawnGraph;
  /** Zones of the mesh; "" for nodes without one. */
  readonly zones: readonly string[];
  readonly collapsed: ReadonlySet<string>;
  /** Nodes that match the search; `undefined` without one. */
  readonly found: ReadonlySet<string> | undefined;
}

/** What to draw, by search, filter and grouping: a new object only when that changed. */
export function useGraph(): TopologyGraph {
  const model = useModel();
  const found = useFound();
  const filterMode = useTopology((state) => state.filterMode);
  const chosen = useTopology((state) => state.collapsed);
  const zones = useMemo(() => [...byZone(model.nodes).keys()], [model]);
  const collapsed = useMemo(() => chosen ?? collapsedBySize(model, zones), [chosen, model, zones]);
  const drawn = useMemo(() => {
    const hides = found !== undefined && filterMode === "hide";
    const hidden = hides
      ? new Set(model.nodes.map((node) => node.id).filter((id) => !found.has(id)))
      : NONE;
    return drawGraph(model, { hidden, collapsed });
  }, [model, found, filterMode, collapsed]);
  return useMemo(
    () => ({ model, drawn, zones, collapsed, found }),
    [model, drawn, zones, collapsed, found],
  );
}

function useModel(): GraphModel {
  const select = useMemo(() => keptModel(), []);
  const model = useMesh(select);
  return useMemo(() => (model.nodes.length > OVERVIEW_MAX ? chunkByName(model) : model), [model]);
}

/** A selector that hands back the same model until the structure changed. */
function keptModel(): (view: MeshView) => GraphModel {
  let model = EMPTY_GRAPH;
  return (view) => {
    model = buildGraph(view, model);
    return model;
  };
}

/** Big meshes start with their zones collapsed; without zones there is nothing to collapse. */
function collapsedBySize(model: GraphModel, zones: readonly string[]): ReadonlySet<string> {
  return model.nodes.length > LEAN_MAX && zones.length > 1 ? new Set(zones) : NONE;
}

function useFound(): ReadonlySet<string> | undefined {
  const query = useTopology((state) => state.query);
  const select = useMemo(() => {
    const terms = parseFilter(query);
    return (view: MeshView): readonly string[] | undefined => {
      if (terms.length === 0) return undefined;
      const nodes = [...view.nodes.values()];
      return nodes
        .filter((node) => matches(terms, { node, health: healthOf(node) }))
        .map((node) => node.id);
    };
  }, [query]);
  const ids = useMesh(select, SLOW_LIST);
  return useMemo(() => (ids === undefined ? undefined : new Set(ids)), [ids]);
}

const SLOW_LIST = { pace: "slow" as const, isEqual: sameIds };

function sameIds(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && sameList(a, b));
}

export function useFaultIndex(): FaultIndex {
  const faults = useMesh(activeFaults, { isEqual: sameList });
  return useMemo(() => indexFaults(faults), [faults]);
}

const activeFaults = (view: MeshView): readonly FaultView[] => [...view.faults.values()];
