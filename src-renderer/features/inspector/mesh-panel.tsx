import { HEALTH_ORDER, healthOf } from "#shared/view/health.ts";
import type { MeshView } from "#shared/view/model.ts";
import { articulationPoints } from "#shared/view/select/articulation.ts";
import { connectivityPercent } from "#shared/view/select/connectivity.ts";
import { overlayOf } from "#shared/view/select/overlay.ts";
import { quorumMargin } from "#shared/view/select/quorum.ts";
import { recoveryTime } from "#shared/view/select/recovery-time.ts";
import { summaryOf } from "#shared/view/select/summary.ts";
import { Network } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../app/context.ts";
import {
  sameList,
  useDescription,
  useMesh,
  useMeshStore,
  useMeshVersion,
} from "../../app/hooks/use-mesh.ts";
import { formatDuration } from "../../ui/format.ts";
import { type Fact, Facts, Panel } from "../../ui/panel.tsx";
import { StatusDot } from "../../ui/status-dot.tsx";
import { cleanText } from "../../ui/text.ts";
import { MeshBroken } from "./mesh-broken.tsx";
import { MeshTraffic } from "./mesh-traffic.tsx";
import { Head } from "./parts/head.tsx";
import { NodeButtons } from "./parts/node-button.tsx";

/** The mesh as a whole: what a person wants to know before looking at any node. */
export function MeshPanel(): ReactNode {
  const { t } = useTranslation("inspector");
  const view = useMeshStore()?.view;
  useMeshVersion();
  const name = useDescription()?.name;
  if (view === undefined) return null;
  const kind = view.mesh.topology;
  return (
    <>
      <Head
        mark={<Network aria-hidden className="insp-head__icon" />}
        title={cleanText(name ?? view.mesh.name, 64)}
        note={kind === undefined ? t("mesh.whole") : t("mesh.kind", { kind: t(`kind.${kind}`) })}
        closes={false}
      />
      <HealthRow view={view} />
      <Standing view={view} />
      <MeshBroken view={view} />
      <MeshTraffic view={view} />
    </>
  );
}

interface ViewProps {
  readonly view: MeshView;
}

/** Counts by health; a click finds those nodes. */
function HealthRow({ view }: ViewProps): ReactNode {
  const { t } = useTranslation("inspector");
  const { selection } = useApp();
  const { byHealth, nodes } = summaryOf(view);
  const shown = HEALTH_ORDER.filter((health) => byHealth[health] > 0);
  return (
    <section className="insp-health" aria-label={t("mesh.health", { count: nodes })}>
      {shown.map((health) => (
        <button
          type="button"
          key={health}
          className="insp-health__cell"
          title={t("mesh.selectThese")}
          onClick={() => selection.getState().selectNodes(nodesOf(view, health))}
        >
          <StatusDot status={health} />
          <span className="insp-health__count">{byHealth[health]}</span>
          <span className="insp-health__word">{t(`app:health.${health}`)}</span>
        </button>
      ))}
    </section>
  );
}

function nodesOf(view: MeshView, health: (typeof HEALTH_ORDER)[number]): readonly string[] {
  return [...view.nodes.values()]
    .filter((node) => healthOf(node) === health)
    .map((node) => node.id);
}

/** Quorum, routes, recovery. */
function Standing({ view }: ViewProps): ReactNode {
  const { t } = useTranslation("inspector");
  const quorum = quorumMargin(view);
  const connectivity = connectivityPercent(view);
  const weak = useMesh(weakPoints, SLOW_LIST);
  const facts: Fact[] = [
    {
      label: t("mesh.quorum"),
      value:
        quorum === undefined ? (
          t("unknown")
        ) : (
          <QuorumValue present={quorum.present} needed={quorum.needed} of={quorum.of} />
        ),
    },
    {
      label: t("mesh.connectivity"),
      value: connectivity === undefined ? t("unknown") : `${Math.round(connectivity * 10) / 10} %`,
    },
    {
      label: t("mesh.weak"),
      value:
        connectivity === undefined || view.links.size === 0 ? (
          t("unknown")
        ) : weak.length === 0 ? (
          t("mesh.noWeak")
        ) : (
          <NodeButtons ids={weak} />
        ),
    },
    { label: t("mesh.recovery"), value: <RecoveryValue view={view} /> },
  ];
  return (
    <Panel flat title={t("mesh.standing")}>
      <Facts items={facts} />
    </Panel>
  );
}

const weakPoints = (view: MeshView): readonly string[] =>
  [...articulationPoints(overlayOf(view))].sort();
const SLOW_LIST = { pace: "slow" as const, isEqual: sameList<string> };

interface QuorumValueProps {
  readonly present: number;
  readonly needed: number;
  readonly of: number;
}

/** A bar of the members that are there, with a mark at the majority. */
function QuorumValue({ present, needed, of }: QuorumValueProps): ReactNode {
  const { t } = useTranslation("inspector");
  const margin = present - needed;
  const tone = margin < 0 ? "failed" : margin === 0 ? "suspect" : "healthy";
  return (
    <div className={`quorum quorum--${tone}`}>
      <span>
        {margin < 0 ? t("mesh.lost", { count: -margin }) : t("mesh.canLose", { count: margin })}
      </span>
      <span className="quorum__bar" aria-hidden>
        <span className="quorum__fill" style={{ width: `${(100 * present) / of}%` }} />
        <span className="quorum__mark" style={{ left: `${(100 * needed) / of}%` }} />
      </span>
      <span className="insp-note">{t("mesh.present", { present, of, needed })}</span>
    </div>
  );
}

function RecoveryValue({ view }: ViewProps): ReactNode {
  const { t } = useTranslation("inspector");
  const recovery = recoveryTime(view);
  switch (recovery.state) {
    case "unknown":
      return t("unknown");
    case "none":
      return t("recovery.none");
    case "broken":
      return t("recovery.broken", { time: formatDuration(view.at - recovery.sinceUs) });
    case "recovering":
      return t("recovery.recovering", { time: formatDuration(recovery.elapsedUs) });
    case "recovered":
      return t("recovery.recovered", { time: formatDuration(recovery.tookUs) });
  }
}
