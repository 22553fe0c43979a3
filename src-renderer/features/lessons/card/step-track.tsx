import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { cx } from "../../../ui/cx.ts";
import type { LessonProgress } from "../model/progress.ts";

/** A mark for each step; those that were reached lead back to their moment. */
export function StepTrack({ progress }: { readonly progress: LessonProgress }): ReactNode {
  const app = useApp();
  const { t } = useTranslation("lessons");
  const { step, total, reached } = progress;
  if (total === 0) return null;
  return (
    <ol className="lesson-track" aria-label={t("card.track")}>
      {Array.from({ length: total }, (_, index) => {
        const there = reached.get(index);
        const isCurrent = step?.index === index;
        return (
          <li key={index} className="lesson-track__item">
            <button
              type="button"
              className={cx(
                "lesson-track__mark",
                there !== undefined && "is-reached",
                isCurrent && "is-current",
              )}
              aria-current={isCurrent ? "step" : undefined}
              aria-label={t("card.step", { step: index + 1, total })}
              disabled={there === undefined}
              onClick={() => {
                if (there !== undefined) void app.lookAt(there.at);
              }}
            />
          </li>
        );
      })}
    </ol>
  );
}
