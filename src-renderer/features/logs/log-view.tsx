import { Filter, History, ScrollText } from "lucide-react";
import { memo, type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LogLine } from "#shared/view/model.ts";
import { useApp } from "../../app/context.ts";
import { followRow } from "../../app/hooks/follow-row.ts";
import {
  useDescription,
  useMeshStore,
  useMeshVersion,
  usePastAt,
} from "../../app/hooks/use-mesh.ts";
import { usePrefs } from "../../app/hooks/use-stores.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { formatAt, formatCount, type MeshClock } from "../../ui/format.ts";
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
  const app = useApp();
  const { t } = useTranslation("logs");
  const mesh = useMeshStore();
  const clock = useDescription()?.clock ?? "virtual";
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
          measured={wrap}
          onClick={(event) => followRow(app, event)}
          renderRow={(index) => {
            const row = rows[index];
            if (row === undefined) return null;
            if (row.kind === "line") return <Line line={row.line} clock={clock} jump={t("jump")} />;
            return <div className="log-gap">{t("gap", { count: row.gap.skipped })}</div>;
          }}
        />
      )}
    </div>
  );
}

function keyOf(row: LogRow | undefined, index: number): string | number {
  if (row === undefined) return index;
  return row.kind === "gap" ? `gap-${row.gap.fromSeq}` : row.line.seq;
}

interface LineProps {
  readonly line: LogLine;
  readonly clock: MeshClock;
  readonly jump: string;
}

/** There are many and they come fast: no hooks, no tooltips, and none is drawn twice. */
const Line = memo(function Line({ line, clock, jump }: LineProps): ReactNode {
  const { node } = line;
  return (
    <div className={`log-line log-line--${line.level}`}>
      <time className="log-line__time">{formatAt(line.at, clock)}</time>
      <span className="log-line__level">{line.level}</span>
      {node === undefined ? (
        <span className="log-line__node">·</span>
      ) : (
        <button type="button" className="log-line__node" data-node={node}>
          {node}
        </button>
      )}
      <span className="log-line__topic">{cleanText(line.topic, 64)}</span>
      <span className="log-line__text">{cleanText(line.text, MAX_TEXT)}</span>
      <button
        type="button"
        className="icon-btn icon-btn--sm log-line__jump"
        aria-label={jump}
        title={jump}
        data-jump={line.at}
      >
        <History aria-hidden />
      </button>
    </div>
  );
});

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
