import { healthOf } from "#shared/view/health.ts";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { useNode } from "../../../app/hooks/use-mesh.ts";
import { StatusDot } from "../../../ui/status-dot.tsx";
import { cleanText } from "../../../ui/text.ts";

/** A node by name and health; a click selects it. */
export function NodeButton({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation("app");
  const { selection } = useApp();
  const node = useNode(id);
  const health = node === undefined ? "unknown" : healthOf(node);
  return (
    <button
      type="button"
      className="node-button"
      onClick={(event) => {
        const adds = event.ctrlKey || event.metaKey || event.shiftKey;
        selection.getState().selectNode(id, adds ? "toggle" : "replace");
      }}
    >
      <StatusDot status={health} size="sm" label={t(`health.${health}`)} />
      {cleanText(id, 64)}
    </button>
  );
}

const MAX_SHOWN = 16;

export function NodeButtons({ ids }: { readonly ids: readonly string[] }): ReactNode {
  const { t } = useTranslation("inspector");
  const more = ids.length - MAX_SHOWN;
  return (
    <div className="node-buttons">
      {ids.slice(0, MAX_SHOWN).map((id) => (
        <NodeButton key={id} id={id} />
      ))}
      {more > 0 ? <span className="muted">{t("andMore", { count: more })}</span> : null}
    </div>
  );
}
