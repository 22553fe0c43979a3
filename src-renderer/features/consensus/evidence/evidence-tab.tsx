import { BadgeCheck } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Evidence, Rejections } from "#shared/view/agreement-model.ts";
import type { MeshView } from "#shared/view/model.ts";
import { knownTraitors } from "#shared/view/select/consensus-quorum.ts";
import { consensusKind } from "#shared/view/select/leadership.ts";
import { useApp } from "../../../app/context.ts";
import { useDescription, useMeshStore, useMeshVersion } from "../../../app/hooks/use-mesh.ts";
import { Badge } from "../../../ui/badge.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { formatAt, formatCount, type MeshClock } from "../../../ui/format.ts";
import { type Column, Table } from "../../../ui/table.tsx";
import { cleanText } from "../../../ui/text.ts";
import { traitorWords } from "../header/safety-banner.tsx";
import { Scroll } from "../scroll.tsx";
import { reasonText, termWords, type Translate } from "../words.ts";

/** Rows of a table; the rest is counted. */
const MAX_ROWS = 100;

export function EvidenceTab(): ReactNode {
  const { t } = useTranslation("consensus");
  const mesh = useMeshStore();
  const clock = useDescription()?.clock ?? "virtual";
  useMeshVersion("slow");
  if (mesh === undefined) return null;
  const { view } = mesh;
  const proofs = [...view.agreement.evidence].reverse().slice(0, MAX_ROWS);
  const rejected = [...view.agreement.rejected.values()].sort((a, b) => b.count - a.count);
  const traitors = knownTraitors(view);
  if (proofs.length + rejected.length + traitors.length === 0) {
    return (
      <EmptyState icon={<BadgeCheck />} title={t("evidence.none")} text={t("evidence.noneText")} />
    );
  }
  return (
    <Scroll className="evidence" label={t("tab.evidence")}>
      {traitors.length === 0 ? null : <Traitors view={view} />}
      {proofs.length === 0 ? null : (
        <Section title={t("evidence.proofs")}>
          <Table
            label={t("evidence.proofs")}
            columns={proofColumns(t, view, clock)}
            rows={proofs}
            rowKey={([key]) => key}
          />
          <More
            count={view.agreement.evidenceDropped + view.agreement.evidence.size - proofs.length}
          />
        </Section>
      )}
      <Section title={t("evidence.rejected")}>
        {rejected.length === 0 ? (
          <p className="muted">{t("evidence.rejectedNone")}</p>
        ) : (
          <Table
            label={t("evidence.rejected")}
            columns={rejectedColumns(t)}
            rows={rejected.slice(0, MAX_ROWS)}
            rowKey={(row) => `${row.node}~${row.from}~${row.reason}`}
          />
        )}
      </Section>
    </Scroll>
  );
}

interface SectionProps {
  readonly title: string;
  readonly children: ReactNode;
}

function Section({ title, children }: SectionProps): ReactNode {
  return (
    <section>
      <h2 className="evidence__title">{title}</h2>
      {children}
    </section>
  );
}

function More({ count }: { readonly count: number }): ReactNode {
  const { t } = useTranslation("consensus");
  return count === 0 ? null : <p className="muted">{t("evidence.more", { count })}</p>;
}

function Traitors({ view }: { readonly view: MeshView }): ReactNode {
  const app = useApp();
  const { t } = useTranslation("consensus");
  return (
    <Section title={t("evidence.traitors")}>
      <ul className="evidence__traitors">
        {knownTraitors(view).map((traitor) => (
          <li key={traitor.node}>
            <button
              type="button"
              className="node-link"
              onClick={() => app.selection.getState().selectNode(traitor.node)}
            >
              {traitor.node}
            </button>
            {traitor.proven ? <Badge tone="failed">{t("safety.proven")}</Badge> : null}
            {traitor.ordered ? <Badge tone="suspect">{t("safety.ordered")}</Badge> : null}
            <span>{traitorWords(t, traitor).join(", ")}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

type Proof = readonly [string, Evidence];

function proofColumns(t: Translate, view: MeshView, clock: MeshClock): readonly Column<Proof>[] {
  const of = (id: string) => ({ id, label: t(`consensus:evidence.${id}`) });
  const kind = consensusKind(view);
  return [
    { ...of("accused"), cell: ([, found]) => <strong>{found.accused}</strong> },
    { ...of("fault"), cell: ([, found]) => faultWords(t, found.fault) },
    {
      ...of("where"),
      cell: ([, found]) =>
        t("consensus:evidence.index", {
          index: found.index,
          term: termWords(t, kind, found.term),
        }),
    },
    { ...of("at"), cell: ([, found]) => formatAt(found.at, clock) },
    { ...of("holders"), cell: ([, found]) => found.holders.join(", ") },
    {
      ...of("told"),
      cell: ([, found]) => <span className="evidence__text">{cleanText(found.text, 200)}</span>,
    },
  ];
}

function faultWords(t: Translate, fault: string): string {
  const raw = cleanText(fault, 64);
  return t(`consensus:evidence.faults.${raw}`, { defaultValue: raw });
}

function rejectedColumns(t: Translate): readonly Column<Rejections>[] {
  const of = (id: string) => ({ id, label: t(`consensus:evidence.${id}`) });
  return [
    { ...of("from"), cell: (row) => row.from },
    { id: "by", label: t("consensus:evidence.by"), cell: (row) => row.node },
    { ...of("reason"), cell: (row) => reasonText(t, row.reason) },
    { ...of("count"), align: "end", cell: (row) => formatCount(row.count) },
  ];
}
