import { Network, Plus } from "lucide-react";
import { type CSSProperties, type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { activeListing } from "../state/console.ts";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { cleanText } from "../ui/text.ts";
import { useApp } from "./context.ts";
import type { Feature } from "./feature.ts";
import { Announcer } from "./frame/announcer.tsx";
import { Banners } from "./frame/banners.tsx";
import { ConfirmDialog } from "./frame/confirm-dialog.tsx";
import { Dock } from "./frame/dock.tsx";
import { ErrorBoundary } from "./frame/error-boundary.tsx";
import { Gate } from "./frame/gate.tsx";
import { Hints } from "./frame/hints.tsx";
import { Inspector } from "./frame/inspector.tsx";
import { Palette } from "./frame/palette.tsx";
import { Rail } from "./frame/rail.tsx";
import { ShortcutSheet } from "./frame/shortcut-sheet.tsx";
import { listenForShortcuts } from "./frame/shortcuts.ts";
import { StatusBar } from "./frame/status-bar.tsx";
import { TimeBar } from "./frame/time-bar.tsx";
import { Toaster } from "./frame/toaster.tsx";
import { TopBar } from "./frame/top-bar.tsx";
import { useConnectionStale } from "./hooks/use-connection-words.ts";
import { useConsole, usePrefs } from "./hooks/use-stores.ts";

interface AppProps {
  readonly features: readonly Feature[];
  readonly mac: boolean;
}

export function App({ features, mac }: AppProps): ReactNode {
  const app = useApp();
  useEffect(() => listenForShortcuts(app, mac), [app, mac]);
  const locked = useConsole((state) => state.link.state === "token-needed");
  if (locked) return <Gate />;
  return (
    <>
      <Frame features={features} />
      <Palette />
      <ShortcutSheet />
      <ConfirmDialog />
      {features.map(({ id, Overlay }) =>
        Overlay === undefined ? null : (
          <ErrorBoundary key={id} where={id}>
            <Overlay />
          </ErrorBoundary>
        ),
      )}
      <Toaster />
    </>
  );
}

/** A mesh that is not a sandbox of this host has a frame of its own colour: mind what you do. */
function guardColour(id: string): string {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 6;
  return `var(--series-${sum + 1})`;
}

function Frame({ features }: { readonly features: readonly Feature[] }): ReactNode {
  const { t } = useTranslation("app");
  const active = useConsole((state) => activeListing(state)?.description);
  const title = active === undefined ? "Meshdeck" : `${cleanText(active.name, 60)} · Meshdeck`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  const stale = useConnectionStale();
  // Settings and connections are never out of date.
  const ofMesh = useCurrent(features)?.view?.section === "mesh";
  const guarded = active !== undefined && !active.sandbox;
  const style: CSSProperties & { "--guard"?: string } = guarded
    ? { "--guard": guardColour(active.id) }
    : {};
  return (
    <div
      className={cx("app", guarded && "app--guarded", stale && ofMesh && "app--stale")}
      style={style}
      data-mesh={active?.id}
    >
      <a className="skip-link" href="#content">
        {t("skip")}
      </a>
      <Rail features={features} />
      <TopBar />
      <Banners />
      <main className="app__main" id="content" tabIndex={-1}>
        <div className="app__view">
          <CurrentView features={features} />
          <Hints />
        </div>
        <Dock features={features} />
      </main>
      <InspectorOfView features={features} />
      <TimeBar />
      <StatusBar />
      <Announcer />
    </div>
  );
}

function useCurrent(features: readonly Feature[]): Feature | undefined {
  const wanted = usePrefs((prefs) => prefs.view);
  const pages = features.filter((feature) => feature.view !== undefined);
  return pages.find((feature) => feature.id === wanted) ?? pages[0];
}

function CurrentView({ features }: { readonly features: readonly Feature[] }): ReactNode {
  const current = useCurrent(features);
  const hasMesh = useConsole((state) => state.mesh !== undefined);
  if (current?.view === undefined) return null;
  if (!hasMesh && current.view.meshless !== true) return <NoMesh />;
  const { Component } = current.view;
  return (
    <ErrorBoundary where={current.id}>
      <Component />
    </ErrorBoundary>
  );
}

function InspectorOfView({ features }: { readonly features: readonly Feature[] }): ReactNode {
  const current = useCurrent(features);
  const hasMesh = useConsole((state) => state.mesh !== undefined);
  if (!hasMesh || current?.view?.section !== "mesh") return null;
  return <Inspector features={features} />;
}

function NoMesh(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("app");
  const known = useConsole((state) => state.listings !== undefined);
  if (!known) return <EmptyState icon={<Network />} title={t("empty.waiting.title")} />;
  return (
    <EmptyState
      icon={<Network />}
      title={t("empty.noMesh.title")}
      text={t("empty.noMesh.text")}
      action={
        <Button variant="primary" icon={<Plus />} onClick={() => app.run("mesh.open")}>
          {t("empty.noMesh.action")}
        </Button>
      }
    />
  );
}
