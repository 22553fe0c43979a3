import type { FaultView, MeshView } from "#shared/view/model.ts";
import { OctagonX, ShieldCheck, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { useCommandButton } from "../../../app/hooks/use-commands.ts";
import { sameList, useDescription, useMesh } from "../../../app/hooks/use-mesh.ts";
import { Badge } from "../../../ui/badge.tsx";
import { Button, IconButton } from "../../../ui/button.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { formatAt, formatDuration } from "../../../ui/format.ts";
import { describeFault } from "../describe-fault.ts";
import { FaultForm } from "./fault-form.tsx";
import "./faults.css";

/** Everything that is broken on purpose, and the form to break more. */
export function FaultsPanel(): ReactNode {
  const { t } = useTranslation("faults");
  const faults = useMesh(activeFaults, { isEqual: sameList });
  const stopAll = useCommandButton("network.stopAll");
  return (
    <div className="faults">
      <section className="faults__active" aria-label={t("active.title")}>
        <header className="faults__head">
          <h2 className="faults__title">{t("active.title")}</h2>
          <Badge tone={faults.length > 0 ? "suspect" : "neutral"}>{faults.length}</Badge>
          <span className="grow" />
          <Button
            size="sm"
            variant={faults.length > 0 ? "danger" : "default"}
            icon={<OctagonX aria-hidden />}
            disabledReason={stopAll.disabledReason}
            onClick={stopAll.onClick}
          >
            {stopAll.label}
          </Button>
        </header>
        {faults.length === 0 ? (
          <EmptyState icon={<ShieldCheck />} title={t("active.none")} text={t("active.noneText")} />
        ) : (
          <ul className="faults__list">
            {faults.map((fault) => (
              <ActiveFault key={fault.id} fault={fault} />
            ))}
          </ul>
        )}
      </section>
      <FaultForm />
    </div>
  );
}

const activeFaults = (view: MeshView): readonly FaultView[] => [...view.faults.values()];

export function ActiveFault({ fault }: { readonly fault: FaultView }): ReactNode {
  const { t } = useTranslation("faults");
  const app = useApp();
  const clock = useDescription()?.clock ?? "virtual";
  const refusal = app.refusal("fault.clear");
  return (
    <li className="faults__item">
      <Badge tone="suspect">{t(`kind.${fault.spec.kind}`)}</Badge>
      <span className="faults__what">
        {describeFault(app.t, fault.spec)}
        <span className="faults__time">
          {fault.until === undefined ? (
            t("active.since", { at: formatAt(fault.since, clock) })
          ) : (
            <Countdown until={fault.until} />
          )}
        </span>
      </span>
      <IconButton
        size="sm"
        label={t("active.clear")}
        icon={<X aria-hidden />}
        disabledReason={refusal}
        onClick={() => void app.perform({ type: "fault.clear", fault: fault.id })}
      />
    </li>
  );
}

/** In mesh time: it stands still while the mesh is paused. */
function Countdown({ until }: { readonly until: number }): ReactNode {
  const { t } = useTranslation("faults");
  const now = useMesh(meshTime, { pace: "slow" });
  return t("active.left", { time: formatDuration(Math.max(0, until - now)) });
}

const meshTime = (view: MeshView): number => view.at;
