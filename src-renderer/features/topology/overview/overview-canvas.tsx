import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { useMeshStore } from "../../../app/hooks/use-mesh.ts";
import { usePalette } from "../canvas/use-palette.ts";
import { useTopologyStore } from "../context.ts";
import type { Positions } from "../graph/geometry.ts";
import type { FaultIndex } from "../graph/link-faults.ts";
import type { PlaceKeeper } from "../graph/place-keeper.ts";
import { toggleZone } from "../zones.ts";
import type { TopologyGraph } from "../use-graph.ts";
import { OverviewController } from "./controller.ts";
import "./overview.css";

export interface OverviewCanvasProps {
  readonly graph: TopologyGraph;
  readonly places: Positions;
  readonly layouts: number;
  readonly keeper: PlaceKeeper;
  readonly faults: FaultIndex;
}

/** The mesh on one canvas, for sizes at which a card a node would stand still. */
export function OverviewCanvas(props: OverviewCanvasProps): ReactNode {
  const { graph, places, layouts, keeper, faults } = props;
  const { t } = useTranslation("topology");
  const { selection, prefs } = useApp();
  const store = useTopologyStore();
  const mesh = useMeshStore();
  const palette = usePalette();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [hovered, setHovered] = useState<string>();
  const controller = useMemo(
    () =>
      new OverviewController({
        selection,
        onHover: setHovered,
        onOpenGroup: (zone) => toggleZone(store, zone),
        onInspect: () => prefs.getState().change({ inspectorOpen: true }),
      }),
    [selection, prefs, store],
  );
  useEffect(
    () => (canvas.current === null ? undefined : controller.attach(canvas.current)),
    [controller],
  );
  useEffect(
    () => controller.show({ graph, places, faults, palette, view: () => mesh?.view }),
    [controller, graph, places, faults, palette, mesh],
  );
  useEffect(() => mesh?.subscribe(() => controller.ask(), "slow"), [mesh, controller]);
  useEffect(() => selection.subscribe(() => controller.ask()), [selection, controller]);
  useEffect(() => {
    if (layouts > 0) controller.fit();
  }, [layouts, controller]);
  useEffect(() => {
    const controls = {
      fit: () => controller.fit(),
      zoomBy: (factor: number) => controller.zoomBy(factor),
      relayout: () => keeper.relayout(),
    };
    store.getState().change({ controls });
    return () => store.getState().change({ controls: undefined });
  }, [store, keeper, controller]);

  return (
    <div className="overview">
      <canvas
        ref={canvas}
        className="overview__canvas"
        // oxlint-disable-next-line jsx-a11y/no-interactive-element-to-noninteractive-role -- arrow keys walk the drawing, and only this role lets them through
        role="application"
        aria-label={t("overview.label", { count: graph.drawn.shown })}
        tabIndex={0}
      />
      <p className="overview__hover" aria-live="polite">
        {hovered ?? ""}
      </p>
    </div>
  );
}
