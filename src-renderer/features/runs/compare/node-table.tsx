import { Equal } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { RoleBadge, type ShownRole } from "../../../app/hooks/consensus-role.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { formatCount } from "../../../ui/format.ts";
import { StatusDot } from "../../../ui/status-dot.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import { cleanText } from "../../../ui/text.ts";
import { Toggle } from "../../../ui/toggle.tsx";
import { DifferenceMark } from "./difference-mark.tsx";
import {
  type Field,
  FIELDS,
  type KeyDifference,
  type NodeComparison,
  type NodeState,
  type ViewComparison,
} from "./nodes.ts";

/** More rows than this are not drawn; those that differ come first. */
const MAX_ROWS = 200;

/** Every node of either mesh, what is not the same marked. */
export function NodeTable({ comparison }: { readonly comparison: ViewComparison }): ReactNode {
  const { t } = useTranslation("runs");
  const [onlyDifferent, setOnlyDifferent] = useState(false);
  const { nodes, differing } = comparison;
  const differ = nodes.filter((each) => each.differs);
  const wanted =
    nodes.length > MAX_ROWS ? [...differ, ...nodes.filter((each) => !each.differs)] : nodes;
  const rows = (onlyDifferent ? differ : wanted).slice(0, MAX_ROWS);
  const columns = useColumns();
  return (
    <section className="compare__nodes" aria-label={t("nodes.title")}>
      <header className="compare__head">
        <h2 className="compare__title">{t("nodes.title")}</h2>
        <span className="muted">
          {t("nodes.count", { count: differing, of: formatCount(nodes.length) })}
          {rows.length === MAX_ROWS ? ` ${t("nodes.cut", { max: MAX_ROWS })}` : ""}
        </span>
        <span className="grow" />
        <Toggle label={t("nodes.only")} checked={onlyDifferent} onChange={setOnlyDifferent} />
      </header>
      {rows.length === 0 ? (
        <EmptyState icon={<Equal />} title={t("nodes.same")} text={t("nodes.sameText")} />
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls takes keys.
        <div className="compare__scroll" role="region" aria-label={t("nodes.label")} tabIndex={0}>
          <Table
            label={t("nodes.label")}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.node}
          />
        </div>
      )}
    </section>
  );
}

function useColumns(): readonly Column<NodeComparison>[] {
  const { t } = useTranslation("runs");
  return [
    { id: "node", label: t("nodes.node"), cell: (row) => <NodeName row={row} /> },
    ...FIELDS.map((field) => ({
      id: field,
      label: t(`field.${field}`),
      cell: (row: NodeComparison) => <FieldCell row={row} field={field} />,
    })),
    { id: "memory", label: t("field.memory"), cell: (row) => <Keys row={row} /> },
  ];
}

function NodeName({ row }: { readonly row: NodeComparison }): ReactNode {
  const { t } = useTranslation("runs");
  const only = row.a === undefined ? "b" : row.b === undefined ? "a" : undefined;
  return (
    <span className="compare__node">
      {only === undefined && !row.differs ? null : <DifferenceMark />}
      {cleanText(row.node, 64)}
      {only === undefined ? null : <span className="muted">{t(`nodes.only_${only}`)}</span>}
    </span>
  );
}

interface FieldCellProps {
  readonly row: NodeComparison;
  readonly field: Field;
}

function FieldCell({ row, field }: FieldCellProps): ReactNode {
  const { a, b } = row;
  const there = a ?? b;
  if (a === undefined || b === undefined) {
    return there === undefined ? null : <Value state={there} field={field} />;
  }
  if (!row.differing.has(field)) return <Value state={a} field={field} />;
  return (
    <span className="two-values">
      <Side side="a">
        <Value state={a} field={field} />
      </Side>
      <Side side="b">
        <Value state={b} field={field} />
      </Side>
    </span>
  );
}

interface SideProps {
  readonly side: "a" | "b";
  readonly children: ReactNode;
}

function Side({ side, children }: SideProps): ReactNode {
  return (
    <span className="two-values__side">
      <span className={`side side--${side}`}>{side.toUpperCase()}</span>
      {children}
    </span>
  );
}

interface ValueProps {
  readonly state: NodeState;
  readonly field: Field;
}

function Value({ state, field }: ValueProps): ReactNode {
  const { t } = useTranslation("runs");
  switch (field) {
    case "health":
      return (
        <span className="row">
          <StatusDot status={state.health} size="sm" />
          {t(`app:health.${state.health}`)}
        </span>
      );
    case "role":
      return state.role === undefined ? <Unknown /> : <RoleBadge role={state.role as ShownRole} />;
    case "mode":
      return state.mode === undefined ? <Unknown /> : t(`mode.${state.mode}`);
    default: {
      const value = state[field];
      return value === undefined ? <Unknown /> : <span className="mono">{formatCount(value)}</span>;
    }
  }
}

function Unknown(): ReactNode {
  const { t } = useTranslation("runs");
  return (
    <span className="muted" title={t("unknown")}>
      —
    </span>
  );
}

function Keys({ row }: { readonly row: NodeComparison }): ReactNode {
  const { t } = useTranslation("runs");
  if (row.keys.length === 0) {
    const both = row.a !== undefined && row.b !== undefined;
    return both ? <span className="muted">{t("nodes.noKeys")}</span> : <Unknown />;
  }
  return (
    <details className="compare__keys">
      <summary>
        <DifferenceMark />
        {t("nodes.keys", { count: row.keys.length + row.moreKeys })}
      </summary>
      <ul>
        {row.keys.map((each) => (
          <KeyLine key={JSON.stringify([each.namespace, each.key])} difference={each} />
        ))}
        {row.moreKeys === 0 ? null : (
          <li className="muted">{t("nodes.more", { count: row.moreKeys })}</li>
        )}
      </ul>
    </details>
  );
}

function KeyLine({ difference }: { readonly difference: KeyDifference }): ReactNode {
  const { t } = useTranslation("runs");
  const { namespace, key, a, b } = difference;
  const show = (values: readonly string[] | undefined): string =>
    values === undefined ? t("nodes.notHeld") : cleanText(values.join(", "), 80);
  return (
    <li>
      <span className="mono">{cleanText(`${namespace}/${key}`, 80)}</span>
      <Side side="a">{show(a)}</Side>
      <Side side="b">{show(b)}</Side>
    </li>
  );
}
