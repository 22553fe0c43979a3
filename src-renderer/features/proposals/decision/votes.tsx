import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type App, useApp } from "../../../app/context.ts";
import { reasonWords } from "../../../app/hooks/event-words.ts";
import { useDescription, useMeshStore, useMeshVersion } from "../../../app/hooks/use-mesh.ts";
import { Badge } from "../../../ui/badge.tsx";
import { formatAt, type MeshClock, orUnknown } from "../../../ui/format.ts";
import { type Column, Table } from "../../../ui/table.tsx";
import { cleanText } from "../../../ui/text.ts";
import { type VoterRow, voterRows } from "../model/tally.ts";
import type { DecisionProps } from "./props.ts";
import { MAX_ROWS, More } from "./more.tsx";

const CHOICE_TONES = { yes: "healthy", no: "degraded", abstain: "neutral" } as const;

/** Who voted what and why, then who has not. */
export function Votes({ proposal }: DecisionProps): ReactNode {
  const app = useApp();
  const { t } = useTranslation("decisions");
  const mesh = useMeshStore();
  const clock = useDescription()?.clock ?? "virtual";
  useMeshVersion("slow");
  if (mesh === undefined) return null;
  const rows = voterRows(proposal, mesh.view);
  return (
    <section>
      <h3 className="decision__heading">{t("vote.title")}</h3>
      <Table
        label={t("vote.title")}
        columns={columnsOf(app, clock, mesh.view.nodes.size)}
        rows={rows.slice(0, MAX_ROWS)}
        rowKey={({ node }) => node}
      />
      <More count={rows.length - MAX_ROWS} />
    </section>
  );
}

function columnsOf(app: App, clock: MeshClock, known: number): readonly Column<VoterRow>[] {
  const of = (id: string) => ({ id, label: app.t(`decisions:vote.${id}`) });
  return [
    {
      ...of("voter"),
      cell: ({ node }) => (
        <button
          type="button"
          className="decision__node"
          onClick={() => app.selection.getState().selectNode(node)}
        >
          {cleanText(node, 64)}
        </button>
      ),
    },
    { ...of("choice"), cell: (row) => <Choice row={row} /> },
    {
      ...of("why"),
      cell: ({ vote }) => (
        <span className="decision__why">
          {vote === undefined || vote.reason === "" ? "—" : reasonText(app, vote.reason)}
        </span>
      ),
    },
    { ...of("at"), cell: ({ vote }) => orUnknown(vote?.at, (at) => formatAt(at, clock)) },
    {
      ...of("heard"),
      align: "end",
      cell: ({ vote }) => (vote === undefined ? "—" : `${vote.heardBy.size} / ${known}`),
    },
  ];
}

/** Of a policy in the chosen language; a person's words stay as they are. */
function reasonText({ t }: App, reason: string): string {
  const policy = /^policy: (accept|reject)$/.exec(reason)?.[1];
  if (policy === undefined) return reasonWords(t, reason);
  return t("decisions:vote.policy", { choice: t(`decisions:policy.${policy}`) });
}

function Choice({ row: { vote, isVoid } }: { readonly row: VoterRow }): ReactNode {
  const { t } = useTranslation("decisions");
  if (vote === undefined) return <span className="muted">{t("vote.notYet")}</span>;
  if (isVoid) return <Badge tone="failed">{t("vote.void")}</Badge>;
  return <Badge tone={CHOICE_TONES[vote.choice]}>{t(`choice.${vote.choice}`)}</Badge>;
}
