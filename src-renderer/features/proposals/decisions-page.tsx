import { Gauge, Gavel, ShieldQuestion } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MeshView } from "#shared/view/model.ts";
import { useMesh } from "../../app/hooks/use-mesh.ts";
import { Badge } from "../../ui/badge.tsx";
import { type TabItem, Tabs } from "../../ui/tabs.tsx";
import { useDecisions, useDecisionsStore } from "./context.ts";
import { DecisionsTab } from "./decision/decisions-tab.tsx";
import "./decisions.css";
import { LoadTab } from "./load/load-tab.tsx";
import { StandingTab } from "./standing/standing-tab.tsx";
import type { DecisionsTab as TabId } from "./store.ts";

const openCount = (view: MeshView): number =>
  [...view.proposals.list.values()].filter(({ outcome }) => outcome === undefined).length;

/** What the mesh decides together, and what its nodes think of each other and of the whole. */
export function DecisionsPage(): ReactNode {
  const { t } = useTranslation("decisions");
  const tab = useDecisions((state) => state.tab);
  const { show } = useDecisionsStore().getState();
  const open = useMesh(openCount, { pace: "slow" });
  const items: readonly (TabItem & { readonly id: TabId })[] = [
    {
      id: "decisions",
      label: t("tab.decisions"),
      icon: <Gavel aria-hidden />,
      badge: open === 0 ? undefined : <Badge tone="info">{open}</Badge>,
      content: <DecisionsTab />,
    },
    {
      id: "standing",
      label: t("tab.standing"),
      icon: <ShieldQuestion aria-hidden />,
      content: <StandingTab />,
    },
    { id: "load", label: t("tab.load"), icon: <Gauge aria-hidden />, content: <LoadTab /> },
  ];
  return (
    <div className="page">
      <header className="page__head">
        <h1 className="page__title">{t("title")}</h1>
      </header>
      <div className="decisions">
        <Tabs
          label={t("tab.label")}
          items={items}
          value={tab}
          onChange={(id) => {
            const chosen = items.find((item) => item.id === id);
            if (chosen !== undefined) show(chosen.id);
          }}
        />
      </div>
    </div>
  );
}
