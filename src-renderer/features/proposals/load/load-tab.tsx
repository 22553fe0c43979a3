import { Gauge, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useCommandButton } from "../../../app/hooks/use-commands.ts";
import { useDescription, useMeshStore, useMeshVersion } from "../../../app/hooks/use-mesh.ts";
import { useConsole } from "../../../app/hooks/use-stores.ts";
import { Button } from "../../../ui/button.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { formatAt, type MeshClock } from "../../../ui/format.ts";
import { type Column, Table } from "../../../ui/table.tsx";
import { cleanText } from "../../../ui/text.ts";
import { AGGREGATED, type Estimates, estimatesOf, type Spread } from "../model/load.ts";

const MAX_ROWS = 100;

/** How busy the mesh is as a whole, which no node knows and each estimates. */
export function LoadTab(): ReactNode {
  const { t } = useTranslation("decisions");
  const mesh = useMeshStore();
  useMeshVersion("slow");
  if (mesh === undefined) return null;
  const all = estimatesOf(mesh.view);
  if (all.length === 0) return <NoLoad on={mesh.view.mesh.options?.aggregation === true} />;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls takes keys.
    <section className="load" aria-label={t("tab.load")} tabIndex={0}>
      <p className="decision__note">{t("load.about")}</p>
      {all.map((estimates) => (
        <Metric key={estimates.metric} estimates={estimates} />
      ))}
    </section>
  );
}

function NoLoad({ on }: { readonly on: boolean }): ReactNode {
  const { t } = useTranslation("decisions");
  // Whether a mesh may be opened depends on the session.
  useConsole((state) => state.link);
  useConsole((state) => state.role);
  const { disabledReason, onClick } = useCommandButton("mesh.open.memory-5");
  return (
    <EmptyState
      icon={<Gauge />}
      title={t(on ? "load.waiting" : "load.none")}
      text={t(on ? "load.waitingText" : "load.noneText")}
      action={
        on ? undefined : (
          <Button variant="primary" disabledReason={disabledReason} onClick={onClick}>
            {t("load.open")}
          </Button>
        )
      }
    />
  );
}

interface MetricProps {
  readonly estimates: Estimates;
}

function Metric({ estimates }: MetricProps): ReactNode {
  const { t } = useTranslation("decisions");
  const { metric, spreads, nodes, error, impossible } = estimates;
  return (
    <section className="load__metric">
      <h2 className="decision__title">{cleanText(metric, 64)}</h2>
      <dl className="load__figures">
        {spreads.map((spread) => (
          <Figure key={spread.name} spread={spread} of={nodes.length} />
        ))}
        <div className="load__figure">
          <dt>{t("load.error")}</dt>
          <dd className="load__value">
            {error === undefined ? t("load.unknown") : percent(error)}
          </dd>
          <dd className="decision__note">{t("load.errorNote")}</dd>
        </div>
      </dl>
      {impossible ? (
        <p className="load__lie">
          <TriangleAlert aria-hidden />
          {t("load.impossible")}
        </p>
      ) : null}
      <PerNode estimates={estimates} />
    </section>
  );
}

interface FigureProps {
  readonly spread: Spread;
  readonly of: number;
}

function Figure({ spread, of }: FigureProps): ReactNode {
  const { t } = useTranslation("decisions");
  const { name, median, low, high, known } = spread;
  return (
    <div className="load__figure">
      <dt>{t(`load.${name}`)}</dt>
      <dd className="load__value">{valueOf(median, t("load.unknown"))}</dd>
      <dd className="decision__note">
        {low === undefined || high === undefined
          ? t("load.told", { known, of })
          : t("load.spread", { low: number(low), high: number(high), known, of })}
      </dd>
    </div>
  );
}

const DIGITS = 4;

function number(value: number): string {
  return `${Number(value.toPrecision(DIGITS))}`;
}

function valueOf(value: number | undefined, unknown: string): string {
  return value === undefined ? unknown : number(value);
}

/** A relative error: what is under a tenth of a percent is not told apart. */
function percent(error: number): string {
  return error < 0.001 ? "< 0.1 %" : `± ${Math.round(error * 1_000) / 10} %`;
}

type Row = Estimates["nodes"][number];

function PerNode({ estimates: { metric, nodes } }: MetricProps): ReactNode {
  const { t } = useTranslation("decisions");
  const clock = useDescription()?.clock ?? "virtual";
  return (
    <>
      <Table
        label={t("load.perNode", { metric: cleanText(metric, 64) })}
        columns={columnsOf(t, clock)}
        rows={nodes.slice(0, MAX_ROWS)}
        rowKey={({ node }) => node}
      />
      {nodes.length > MAX_ROWS ? (
        <p className="decision__note">{t("more", { count: nodes.length - MAX_ROWS })}</p>
      ) : null}
    </>
  );
}

type Translate = ReturnType<typeof useTranslation<"decisions">>["t"];

function columnsOf(t: Translate, clock: MeshClock): readonly Column<Row>[] {
  const unknown = t("load.unknown");
  return [
    {
      id: "node",
      label: t("load.node"),
      cell: ({ node }) => <strong>{cleanText(node, 64)}</strong>,
    },
    ...AGGREGATED.map(
      (name): Column<Row> => ({
        id: name,
        label: t(`load.${name}`),
        align: "end",
        cell: ({ estimate }) => valueOf(estimate[name], unknown),
      }),
    ),
    {
      id: "error",
      label: t("load.error"),
      align: "end",
      cell: ({ estimate: { error } }) => (error === undefined ? unknown : percent(error)),
    },
    {
      id: "round",
      label: t("load.round"),
      align: "end",
      cell: ({ estimate }) => `${estimate.epoch} / ${estimate.round}`,
    },
    { id: "at", label: t("load.at"), cell: ({ estimate }) => formatAt(estimate.at, clock) },
  ];
}
