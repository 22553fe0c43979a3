import { X } from "lucide-react";
import { type PointerEvent, type ReactNode, useCallback } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/button.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { useApp } from "../context.ts";
import type { Feature } from "../feature.ts";
import { usePrefs } from "../hooks/use-stores.ts";
import { ErrorBoundary } from "./error-boundary.tsx";

const MIN_HEIGHT = 120;
const KEY_STEP = 24;

interface DockProps {
  readonly features: readonly Feature[];
}

export function Dock({ features }: DockProps): ReactNode {
  const open = usePrefs((prefs) => prefs.dockOpen);
  const view = usePrefs((prefs) => prefs.view);
  const panels = features
    .flatMap((feature) => feature.dock ?? [])
    .sort((a, b) => a.order - b.order);
  const page = features.find((feature) => feature.id === view)?.view;
  const hasRoom = page?.section === "mesh" && page.dockless !== true;
  if (!open || !hasRoom || panels.length === 0) return null;
  return <OpenDock panels={panels} />;
}

interface OpenDockProps {
  readonly panels: readonly NonNullable<Feature["dock"]>[number][];
}

function OpenDock({ panels }: OpenDockProps): ReactNode {
  const { prefs } = useApp();
  const { t } = useTranslation();
  const height = usePrefs((state) => state.dockHeight);
  const wanted = usePrefs((state) => state.dockPanel);
  const close = useCallback(() => prefs.getState().change({ dockOpen: false }), [prefs]);
  const current = panels.find((panel) => panel.id === wanted) ?? panels[0];
  return (
    <section className="dock" style={{ height }} aria-label={t("app:dock.label")}>
      <DockGrip height={height} />
      <Tabs
        label={t("app:dock.label")}
        value={current?.id ?? ""}
        onChange={(id) => prefs.getState().change({ dockPanel: id })}
        actions={<IconButton size="sm" label={t("app:dock.close")} icon={<X />} onClick={close} />}
        items={panels.map(({ id, title, icon: Icon, Component }) => ({
          id,
          label: t(title),
          icon: <Icon aria-hidden />,
          content: (
            <div className="dock__body">
              <ErrorBoundary where={id}>
                <Component />
              </ErrorBoundary>
            </div>
          ),
        }))}
      />
    </section>
  );
}

function DockGrip({ height }: { readonly height: number }): ReactNode {
  const { prefs } = useApp();
  const { t } = useTranslation("app");
  const resize = (next: number) => {
    const most = Math.round(window.innerHeight * 0.7);
    prefs.getState().change({ dockHeight: Math.max(MIN_HEIGHT, Math.min(most, 900, next)) });
  };
  const drag = (event: PointerEvent<HTMLButtonElement>) => {
    const grip = event.currentTarget;
    const startY = event.clientY;
    grip.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) => resize(height + startY - moved.clientY);
    grip.addEventListener("pointermove", move);
    grip.addEventListener(
      "lostpointercapture",
      () => grip.removeEventListener("pointermove", move),
      {
        once: true,
      },
    );
  };
  return (
    <button
      type="button"
      className="dock__grip"
      aria-label={t("dock.resize")}
      onPointerDown={drag}
      onKeyDown={(event) => {
        if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
        event.preventDefault();
        event.stopPropagation();
        resize(height + (event.key === "ArrowUp" ? KEY_STEP : -KEY_STEP));
      }}
    />
  );
}
