import { CircleSlash, Eye, ShieldBan, ShieldCheck } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MeshView } from "#shared/view/model.ts";
import type { Standing } from "#shared/view/state-model.ts";
import { useDescription, useMeshStore, useMeshVersion } from "../../../app/hooks/use-mesh.ts";
import { cx } from "../../../ui/cx.ts";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { formatAt, type MeshClock } from "../../../ui/format.ts";
import { type Column, Table } from "../../../ui/table.tsx";
import { cleanText } from "../../../ui/text.ts";
import { type Opinion, standingMatrix, worstOpinions } from "../model/standing.ts";

/** Rows and columns of the matrix; beyond that it is the list that helps. */
const MAX_SIDE = 20;
const MAX_OPINIONS = 50;

const ICONS = {
  good: <ShieldCheck aria-hidden />,
  watched: <Eye aria-hidden />,
  graylisted: <CircleSlash aria-hidden />,
  banned: <ShieldBan aria-hidden />,
} as const;

/** What each node thinks of each other one: worst first, and why. */
export function StandingTab(): ReactNode {
  const { t } = useTranslation("decisions");
  const mesh = useMeshStore();
  useMeshVersion("slow");
  if (mesh === undefined) return null;
  if (mesh.view.reputation.observers.size === 0) {
    return (
      <EmptyState icon={<ShieldCheck />} title={t("standing.none")} text={t("standing.noneText")} />
    );
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls takes keys.
    <section className="standing" aria-label={t("tab.standing")} tabIndex={0}>
      <p className="decision__note">{t("standing.about")}</p>
      <Matrix view={mesh.view} />
      <Worst view={mesh.view} />
    </section>
  );
}

interface ViewProps {
  readonly view: MeshView;
}

function Matrix({ view }: ViewProps): ReactNode {
  const { t } = useTranslation("decisions");
  const { observers, members, hidden } = standingMatrix(view, MAX_SIDE);
  return (
    <div className="standing__scroll">
      <table className="standing__matrix" aria-label={t("standing.matrix")}>
        <thead>
          <tr>
            <th scope="col">{t("standing.corner")}</th>
            {members.map((member) => (
              <th key={member} scope="col">
                {cleanText(member, 16)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {observers.map((observer) => (
            <tr key={observer}>
              <th scope="row">{cleanText(observer, 16)}</th>
              {members.map((member) => (
                <Cell
                  key={member}
                  standing={view.reputation.observers.get(observer)?.get(member)}
                  self={member === observer}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {hidden === 0 ? null : <p className="decision__note">{t("more", { count: hidden })}</p>}
    </div>
  );
}

interface CellProps {
  readonly standing: Standing | undefined;
  readonly self: boolean;
}

function Cell({ standing, self }: CellProps): ReactNode {
  const { t } = useTranslation("decisions");
  if (standing === undefined) return <td className="muted">{self ? "" : "·"}</td>;
  const { score, standing: kind, reason } = standing;
  const words = `${t(`standing.kind.${kind}`)}: ${reasonText(t, reason)}`;
  return (
    <td className={cx("standing__cell", `standing__cell--${kind}`)} title={words}>
      {ICONS[kind]}
      <span className="visually-hidden">{t(`standing.kind.${kind}`)} </span>
      {rounded(score)}
    </td>
  );
}

type Translate = ReturnType<typeof useTranslation<"decisions">>["t"];

function reasonText(t: Translate, reason: string): string {
  const raw = cleanText(reason, 64);
  return t(`standing.reason.${raw}`, { defaultValue: raw });
}

function rounded(score: number): string {
  return `${Math.round(score * 10) / 10}`;
}

function Worst({ view }: ViewProps): ReactNode {
  const { t } = useTranslation("decisions");
  const clock = useDescription()?.clock ?? "virtual";
  const rows = worstOpinions(view, MAX_OPINIONS);
  if (rows.length === 0) return null;
  return (
    <section>
      <h2 className="decision__heading">{t("standing.worst")}</h2>
      <Table
        label={t("standing.worst")}
        columns={columnsOf(t, clock)}
        rows={rows}
        rowKey={({ observer, member }) => `${observer}~${member}`}
      />
    </section>
  );
}

function columnsOf(t: Translate, clock: MeshClock): readonly Column<Opinion>[] {
  const of = (id: "member" | "stands" | "observer" | "score" | "why" | "at") => ({
    id,
    label: t(`standing.${id}`),
  });
  return [
    { ...of("member"), cell: ({ member }) => <strong>{cleanText(member, 64)}</strong> },
    { ...of("stands"), cell: ({ standing }) => <Kind kind={standing} /> },
    { ...of("observer"), cell: ({ observer }) => cleanText(observer, 64) },
    { ...of("score"), align: "end", cell: ({ score }) => rounded(score) },
    { ...of("why"), cell: ({ reason }) => reasonText(t, reason) },
    { ...of("at"), cell: ({ at }) => formatAt(at, clock) },
  ];
}

function Kind({ kind }: { readonly kind: Standing["standing"] }): ReactNode {
  const { t } = useTranslation("decisions");
  return (
    <span className={cx("standing__kind", `standing__cell--${kind}`)}>
      {ICONS[kind]}
      {t(`standing.kind.${kind}`)}
    </span>
  );
}
