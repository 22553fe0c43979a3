import { healthOf } from "#shared/view/health.ts";
import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNode } from "../../../app/hooks/use-mesh.ts";
import { cx } from "../../../ui/cx.ts";
import { formatCompact, orUnknown } from "../../../ui/format.ts";
import { StatusDot } from "../../../ui/status-dot.tsx";
import { cleanText } from "../../../ui/text.ts";
import { TABLE_COLUMNS, type TableColumn } from "./sort.ts";

export interface NodeCellsProps {
  readonly id: string;
  readonly numeric: ReadonlySet<TableColumn>;
}

/** The cells of one node; redrawn when that node changes. */
export function NodeCells({ id, numeric }: NodeCellsProps): ReactNode {
  const values = useCells(id);
  return TABLE_COLUMNS.map((column) => (
    <div
      key={column}
      role="gridcell"
      className={cx("node-table__cell", numeric.has(column) && "node-table__cell--end")}
    >
      {values?.[column]}
    </div>
  ));
}

function useCells(id: string): Readonly<Record<TableColumn, ReactNode>> | undefined {
  const { t } = useTranslation("topology");
  const node = useNode(id);
  if (node === undefined) return undefined;
  const health = healthOf(node);
  return {
    node: <strong className="truncate">{cleanText(node.id, 64)}</strong>,
    health: (
      <span className="node-table__health">
        <StatusDot status={health} size="sm" />
        {t(`app:health.${health}`)}
      </span>
    ),
    zone: node.zone === undefined ? "—" : cleanText(node.zone, 64),
    process: t(`process.${node.process}`),
    mode:
      node.mode === "read-only" ? (
        <span className="node-table__health">
          <Lock aria-hidden />
          {t("mode.read-only")}
        </span>
      ) : (
        t(`mode.${node.mode ?? "unknown"}`)
      ),
    incarnation: orUnknown(node.incarnation, String),
    doubted: String(node.suspectedBy + node.unreachableBy + node.deadBy),
    degree: String(node.degree),
    received: orUnknown(node.receivedPerSecond, formatCompact),
    sent: orUnknown(node.sentPerSecond, formatCompact),
  };
}
