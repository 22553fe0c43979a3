import { HEALTH_ORDER, healthOf } from "#shared/view/health.ts";
import { CopyCheck } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMeshStore, useMeshVersion } from "../../app/hooks/use-mesh.ts";
import { Panel } from "../../ui/panel.tsx";
import { StatusDot } from "../../ui/status-dot.tsx";
import { Actions } from "./parts/actions.tsx";
import { Head } from "./parts/head.tsx";
import { NodeButtons } from "./parts/node-button.tsx";

const FIRST_ACTIONS = ["network.partition", "node.kill", "node.restart", "node.pause"];

/** Several nodes at once: what they are, and what can be done to all of them. */
export function ManyPanel({ ids }: { readonly ids: readonly string[] }): ReactNode {
  const { t } = useTranslation("inspector");
  const nodes = useMeshStore()?.view.nodes;
  useMeshVersion();
  const healths = ids.map((id) => {
    const node = nodes?.get(id);
    return node === undefined ? "unknown" : healthOf(node);
  });
  const shown = HEALTH_ORDER.filter((health) => healths.includes(health));
  return (
    <>
      <Head
        mark={<CopyCheck aria-hidden className="insp-head__icon" />}
        title={t("many.title", { count: ids.length })}
        note={t("many.note")}
        closes
      />
      <Actions place="node" first={FIRST_ACTIONS} />
      <section className="insp-health" aria-label={t("mesh.health", { count: ids.length })}>
        {shown.map((health) => (
          <span className="insp-health__cell" key={health}>
            <StatusDot status={health} />
            <span className="insp-health__count">
              {healths.filter((other) => other === health).length}
            </span>
            <span className="insp-health__word">{t(`app:health.${health}`)}</span>
          </span>
        ))}
      </section>
      <Panel flat title={t("many.nodes")}>
        <NodeButtons ids={ids} />
      </Panel>
    </>
  );
}
