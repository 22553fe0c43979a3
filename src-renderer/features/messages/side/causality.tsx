import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useDescription } from "../../../app/hooks/use-mesh.ts";
import { formatAt, formatCount } from "../../../ui/format.ts";
import { Toggle } from "../../../ui/toggle.tsx";
import { useMessages, useMessagesStore } from "../context.ts";
import { MAX_CAUSAL } from "../model/causality.ts";

/** What led here and what came of it; says what it was worked out from. */
export function Causality(): ReactNode {
  const { t } = useTranslation("messages");
  const { getState } = useMessagesStore();
  const causal = useMessages((state) => state.causal);
  const clock = useDescription()?.clock ?? "virtual";
  const cone = useMessages((state) => state.cone);
  return (
    <div className="chosen__part">
      <Toggle
        label={t("causal.toggle")}
        checked={causal}
        onChange={(next) => getState().change({ causal: next })}
      />
      {cone === undefined ? null : (
        <>
          <ul className="causal">
            <li>
              <span className="causal__line causal__line--past" aria-hidden />
              {t("causal.past", { count: cone.past, shown: formatCount(cone.past) })}
            </li>
            <li>
              <span className="causal__line causal__line--future" aria-hidden />
              {t("causal.future", { count: cone.future, shown: formatCount(cone.future) })}
            </li>
          </ul>
          <p className="chosen__note">
            {t(cone.cut ? "causal.cut" : "causal.window", {
              from: formatAt(cone.from, clock),
              to: formatAt(cone.to, clock),
              limit: formatCount(MAX_CAUSAL),
            })}
          </p>
        </>
      )}
    </div>
  );
}
