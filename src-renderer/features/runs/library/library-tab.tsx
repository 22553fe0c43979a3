import { Download, FolderOpen, Library, RotateCcw, Save, Trash2 } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import type { SavedRun } from "#shared/contract/inspection.ts";
import { sessionRefusal } from "../../../app/commands/session-may.ts";
import { useApp } from "../../../app/context.ts";
import { useConsole } from "../../../app/hooks/use-stores.ts";
import { Badge } from "../../../ui/badge.tsx";
import { Button, IconButton } from "../../../ui/button.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { formatAt, formatBytes, formatCount } from "../../../ui/format.ts";
import { type Column, Table } from "../../../ui/table.tsx";
import { cleanText } from "../../../ui/text.ts";
import { keepAsFile, loadRuns, openRun } from "../actions.ts";
import { RunButton } from "../run-button.tsx";
import { runsStore } from "../store.ts";

/** Runs that the host keeps. */
export function LibraryTab(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("runs");
  const runs = useStore(runsStore, (state) => state.runs);
  const problem = useStore(runsStore, (state) => state.problem);
  const isLive = useConsole((state) => state.link.state === "live");
  const columns = useColumns();
  useEffect(() => {
    if (isLive) void loadRuns(app);
  }, [app, isLive]);
  if (runs === undefined || runs.length === 0) {
    return <NoRuns problem={problem} loading={runs === undefined} />;
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls takes keys.
    <div className="runs" role="region" aria-label={t("library.label")} tabIndex={0}>
      <Table
        label={t("library.label")}
        columns={columns}
        rows={runs.toSorted((a, b) => b.savedMs - a.savedMs)}
        rowKey={(run) => run.id}
      />
    </div>
  );
}

function useColumns(): readonly Column<SavedRun>[] {
  const { t, i18n } = useTranslation("runs");
  return [
    { id: "name", label: t("column.name"), cell: (run) => <RunName run={run} /> },
    {
      id: "consensus",
      label: t("column.consensus"),
      cell: ({ consensus }) =>
        consensus === "none" ? (
          <span className="muted">{t("consensus:protocol.none")}</span>
        ) : (
          <Badge tone="accent">{t(`consensus:protocol.${consensus}`)}</Badge>
        ),
    },
    {
      id: "nodes",
      label: t("column.nodes"),
      align: "end",
      cell: (run) => formatCount(run.nodes),
    },
    {
      id: "ends",
      label: t("column.ends"),
      align: "end",
      cell: (run) => <span className="mono">{formatAt(run.endsAt, "virtual")}</span>,
    },
    { id: "size", label: t("column.size"), align: "end", cell: (run) => formatBytes(run.bytes) },
    {
      id: "saved",
      label: t("column.saved"),
      cell: (run) => savedAt(run.savedMs, i18n.language),
    },
    {
      id: "actions",
      label: t("column.actions"),
      align: "end",
      cell: (run) => <Actions run={run} />,
    },
  ];
}

function savedAt(ms: number, language: string): string {
  const style = { dateStyle: "medium", timeStyle: "short" } as const;
  return new Intl.DateTimeFormat(language, style).format(ms);
}

function RunName({ run }: { readonly run: SavedRun }): ReactNode {
  return (
    <span className="runs__name" title={run.id}>
      {cleanText(run.name, 80)}
    </span>
  );
}

function Actions({ run }: { readonly run: SavedRun }): ReactNode {
  const app = useApp();
  const { t } = useTranslation("runs");
  const busy = useStore(runsStore, (state) => state.busy);
  useConsole((state) => state.link);
  useConsole((state) => state.role);
  useConsole((state) => state.locked);
  const name = cleanText(run.name, 40);
  const waiting = busy === undefined ? undefined : t("library.busy");
  const refusal = waiting ?? sessionRefusal(app, "operator");
  return (
    <span className="runs__actions">
      <Button
        size="sm"
        icon={<FolderOpen aria-hidden />}
        aria-label={t("library.openOf", { name })}
        disabledReason={refusal}
        onClick={() => void openRun(app, run)}
      >
        {t(busy === run.id ? "library.opening" : "library.open")}
      </Button>
      <IconButton
        size="sm"
        label={t("library.download", { name })}
        icon={<Download />}
        disabledReason={waiting}
        onClick={() => void keepAsFile(app, run)}
      />
      <IconButton
        size="sm"
        label={t("library.delete", { name })}
        icon={<Trash2 />}
        disabledReason={refusal}
        onClick={() => runsStore.setState({ dialog: { kind: "delete", run } })}
      />
    </span>
  );
}

interface NoRunsProps {
  readonly problem: string | undefined;
  readonly loading: boolean;
}

function NoRuns({ problem, loading }: NoRunsProps): ReactNode {
  const app = useApp();
  const { t } = useTranslation("runs");
  if (problem !== undefined) {
    return (
      <EmptyState
        icon={<Library />}
        title={t("empty.failed")}
        text={problem}
        action={
          <Button icon={<RotateCcw />} onClick={() => void loadRuns(app)}>
            {t("empty.retry")}
          </Button>
        }
      />
    );
  }
  if (loading) return <EmptyState icon={<Library />} title={t("empty.loading")} />;
  return (
    <EmptyState
      icon={<Library />}
      title={t("empty.none")}
      text={t("empty.noneText")}
      action={<RunButton id="run.save" icon={<Save />} label={t("saveThis")} />}
    />
  );
}
