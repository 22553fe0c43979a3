import { Activity, Gavel, Landmark, ListOrdered, Rows3, Users, Vote } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MeshView } from "#shared/view/model.ts";
import { consensusKind } from "#shared/view/select/leadership.ts";
import { useCommandButton } from "../../app/hooks/use-commands.ts";
import { useDescription, useMesh } from "../../app/hooks/use-mesh.ts";
import { useConsole } from "../../app/hooks/use-stores.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Panel } from "../../ui/panel.tsx";
import { type TabItem, Tabs } from "../../ui/tabs.tsx";
import "./consensus.css";
import { ElectionsTab } from "./elections/elections-tab.tsx";
import { EvidenceTab } from "./evidence/evidence-tab.tsx";
import { SafetyBanner } from "./header/safety-banner.tsx";
import { SummaryStrip } from "./header/summary-strip.tsx";
import { LogsTab } from "./logs/logs-tab.tsx";
import { MembersTab } from "./members/members-tab.tsx";
import { RoundsTab } from "./rounds/rounds-tab.tsx";
import { LeadPanel } from "./side/lead-panel.tsx";
import { ProposeForm } from "./side/propose-form.tsx";
import { RequestList } from "./side/request-list.tsx";

const SLOW = { pace: "slow" } as const;
const evidenceCount = (view: MeshView): number => view.agreement.evidence.size;

export function ConsensusPage(): ReactNode {
  const { t } = useTranslation("consensus");
  const kind = useMesh(consensusKind, SLOW);
  return (
    <div className="page">
      <header className="page__head">
        <h1 className="page__title">{t("title")}</h1>
        {kind === undefined || kind === "none" ? null : (
          <Badge tone="accent">{t(`protocol.${kind}`)}</Badge>
        )}
      </header>
      {kind === undefined || kind === "none" ? <NoConsensus /> : <Parts />}
    </div>
  );
}

function NoConsensus(): ReactNode {
  const { t } = useTranslation("consensus");
  const source = useDescription()?.kind;
  // Whether a mesh may be opened depends on the session.
  useConsole((state) => state.link);
  useConsole((state) => state.role);
  const { disabledReason, onClick } = useCommandButton("mesh.open.raft-5");
  return (
    <EmptyState
      icon={<Landmark />}
      title={t("none.title")}
      text={t(source === "serf" ? "none.engine" : "none.text")}
      action={
        <Button variant="primary" disabledReason={disabledReason} onClick={onClick}>
          {t("none.raft")}
        </Button>
      }
    />
  );
}

function Parts(): ReactNode {
  const { t } = useTranslation("consensus");
  const [tab, setTab] = useState("rounds");
  return (
    <div className="consensus">
      <div className="consensus__grid">
        <div className="consensus__top">
          <SummaryStrip />
          <SafetyBanner />
        </div>
        <div className="consensus__main">
          <Tabs label={t("tab.label")} items={useTabs()} value={tab} onChange={setTab} />
        </div>
        <aside className="consensus__side">
          <Panel title={t("propose.title")} icon={<Vote aria-hidden />}>
            <ProposeForm />
          </Panel>
          <LeadPanel />
          <Panel title={t("propose.recent")} icon={<Activity aria-hidden />}>
            <RequestList />
          </Panel>
        </aside>
      </div>
    </div>
  );
}

function useTabs(): readonly TabItem[] {
  const { t } = useTranslation("consensus");
  const kind = useMesh(consensusKind, SLOW);
  const proofs = useMesh(evidenceCount, SLOW);
  const found = proofs > 0 ? <Badge tone="failed">{proofs}</Badge> : undefined;
  const elections: TabItem = {
    id: "elections",
    label: t(kind === "pbft" ? "tab.changes" : "tab.elections"),
    icon: <Vote aria-hidden />,
    content: <ElectionsTab />,
  };
  return [
    {
      id: "rounds",
      label: t("tab.rounds"),
      icon: <ListOrdered aria-hidden />,
      content: <RoundsTab />,
    },
    ...(kind === "epidemic" ? [] : [elections]),
    {
      id: "members",
      label: t("tab.members"),
      icon: <Users aria-hidden />,
      content: <MembersTab />,
    },
    { id: "logs", label: t("tab.logs"), icon: <Rows3 aria-hidden />, content: <LogsTab /> },
    {
      id: "evidence",
      label: t("tab.evidence"),
      icon: <Gavel aria-hidden />,
      badge: found,
      content: <EvidenceTab />,
    },
  ];
}
