import { Lightbulb, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/button.tsx";
import { useApp } from "../context.ts";
import { useConsole, usePrefs } from "../hooks/use-stores.ts";
import "./hints.css";

const HINTS = ["kill", "time", "palette"] as const;

/** Three things worth trying first in a sandbox, one at a time; what was dismissed stays away. */
export function Hints(): ReactNode {
  const { prefs } = useApp();
  const { t } = useTranslation("app");
  const seen = usePrefs((state) => state.hintsSeen);
  const view = usePrefs((state) => state.view);
  const sandbox = useConsole(({ active, listings }) =>
    listings?.some(({ description }) => description.id === active && description.sandbox),
  );
  const at = HINTS.findIndex((hint) => !seen.includes(hint));
  const hint = HINTS[at];
  if (hint === undefined || sandbox !== true || view !== "topology") return null;
  const dismiss = (names: readonly string[]) =>
    prefs.getState().change({ hintsSeen: [...new Set([...seen, ...names])] });
  return (
    <aside className="hint" aria-label={t("hint.label")}>
      <Lightbulb aria-hidden />
      <div className="grow">
        <p className="hint__title">{t(`hint.${hint}.title`)}</p>
        <p className="hint__text">{t(`hint.${hint}.text`)}</p>
        <p className="hint__foot">
          <span>
            {at + 1} / {HINTS.length}
          </span>
          <button type="button" className="link" onClick={() => dismiss([hint])}>
            {t(at === HINTS.length - 1 ? "hint.done" : "hint.next")}
          </button>
        </p>
      </div>
      <IconButton
        size="sm"
        label={t("hint.dismissAll")}
        icon={<X />}
        onClick={() => dismiss(HINTS)}
      />
    </aside>
  );
}
