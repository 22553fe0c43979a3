import { Camera, CheckCheck, Rows3, TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MeshView } from "#shared/view/model.ts";
import {
  firstDivergence,
  type LogCell,
  logComparison,
  logRange,
  type LogRow,
} from "#shared/view/select/log-comparison.ts";
import { consensusKind } from "#shared/view/select/leadership.ts";
import { useMeshStore, useMeshVersion } from "../../../app/hooks/use-mesh.ts";
import { cx } from "../../../ui/cx.ts";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { VirtualList } from "../../../ui/virtual-list.tsx";
import { memberRows } from "../members/model.ts";
import { shortDigest, termWords } from "../words.ts";

const ROW_HEIGHT = 28;

/** Columns that fit side by side and can still be read. */
const MAX_COLUMNS = 9;

export function LogsTab(): ReactNode {
  const { t } = useTranslation("consensus");
  const mesh = useMeshStore();
  useMeshVersion("slow");
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [following, setFollowing] = useState(true);
  if (mesh === undefined) return null;
  const { view } = mesh;
  const all = memberRows(view).map((row) => row.node);
  const shown = all.filter((node) => !hidden.has(node)).slice(0, MAX_COLUMNS);
  const { first, last } = logRange(view, shown);
  const toggle = (node: string) => {
    const next = new Set(hidden);
    if (!next.delete(node)) next.add(node);
    setHidden(next);
  };
  return (
    <div className="logs">
      <header className="logs__head">
        <NodePicker nodes={all} shown={shown} onToggle={toggle} />
        {last < first ? null : <Verdict view={view} nodes={shown} />}
      </header>
      {last < first ? (
        <EmptyState icon={<Rows3 />} title={t("logs.none")} text={t("logs.noneText")} />
      ) : (
        <>
          <HeadRow nodes={shown} />
          <VirtualList
            label={t("logs.label")}
            count={last - first + 1}
            rowHeight={ROW_HEIGHT}
            keyOf={(at) => first + at}
            following={following}
            onFollow={setFollowing}
            resumeLabel={t("logs.resume")}
            renderRow={(at) => {
              const [row] = logComparison(view, shown, first + at, 1).rows;
              return row === undefined ? null : <LogLine row={row} view={view} />;
            }}
          />
          <Legend />
        </>
      )}
    </div>
  );
}

interface NodePickerProps {
  readonly nodes: readonly string[];
  readonly shown: readonly string[];
  readonly onToggle: (node: string) => void;
}

function NodePicker({ nodes, shown, onToggle }: NodePickerProps): ReactNode {
  const { t } = useTranslation("consensus");
  return (
    <fieldset className="logs__nodes">
      <legend className="visually-hidden">{t("logs.nodes")}</legend>
      {nodes.map((node) => (
        <button
          key={node}
          type="button"
          className="chip"
          aria-pressed={shown.includes(node)}
          onClick={() => onToggle(node)}
        >
          {node}
        </button>
      ))}
    </fieldset>
  );
}

interface VerdictProps {
  readonly view: MeshView;
  readonly nodes: readonly string[];
}

function Verdict({ view, nodes }: VerdictProps): ReactNode {
  const { t } = useTranslation("consensus");
  const row = firstDivergence(view, nodes);
  if (row === undefined) return <span className="logs__verdict">{t("logs.agree")}</span>;
  return (
    <span className="logs__verdict logs__verdict--bad">
      <TriangleAlert aria-hidden /> {t("logs.diverge", { index: row.index })}
    </span>
  );
}

function HeadRow({ nodes }: { readonly nodes: readonly string[] }): ReactNode {
  const { t } = useTranslation("consensus");
  return (
    <div className="log-row log-row--head" aria-hidden>
      <span className="log-row__index">{t("logs.index")}</span>
      {nodes.map((node) => (
        <span key={node} className="log-cell">
          {node}
        </span>
      ))}
    </div>
  );
}

interface LogLineProps {
  readonly row: LogRow;
  readonly view: MeshView;
}

function LogLine({ row, view }: LogLineProps): ReactNode {
  return (
    <div className={cx("log-row", row.divergent && "log-row--bad")}>
      <span className="log-row__index">{row.index}</span>
      {row.cells.map((cell) => (
        <Cell key={cell.node} cell={cell} view={view} />
      ))}
    </div>
  );
}

interface CellProps {
  readonly cell: LogCell;
  readonly view: MeshView;
}

function Cell({ cell, view }: CellProps): ReactNode {
  const { t } = useTranslation("consensus");
  const { node, state, entry, committed, applied, divergent } = cell;
  if (entry === undefined) {
    return (
      <span className={`log-cell log-cell--${state}`} title={`${node}: ${t(`logs.cell.${state}`)}`}>
        {state === "snapshot" ? <Camera aria-hidden /> : null}
        {t(`logs.cell.${state}`)}
      </span>
    );
  }
  const term = termWords(t, consensusKind(view), entry.term);
  const what = t(`what.${entry.what}`);
  const marks = [
    t("logs.entry", { what, term, digest: entry.digest }),
    ...(committed ? [t("logs.legend.committed")] : []),
    ...(applied ? [t("logs.legend.applied")] : []),
    ...(divergent ? [t("logs.differs")] : []),
  ];
  return (
    <span
      className={cx(
        "log-cell",
        committed && "log-cell--committed",
        divergent && "log-cell--divergent",
      )}
      title={`${node}: ${marks.join(" · ")}`}
    >
      <span className="log-cell__term">{entry.term}</span>
      <code className="mono">{shortDigest(entry.digest)}</code>
      {divergent ? <TriangleAlert role="img" aria-label={t("logs.differs")} /> : null}
      {applied && !divergent ? (
        <CheckCheck role="img" aria-label={t("logs.legend.applied")} />
      ) : null}
    </span>
  );
}

function Legend(): ReactNode {
  const { t } = useTranslation("consensus");
  return (
    <footer className="logs__legend">
      <span className="log-cell log-cell--committed">{t("logs.legend.committed")}</span>
      <span className="log-cell">
        <CheckCheck aria-hidden /> {t("logs.legend.applied")}
      </span>
      <span className="log-cell log-cell--divergent">
        <TriangleAlert aria-hidden /> {t("logs.legend.divergent")}
      </span>
      <span className="log-cell log-cell--snapshot">
        <Camera aria-hidden /> {t("logs.cell.snapshot")}
      </span>
    </footer>
  );
}
