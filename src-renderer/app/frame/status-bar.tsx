import { Crown, Lock, OctagonX, ShieldAlert, ShieldCheck, ShieldX } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MeshView } from "#shared/view/model.ts";
import { consensusQuorum } from "#shared/view/select/consensus-quorum.ts";
import { consensusKind, leadership, type LeadershipState } from "#shared/view/select/leadership.ts";
import { quorumMargin } from "#shared/view/select/quorum.ts";
import { summaryOf } from "#shared/view/select/summary.ts";
import { activeListing } from "../../state/console.ts";
import { formatCompact } from "../../ui/format.ts";
import { StatusDot } from "../../ui/status-dot.tsx";
import { Tooltip } from "../../ui/tooltip.tsx";
import { useApp } from "../context.ts";
import { useConnectionWords } from "../hooks/use-connection-words.ts";
import { useMesh, useMeshStore, useMeshVersion } from "../hooks/use-mesh.ts";
import { useConsole, usePrefs, useUi } from "../hooks/use-stores.ts";
import { Fps } from "./fps.tsx";
import "./status-bar.css";

export function StatusBar(): ReactNode {
  const { t } = useTranslation("app");
  const hasMesh = useConsole((state) => state.mesh !== undefined);
  const showFps = usePrefs((prefs) => prefs.showFps);
  return (
    <footer className="status-bar" aria-label={t("status.label")}>
      <Connection />
      {hasMesh ? <Rate /> : null}
      {hasMesh ? <Counts /> : null}
      {hasMesh ? <Quorum /> : null}
      {hasMesh ? <ConsensusState /> : null}
      <span className="grow" />
      {showFps ? <Fps /> : null}
      {hasMesh ? <Faults /> : null}
      <ReadOnly />
    </footer>
  );
}

function Connection(): ReactNode {
  const { words, status, age } = useConnectionWords();
  return (
    <span className="status-bar__item" role="status">
      <StatusDot status={status} size="sm" />
      <span>{words}</span>
      {age === undefined ? null : <span className="status-bar__quiet">{age}</span>}
    </span>
  );
}

const RATE_INTERVAL_MS = 1_000;

function Rate(): ReactNode {
  const { t } = useTranslation("app");
  const mesh = useMeshStore();
  const [rate, setRate] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setRate(mesh?.eventsPerSecond() ?? 0), RATE_INTERVAL_MS);
    return () => clearInterval(timer);
  }, [mesh]);
  return (
    <Tooltip text={t("status.rateHint")}>
      <span className="status-bar__item">{t("status.rate", { rate: formatCompact(rate) })}</span>
    </Tooltip>
  );
}

function Counts(): ReactNode {
  const { t } = useTranslation("app");
  const filtered = useUi((state) => state.filtered);
  const mesh = useMeshStore();
  useMeshVersion("slow");
  if (mesh === undefined) return null;
  const { nodes, byHealth } = summaryOf(mesh.view);
  const trouble = (["failed", "suspect", "degraded"] as const).filter((kind) => byHealth[kind] > 0);
  return (
    <span className="status-bar__item">
      <span>
        {t("status.nodes", { count: nodes })}
        {filtered > 0 ? ` ${t("status.filtered", { count: filtered })}` : ""}
      </span>
      {trouble.map((kind) => (
        <span key={kind} className="status-bar__health">
          <StatusDot status={kind} size="sm" label={t(`health.${kind}`)} />
          {byHealth[kind]}
        </span>
      ))}
    </span>
  );
}

const margin = (view: MeshView): number | undefined => quorumMargin(view)?.canLose;

function Quorum(): ReactNode {
  const { t } = useTranslation("app");
  const canLose = useMesh(margin, { pace: "slow" });
  if (canLose === undefined) return null;
  const lost = canLose < 0;
  return (
    <Tooltip text={t("status.quorumHint")}>
      <span className={lost ? "status-bar__item status-bar__item--bad" : "status-bar__item"}>
        {lost ? <ShieldX aria-hidden /> : <ShieldCheck aria-hidden />}
        {lost
          ? t("status.quorumLost", { count: -canLose })
          : t("status.canLose", { count: canLose })}
      </span>
    </Tooltip>
  );
}

interface LeadLine {
  readonly state: LeadershipState;
  readonly leader: string;
  readonly term: number | undefined;
  readonly isView: boolean;
  readonly unsafe: boolean;
}

function leadLine(view: MeshView): LeadLine | undefined {
  const kind = consensusKind(view);
  if (kind === undefined || kind === "none") return undefined;
  const { state, leader = "", term } = leadership(view);
  const unsafe = consensusQuorum(view)?.safety === "not-guaranteed";
  return { state, leader, term, isView: kind === "pbft", unsafe };
}

function sameLine(a: LeadLine | undefined, b: LeadLine | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const sameLead = a.state === b.state && a.leader === b.leader && a.term === b.term;
  return sameLead && a.isView === b.isView && a.unsafe === b.unsafe;
}

const LEAD_PACE = { pace: "slow", isEqual: sameLine } as const;

/** Who leads, in which term; in red where nobody does, or where too many lie. */
function ConsensusState(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("consensus");
  const line = useMesh(leadLine, LEAD_PACE);
  if (line === undefined) return null;
  const { state, leader, term, isView, unsafe } = line;
  const termWord = t(isView ? "word.view" : "word.term", { term: term ?? 0 });
  const bad = unsafe || state === "none" || state === "contested";
  return (
    <Tooltip text={t("bar.hint")}>
      <button
        type="button"
        className={bad ? "status-bar__item status-bar__item--bad" : "status-bar__item"}
        onClick={() => app.prefs.getState().change({ view: "consensus" })}
      >
        {unsafe ? <ShieldAlert aria-hidden /> : <Crown aria-hidden />}
        {t(`bar.${state}`, { leader, term: termWord })}
        {unsafe ? `, ${t("bar.unsafe")}` : ""}
      </button>
    </Tooltip>
  );
}

const faultCount = (view: MeshView): number => view.faults.size;

function Faults(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("app");
  const faults = useMesh(faultCount, { pace: "slow" });
  if (faults === 0) return null;
  return (
    <button type="button" className="status-bar__stop" onClick={() => app.run("network.stopAll")}>
      <OctagonX aria-hidden />
      {t("status.faults", { count: faults })}
      <strong>{t("status.stopAll")}</strong>
    </button>
  );
}

function ReadOnly(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("app");
  const locked = useConsole((state) => state.locked);
  const role = useConsole((state) => state.role);
  const active = useConsole(activeListing);
  const recording = active?.description.kind === "recording";
  if (!locked && role !== "viewer" && !recording) return null;
  const why = recording ? "recording" : role === "viewer" ? "role" : "locked";
  return (
    <Tooltip text={t(`readOnly.${why}`)}>
      <button
        type="button"
        className="status-bar__item"
        onClick={() => why === "locked" && app.console.setState({ locked: false })}
      >
        <Lock aria-hidden />
        {t("readOnly.title")}
      </button>
    </Tooltip>
  );
}
