import type { MeshView } from "#shared/view/model.ts";
import { partitionSides } from "#shared/view/select/sides.ts";
import { Lock, OctagonAlert, Zap } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../app/context.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Panel } from "../../ui/panel.tsx";
import { cleanText } from "../../ui/text.ts";
import { NodeButtons } from "./parts/node-button.tsx";

interface ViewProps {
  readonly view: MeshView;
}

/** What is wrong, by design or not: broken promises, sides of a partition, faults. */
export function MeshBroken({ view }: ViewProps): ReactNode {
  return (
    <>
      <Violations view={view} />
      <Sides view={view} />
      <ActiveFaults view={view} />
    </>
  );
}

const MAX_SHOWN = 3;

function Violations({ view }: ViewProps): ReactNode {
  const { t } = useTranslation("inspector");
  const app = useApp();
  if (view.violations.length === 0) return null;
  return (
    <Panel
      flat
      title={t("violations", { count: view.violations.length })}
      icon={<OctagonAlert aria-hidden />}
    >
      <ul className="insp-list">
        {view.violations.slice(0, MAX_SHOWN).map((violation) => (
          <li key={violation.seq} className="stack">
            <strong>{cleanText(violation.invariant, 128)}</strong>
            <span>{cleanText(violation.message, 400)}</span>
            <Button size="sm" onClick={() => void app.lookAt(violation.at)}>
              {t("lookThere")}
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Shown once the nodes are not all of one mode. */
function Sides({ view }: ViewProps): ReactNode {
  const { t } = useTranslation("inspector");
  const sides = partitionSides(view);
  if (sides.length < 2 && sides[0]?.mode !== "read-only") return null;
  return (
    <Panel flat title={t("sides.title")}>
      <ul className="insp-list">
        {sides.map(({ mode, reason, nodes }) => (
          <li key={`${mode} ${reason}`} className="stack">
            <span className="row">
              <Badge
                tone={mode === "read-only" ? "degraded" : "neutral"}
                icon={mode === "read-only" ? <Lock aria-hidden /> : undefined}
              >
                {t(`mode.${mode ?? "unknown"}`)}
              </Badge>
              <span className="insp-note">
                {reason === undefined
                  ? t("nodes", { count: nodes.length })
                  : `${t("nodes", { count: nodes.length })} · ${reasonText(t, reason)}`}
              </span>
            </span>
            <NodeButtons ids={nodes} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Reason codes that have words; others are shown as they are. */
export function reasonText(
  t: (key: string, options: { defaultValue: string }) => string,
  reason: string,
): string {
  return t(`reason.${reason}`, { defaultValue: cleanText(reason, 64) });
}

function ActiveFaults({ view }: ViewProps): ReactNode {
  const { t } = useTranslation("inspector");
  const app = useApp();
  if (view.faults.size === 0) return null;
  const kinds = new Map<string, number>();
  for (const { spec } of view.faults.values()) {
    kinds.set(spec.kind, (kinds.get(spec.kind) ?? 0) + 1);
  }
  return (
    <Panel
      flat
      title={t("faults.title", { count: view.faults.size })}
      icon={<Zap aria-hidden />}
      actions={
        <Button size="sm" variant="danger" onClick={() => app.run("network.stopAll")}>
          {t("faults.stopAll")}
        </Button>
      }
    >
      <div className="row row--wrap">
        {[...kinds].map(([kind, count]) => (
          <Badge key={kind} tone="suspect">
            {t(`fault.${kind}`)}
            {count > 1 ? ` ×${count}` : ""}
          </Badge>
        ))}
        <Button
          size="sm"
          variant="quiet"
          onClick={() => app.prefs.getState().change({ dockOpen: true, dockPanel: "faults" })}
        >
          {t("faults.show")}
        </Button>
      </div>
    </Panel>
  );
}
