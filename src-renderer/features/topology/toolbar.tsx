import {
  Group,
  Maximize,
  Network,
  Radio,
  ScanSearch,
  Table2,
  Tag,
  ZoomIn,
  ZoomOut,
} from "lucide-react";
import { type ReactNode, type RefObject, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useCommandButton } from "../../app/hooks/use-commands.ts";
import { useDescription } from "../../app/hooks/use-mesh.ts";
import { Badge } from "../../ui/badge.tsx";
import { IconButton } from "../../ui/button.tsx";
import { SearchInput } from "../../ui/field.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Segmented } from "../../ui/toggle.tsx";
import { useTopology, useTopologyStore } from "./context.ts";
import { LAYOUTS } from "./graph/layout.ts";
import type { TopologyGraph } from "./use-graph.ts";
import { cleanText } from "../../ui/text.ts";
import { toggleZone } from "./zones.ts";

/** Above the drawing: what is looked for, how much is shown, graph or table. */
export function TopologyBar({ graph }: { readonly graph: TopologyGraph }): ReactNode {
  const { t } = useTranslation("topology");
  const store = useTopologyStore();
  const { change } = store.getState();
  const query = useTopology((state) => state.query);
  const mode = useTopology((state) => state.filterMode);
  const tab = useTopology((state) => state.tab);
  const search = useSearchFocus();
  const { found, drawn } = graph;
  return (
    <div className="topology__bar">
      <div className="topology__search">
        <SearchInput
          label={t("search.label")}
          value={query}
          onChange={(text) => change({ query: text })}
          inputRef={search}
        />
      </div>
      <Segmented
        label={t("search.mode")}
        value={mode}
        onChange={(filterMode) => change({ filterMode })}
        options={[
          { value: "find", label: t("search.find") },
          { value: "hide", label: t("search.hide") },
        ]}
      />
      <p className="topology__count" aria-live="polite">
        {found === undefined ? null : (
          <Badge tone={found.size === 0 ? "suspect" : "neutral"}>
            {mode === "find"
              ? t("search.found", { found: found.size, total: drawn.total })
              : t("search.showing", { shown: drawn.shown, total: drawn.total })}
          </Badge>
        )}
      </p>
      <span className="toolbar__spacer" />
      <ZonesMenu graph={graph} />
      <Segmented
        label={t("tab.label")}
        value={tab}
        onChange={(next) => change({ tab: next })}
        options={[
          { value: "graph", label: t("tab.graph"), icon: <Network aria-hidden /> },
          { value: "table", label: t("tab.table"), icon: <Table2 aria-hidden /> },
        ]}
      />
    </div>
  );
}

function useSearchFocus(): RefObject<HTMLInputElement | null> {
  const store = useTopologyStore();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    store.getState().change({ focusSearch: () => input.current?.focus() });
    return () => store.getState().change({ focusSearch: undefined });
  }, [store]);
  return input;
}

function ZonesMenu({ graph }: { readonly graph: TopologyGraph }): ReactNode {
  const { t } = useTranslation("topology");
  const store = useTopologyStore();
  const { zones, collapsed } = graph;
  if (zones.length < 2) return null;
  const { change } = store.getState();
  return (
    <Menu
      align="end"
      trigger={<IconButton label={t("zone.menu")} icon={<Group aria-hidden />} />}
      groups={[
        {
          id: "all",
          items: [
            {
              id: "collapse",
              label: t("zone.collapseAll"),
              onSelect: () => change({ collapsed: new Set(zones) }),
            },
            {
              id: "expand",
              label: t("zone.expandAll"),
              onSelect: () => change({ collapsed: new Set() }),
            },
          ],
        },
        {
          id: "zones",
          title: t("zone.collapsed"),
          items: zones.slice(0, 40).map((zone) => ({
            id: zone,
            label: zone === "" ? t("zone.none") : cleanText(zone, 48),
            checked: collapsed.has(zone),
            onSelect: () => toggleZone(store, zone),
          })),
        },
      ]}
    />
  );
}

/** At the bottom left of the drawing. */
export function ViewToolbar(): ReactNode {
  const { t } = useTranslation("topology");
  const store = useTopologyStore();
  const { change } = store.getState();
  const labels = useTopology((state) => state.labels);
  const traffic = useTopology((state) => state.traffic);
  const legend = useTopology((state) => state.legend);
  const traces = useDescription()?.traces === true;
  const zoomIn = useCommandButton("topology.zoomIn");
  const zoomOut = useCommandButton("topology.zoomOut");
  const fit = useCommandButton("topology.fit");
  return (
    <div className="view-tools" role="toolbar" aria-label={t("tools.label")}>
      <IconButton icon={<ZoomIn aria-hidden />} {...zoomIn} />
      <IconButton icon={<ZoomOut aria-hidden />} {...zoomOut} />
      <IconButton icon={<Maximize aria-hidden />} {...fit} />
      <LayoutMenu />
      <IconButton
        label={t("tools.labels")}
        icon={<Tag aria-hidden />}
        pressed={labels}
        onClick={() => change({ labels: !labels })}
      />
      <IconButton
        label={t("tools.traffic")}
        icon={<Radio aria-hidden />}
        pressed={traffic && traces}
        disabledReason={traces ? undefined : t("tools.noTraffic")}
        onClick={() => change({ traffic: !traffic })}
      />
      <IconButton
        label={t("tools.legend")}
        icon={<ScanSearch aria-hidden />}
        pressed={legend}
        onClick={() => change({ legend: !legend })}
      />
    </div>
  );
}

function LayoutMenu(): ReactNode {
  const { t } = useTranslation("topology");
  const store = useTopologyStore();
  const layout = useTopology((state) => state.layout);
  const relayout = useCommandButton("topology.relayout");
  return (
    <Menu
      side="top"
      trigger={<IconButton label={t("tools.layout")} icon={<Network aria-hidden />} />}
      groups={[
        {
          id: "choice",
          title: t("tools.layout"),
          items: LAYOUTS.map((name) => ({
            id: name,
            label: t(`layout.${name}`),
            checked: name === layout,
            onSelect: () => store.getState().change({ layout: name }),
          })),
        },
        {
          id: "again",
          items: [
            {
              id: "relayout",
              label: relayout.label,
              keys: relayout.keys,
              onSelect: relayout.onClick,
            },
          ],
        },
      ]}
    />
  );
}
