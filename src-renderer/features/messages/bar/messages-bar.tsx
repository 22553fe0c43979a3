import {
  ArrowRightToLine,
  Download,
  Maximize2,
  Minus,
  Plus,
  Shapes,
  Table2,
  Waypoints,
} from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { menuAction } from "../../../app/hooks/use-commands.ts";
import { usePastAt } from "../../../app/hooks/use-mesh.ts";
import { useSelection } from "../../../app/hooks/use-stores.ts";
import { Button, IconButton } from "../../../ui/button.tsx";
import { SearchInput, Select } from "../../../ui/field.tsx";
import { formatDuration } from "../../../ui/format.ts";
import { Menu } from "../../../ui/menu.tsx";
import { Segmented } from "../../../ui/toggle.tsx";
import { Toggle } from "../../../ui/toggle.tsx";
import { useMessages, useMessagesStore } from "../context.ts";
import type { WindowRows } from "../data/use-selected-rows.ts";
import type { MessageFilter } from "../model/filter.ts";
import { Protocols } from "./protocols.tsx";

const OUTCOMES: readonly MessageFilter["outcome"][] = [
  "all",
  "in-flight",
  "delivered",
  "failed",
  "lost",
  "cut",
  "dead-receiver",
];

export function MessagesBar({ found }: { readonly found: WindowRows }): ReactNode {
  const { t } = useTranslation("messages");
  const { getState } = useMessagesStore();
  const tab = useMessages((state) => state.tab);
  return (
    <>
      <div className="toolbar">
        <Segmented
          label={t("tab.label")}
          value={tab}
          options={[
            { value: "diagram", label: t("tab.diagram"), icon: <Waypoints aria-hidden /> },
            { value: "table", label: t("tab.table"), icon: <Table2 aria-hidden /> },
          ]}
          onChange={(next) => getState().change({ tab: next })}
        />
        <Filters />
        <span className="toolbar__spacer" />
        {tab === "diagram" ? <Zoom /> : null}
        {tab === "diagram" ? <LegendButton /> : null}
        <ExportMenu />
        <Follow />
      </div>
      <Protocols found={found} />
    </>
  );
}

function Filters(): ReactNode {
  const { t } = useTranslation("messages");
  const { getState } = useMessagesStore();
  const filter = useMessages((state) => state.filter);
  const only = useMessages((state) => state.onlySelected);
  const some = useSelection((state) => state.nodes.size);
  return (
    <>
      <div className="messages__search">
        <SearchInput
          label={t("search")}
          value={filter.text}
          onChange={(text) => getState().change({ filter: { ...filter, text } })}
        />
      </div>
      <Select<MessageFilter["outcome"]>
        aria-label={t("outcomes")}
        value={filter.outcome}
        options={OUTCOMES.map((value) => ({ value, label: t(`outcome.${value}`) }))}
        onChange={(outcome) => getState().change({ filter: { ...filter, outcome } })}
      />
      {some > 0 || only ? (
        <Toggle
          label={t("onlySelected", { count: some })}
          checked={only}
          onChange={(onlySelected) => getState().change({ onlySelected })}
        />
      ) : null}
    </>
  );
}

/** Stretches of time to choose from, microseconds. */
const SPANS = [1e3, 1e4, 1e5, 1e6, 1e7, 6e7, 6e8, 3.6e9, 8.64e10];

function Zoom(): ReactNode {
  const { t } = useTranslation("messages");
  const controls = useMessages((state) => state.controls);
  const span = useMessages((state) => state.window.to - state.window.from);
  const options = useMemo(
    () => [
      { value: "", label: t("zoom.shown", { span: formatDuration(span) }) },
      ...SPANS.map((us) => ({ value: String(us), label: formatDuration(us) })),
    ],
    [span, t],
  );
  return (
    <div className="row messages__zoom">
      <IconButton
        size="sm"
        label={t("zoom.out")}
        keys="-"
        icon={<Minus aria-hidden />}
        onClick={() => controls?.zoomBy(1 / 1.5)}
      />
      <Select
        className="messages__span"
        aria-label={t("zoom.label")}
        value=""
        options={options}
        onChange={(us) => controls?.span(Number(us))}
      />
      <IconButton
        size="sm"
        label={t("zoom.in")}
        keys="+"
        icon={<Plus aria-hidden />}
        onClick={() => controls?.zoomBy(1.5)}
      />
      <IconButton
        size="sm"
        label={t("zoom.fit")}
        keys="0"
        icon={<Maximize2 aria-hidden />}
        onClick={() => controls?.fit()}
      />
    </div>
  );
}

function LegendButton(): ReactNode {
  const { t } = useTranslation("messages");
  const { getState } = useMessagesStore();
  const legend = useMessages((state) => state.legend);
  return (
    <IconButton
      size="sm"
      label={t("legend")}
      pressed={legend}
      icon={<Shapes aria-hidden />}
      onClick={() => getState().change({ legend: !legend })}
    />
  );
}

const EXPORTS = ["messages.exportLog", "messages.exportPng"];

function ExportMenu(): ReactNode {
  const { t } = useTranslation("messages");
  const app = useApp();
  // What can be exported follows the tab.
  useMessages((state) => state.controls);
  useMessages((state) => state.feed);
  const items = EXPORTS.flatMap((id) => {
    const command = app.commands.get(id);
    return (command === undefined ? undefined : menuAction(app, command)) ?? [];
  });
  return (
    <Menu
      align="end"
      trigger={<IconButton size="sm" label={t("export.label")} icon={<Download aria-hidden />} />}
      groups={[{ id: "export", items }]}
    />
  );
}

/** In the past the way to the present is the time bar's. */
function Follow(): ReactNode {
  const { t } = useTranslation("messages");
  const app = useApp();
  const { getState } = useMessagesStore();
  const following = useMessages((state) => state.following);
  const past = usePastAt() !== undefined;
  const resume = () => {
    if (past) app.returnToNow();
    getState().change({ following: true });
  };
  return following ? (
    <span className="messages__live muted">{t("following")}</span>
  ) : (
    <Button size="sm" variant="primary" icon={<ArrowRightToLine aria-hidden />} onClick={resume}>
      {t("resume")}
    </Button>
  );
}
