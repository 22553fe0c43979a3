import { Filter, History, ScrollText } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LogLine } from "#shared/view/model.ts";
import { useApp } from "../../app/context.ts";
import {
  useDescription,
  useMeshStore,
  useMeshVersion,
  usePastAt,
} from "../../app/hooks/use-mesh.ts";
import { usePrefs } from "../../app/hooks/use-stores.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { formatAt, formatCount } from "../../ui/format.ts";
import { cleanText } from "../../ui/text.ts";
import { VirtualList } from "../../ui/virtual-list.tsx";
import { LogToolbar } from "./log-toolbar.tsx";
import "./logs.css";
import { compileFilter, type LogFilter, type LogRow, rowsOf } from "./rows.ts";

const ROW_HEIGHT = 22;
/** Longer than any line that a node may send. */
const MAX_TEXT = 4_096;
const NO_FILTER: LogFilter = { level: "debug", node: undefined, text: "", regex: false };
const NO_ROWS: readonly LogRow[] = [];

export function LogView(): ReactNode {
  const { t } = useTranslation("logs");
  const mesh = useMeshStore();
  useMeshVersion("slow");
  const limit = usePrefs((prefs) => prefs.logLines);
  const wrap = usePrefs((prefs) => prefs.logWrap);
  const [filter, setFilter] = useState(NO_FILTER);
  const [following, setFollowing] = useState(true);
  const compiled = useMemo(() => compileFilter(filter), [filter]);
  // The list is changed in place: it is filtered anew with every slow tick.
  const rows =
    mesh === undefined || !compiled.ok
      ? NO_ROWS
      : rowsOf(mesh.view.logs.lines, mesh.logGaps, compiled.matches, limit);
  const total = mesh?.view.logs.lines.length ?? 0;

  return (
    <div className="page">
      <LogToolbar
        filter={filter}
        onFilter={setFilter}
        error={compiled.ok ? undefined : compiled.message}
        rows={rows}
        total={total}
        dropped={mesh?.view.logs.dropped ?? 0}
      />
      {rows.length === 0 ? (
        <NoLines total={total} onClear={() => setFilter(NO_FILTER)} />
      ) : (
        <VirtualList
          className={cx("logs", wrap && "logs--wrap")}
          label={t("label")}
          count={rows.length}
          rowHeight={ROW_HEIGHT}
          keyOf={(index) => keyOf(rows[index], index)}
          following={following}
          onFollow={setFollowing}
          resumeLabel={t("resume")}
          renderRow={(index) => <Row row={rows[index]} />}
        />
      )}
    </div>
  );
}

function keyOf(row: LogRow | undefined, index: number): string | number {
  if (row === undefined) return index;
  return row.kind === "gap" ? `gap-${row.gap.fromSeq}` : row.line.seq;
}

function Row({ row }: { readonly row: LogRow | undefined }): ReactNode {
  const { t } = useTranslation("logs");
  if (row === undefined) return null;
  if (row.kind === "line") return <Line line={row.line} />;
  return <div className="log-gap">{t("gap", { count: row.gap.skipped })}</div>;
}

function Line({ line }: { readonly line: LogLine }): ReactNode {
  const app = useApp();
  const { t } = useTranslation("logs");
  const clock = useDescription()?.clock ?? "virtual";
  const { node } = line;
  return (
    <div className={`log-line log-line--${line.level}`}>
      <time className="log-line__time">{formatAt(line.at, clock)}</time>
      <span className="log-line__level">{line.level}</span>
      {node === undefined ? (
        <span className="log-line__node">·</span>
      ) : (
        <button
          type="button"
          className="log-line__node"
          onClick={() => app.selection.getState().selectNode(node)}
        >
          {node}
        </button>
      )}
      <span className="log-line__topic">{cleanText(line.topic, 64)}</span>
      <span className="log-line__text">{cleanText(line.text, MAX_TEXT)}</span>
      <span className="log-line__jump">
        <IconButton
          size="sm"
          label={t("jump")}
          icon={<History />}
          onClick={() => void app.lookAt(line.at)}
        />
      </span>
    </div>
  );
}

interface NoLinesProps {
  readonly total: number;
  readonly onClear: () => void;
}

function NoLines({ total, onClear }: NoLinesProps): ReactNode {
  const { t } = useTranslation("logs");
  const past = usePastAt();
  if (total > 0) {
    return (
      <EmptyState
        icon={<Filter />}
        title={t("empty.filtered.title")}
        text={t("empty.filtered.text", { total: formatCount(total) })}
        action={<Button onClick={onClear}>{t("clear")}</Button>}
      />
    );
  }
  const which = past === undefined ? "none" : "past";
  return (
    <EmptyState
      icon={<ScrollText />}
      title={t(`empty.${which}.title`)}
      text={t(`empty.${which}.text`)}
    />
  );
}
