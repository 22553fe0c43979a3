import { Sigma } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { formatCount } from "../../../ui/format.ts";
import { Panel } from "../../../ui/panel.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import { DifferenceMark } from "./difference-mark.tsx";
import type { ViewComparison, ViewTotals } from "./nodes.ts";

const ROWS: readonly (keyof ViewTotals)[] = ["nodes", "running", "committed", "keys", "violations"];

/** Counts of both meshes at that moment. */
export function Totals({ totals }: Pick<ViewComparison, "totals">): ReactNode {
  const { t } = useTranslation("runs");
  const columns = useColumns(totals);
  return (
    <Panel title={t("totals.title")} icon={<Sigma aria-hidden />}>
      <Table label={t("totals.title")} columns={columns} rows={ROWS} rowKey={(row) => row} />
    </Panel>
  );
}

function useColumns({ a, b }: ViewComparison["totals"]): readonly Column<keyof ViewTotals>[] {
  const { t } = useTranslation("runs");
  return [
    { id: "what", label: t("totals.what"), cell: (row) => t(`totals.${row}`) },
    { id: "a", label: "A", align: "end", cell: (row) => formatCount(a[row]) },
    {
      id: "b",
      label: "B",
      align: "end",
      cell: (row) => <SecondCount a={a[row]} b={b[row]} />,
    },
  ];
}

function SecondCount({ a, b }: { readonly a: number; readonly b: number }): ReactNode {
  return (
    <>
      {a === b ? null : <DifferenceMark />}
      {formatCount(b)}
    </>
  );
}
