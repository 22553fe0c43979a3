import { lazy, type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { convergenceOf } from "#shared/view/select/convergence.ts";
import type { RumourView } from "#shared/view/model.ts";
import { useDescription, useMeshStore, useMeshVersion } from "../../app/hooks/use-mesh.ts";
import { Badge } from "../../ui/badge.tsx";
import { formatAt, formatBytes, formatCount, formatDuration, orUnknown } from "../../ui/format.ts";
import { Facts, Panel } from "../../ui/panel.tsx";
import { cleanText } from "../../ui/text.ts";
import { expectedBand, spreadCurve } from "./spread.ts";

// The chart library is large and only this page needs it.
const SpreadChart = lazy(async () => {
  const { SpreadChart: Chart } = await import("../../charts/spread-chart.tsx");
  return { default: Chart };
});

export function RumourDetail({ rumour }: { readonly rumour: RumourView }): ReactNode {
  const { t } = useTranslation("gossip");
  const mesh = useMeshStore();
  const clock = useDescription()?.clock ?? "virtual";
  useMeshVersion("slow");
  if (mesh === undefined) return null;
  const { view } = mesh;
  const state = convergenceOf(view, rumour);
  const band = expectedBand(view, rumour);
  const done = rumour.convergedAt !== undefined;
  const { rounds } = state;
  const theory = band === undefined ? "" : ` (${t("rumour.theory")} ${band.rounds.toFixed(1)})`;
  return (
    <Panel
      title={t("rumour.title", { topic: cleanText(rumour.topic, 60), node: rumour.origin })}
      actions={
        <Badge tone={done ? "healthy" : "info"}>
          {t(done ? "rumour.converged" : "rumour.spreading")}
        </Badge>
      }
    >
      <p className="gossip__payload">{cleanText(rumour.payload, 400) || t("rumour.noPayload")}</p>
      <Suspense fallback={<div className="chart" />}>
        <SpreadChart
          label={t("rumour.chart", { reached: state.reached, running: state.running })}
          points={spreadCurve(rumour, view.at)}
          nodes={Math.max(state.running, rumour.reached.size)}
          band={
            band === undefined
              ? undefined
              : { ...band, label: t("rumour.expected", { rounds: band.rounds.toFixed(1) }) }
          }
        />
      </Suspense>
      <div className="gossip__facts">
        <Facts
          items={[
            { label: t("rumour.reached"), value: `${state.reached} / ${state.running}` },
            { label: t("rumour.published"), value: formatAt(rumour.publishedAt, clock) },
            { label: t("rumour.took"), value: orUnknown(state.tookUs, formatDuration) },
          ]}
        />
        <Facts
          items={[
            {
              label: t("rumour.rounds"),
              value: orUnknown(rounds, (n) => n.toFixed(1)) + theory,
            },
            { label: t("rumour.messages"), value: formatCount(rumour.messages) },
            { label: t("rumour.bytes"), value: formatBytes(rumour.trafficBytes) },
          ]}
        />
      </div>
    </Panel>
  );
}
