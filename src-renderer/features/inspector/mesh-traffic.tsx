import type { MeshView } from "#shared/view/model.ts";
import { convergenceOf } from "#shared/view/select/convergence.ts";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../app/context.ts";
import { formatBytes, formatCompact } from "../../ui/format.ts";
import { Panel } from "../../ui/panel.tsx";
import { cleanText } from "../../ui/text.ts";
import { ratesOf } from "./model/rates.ts";
import { Sparkline } from "./parts/sparkline.tsx";

interface ViewProps {
  readonly view: MeshView;
}

const WINDOWS = 60;
const MAX_RUMOURS = 3;

export function MeshTraffic({ view }: ViewProps): ReactNode {
  const { t } = useTranslation("inspector");
  const rows = ratesOf(view.metrics.windows, WINDOWS);
  return (
    <>
      <Rumours view={view} />
      {rows.length === 0 ? null : (
        <Panel flat title={t("traffic.title")}>
          <Sparkline
            label={t("traffic.delivered")}
            values={rows.map((row) => row.delivered)}
            format={(value) => `${formatCompact(value)}/s`}
            series={1}
          />
          <Sparkline
            label={t("traffic.dropped")}
            values={rows.map((row) => row.dropped)}
            format={(value) => `${formatCompact(value)}/s`}
            series={2}
          />
          <Sparkline
            label={t("traffic.bytes")}
            values={rows.map((row) => row.bytes)}
            format={(value) => `${formatBytes(value)}/s`}
            series={1}
          />
          <Sparkline
            label={t("traffic.latency")}
            values={rows.map((row) => row.latencyMs)}
            format={(value) => `${formatCompact(value)} ms`}
            series={3}
          />
        </Panel>
      )}
    </>
  );
}

/** How far the latest rumours got. */
function Rumours({ view }: ViewProps): ReactNode {
  const { t } = useTranslation("inspector");
  const { selection, prefs } = useApp();
  const latest = [...view.rumours.values()].slice(-MAX_RUMOURS).toReversed();
  if (latest.length === 0) return null;
  return (
    <Panel flat title={t("rumours")}>
      <ul className="insp-list">
        {latest.map((rumour) => {
          const { reached, running } = convergenceOf(view, rumour);
          return (
            <li key={rumour.id}>
              <button
                type="button"
                className="rumour"
                onClick={() => {
                  selection.getState().selectRumour(rumour.id);
                  prefs.getState().change({ view: "gossip" });
                }}
              >
                <span className="truncate">{cleanText(rumour.topic, 64)}</span>
                <span className="rumour__bar" aria-hidden>
                  <span
                    className="rumour__fill"
                    style={{ width: `${running === 0 ? 0 : (100 * reached) / running}%` }}
                  />
                </span>
                <span className="insp-note">
                  {reached}/{running}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
