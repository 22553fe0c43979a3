import type { MeshView } from "#shared/view/model.ts";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { useMesh, useMeshStore } from "../../app/hooks/use-mesh.ts";
import { useTopology } from "./context.ts";
import type { Positions } from "./graph/geometry.ts";
import type { DrawnGraph } from "./graph/group.ts";
import type { LayoutName } from "./graph/layout.ts";
import { PlaceKeeper } from "./graph/place-keeper.ts";
import { runLayout } from "./graph/run-layout.ts";

export interface Places {
  readonly places: Positions;
  readonly layouts: number;
  readonly laidOutAs: LayoutName | undefined;
  readonly keeper: PlaceKeeper;
}

export function usePlaces(graph: DrawnGraph): Places {
  const mesh = useMeshStore()?.id ?? "";
  const topology = useMesh(wantedTopology);
  const choice = useTopology((state) => state.layout);
  const keeper = useMemo(() => browserKeeper(), []);
  useEffect(() => () => keeper.stop(), [keeper]);
  useEffect(
    () => keeper.update({ mesh, topology, choice, graph }),
    [keeper, mesh, topology, choice, graph],
  );
  const subscribe = useMemo(() => keeper.subscribe.bind(keeper), [keeper]);
  const places = useSyncExternalStore(subscribe, () => keeper.places);
  const layouts = useSyncExternalStore(subscribe, () => keeper.layouts);
  const laidOutAs = useSyncExternalStore(subscribe, () => keeper.laidOutAs);
  return { places, layouts, laidOutAs, keeper };
}

const wantedTopology = (view: MeshView): string | undefined => view.mesh.topology;

function browserKeeper(): PlaceKeeper {
  return new PlaceKeeper({
    run: runLayout,
    read: (key) => localStorage.getItem(key),
    write: (key, text) => {
      try {
        localStorage.setItem(key, text);
      } catch {
        // A full or forbidden storage costs the memory of places, not the drawing.
      }
    },
    now: () => performance.now(),
  });
}
