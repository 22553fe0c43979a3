import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type App, useApp } from "../../../app/context.ts";
import { useMeshStore, useMeshVersion } from "../../../app/hooks/use-mesh.ts";
import { formatDuration } from "../../../ui/format.ts";
import { type Column, Table } from "../../../ui/table.tsx";
import { cleanText } from "../../../ui/text.ts";
import { type KnowerRow, knowerRows } from "../model/tally.ts";
import { StateBadge } from "../state-badge.tsx";
import type { DecisionProps } from "./props.ts";
import { MAX_ROWS, More } from "./more.tsx";

/** What each node knows of a decision: word of it travels by gossip. */
export function Knowers({ proposal }: DecisionProps): ReactNode {
  const app = useApp();
  const { t } = useTranslation("decisions");
  const mesh = useMeshStore();
  useMeshVersion("slow");
  if (mesh === undefined) return null;
  const rows = knowerRows(proposal, mesh.view);
  const know = rows.filter(({ afterUs }) => afterUs !== undefined).length;
  return (
    <section>
      <h3 className="decision__heading">{t("know.title", { know, of: rows.length })}</h3>
      <p className="decision__note">{t("know.about")}</p>
      <Table
        label={t("know.label")}
        columns={columnsOf(app, proposal.of)}
        rows={rows.slice(0, MAX_ROWS)}
        rowKey={({ node }) => node}
      />
      <More count={rows.length - MAX_ROWS} />
    </section>
  );
}

function columnsOf({ t }: App, members: number): readonly Column<KnowerRow>[] {
  const of = (id: string) => ({ id, label: t(`decisions:know.${id}`) });
  return [
    { ...of("node"), cell: ({ node }) => <strong>{cleanText(node, 64)}</strong> },
    { ...of("after"), cell: (row) => <Learnt row={row} /> },
    {
      ...of("votes"),
      align: "end",
      cell: ({ votes, afterUs }) => (afterUs === undefined ? "—" : `${votes} / ${members}`),
    },
    { ...of("outcome"), cell: (row) => <Held row={row} /> },
  ];
}

interface RowProps {
  readonly row: KnowerRow;
}

function Held({ row: { outcome, afterUs } }: RowProps): ReactNode {
  const { t } = useTranslation("decisions");
  if (outcome !== undefined) return <StateBadge state={outcome} />;
  return <span className="muted">{afterUs === undefined ? "—" : t("know.none")}</span>;
}

function Learnt({ row: { afterUs, isRunning } }: RowProps): ReactNode {
  const { t } = useTranslation("decisions");
  if (afterUs === undefined) {
    return <span className="muted">{t(isRunning ? "know.notYet" : "know.notRunning")}</span>;
  }
  return afterUs === 0 ? t("know.first") : t("know.later", { time: formatDuration(afterUs) });
}
