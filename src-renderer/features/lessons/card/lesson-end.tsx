import { ArrowRight, PartyPopper, RotateCcw } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import type { Election } from "#shared/view/agreement-model.ts";
import type { MeshView } from "#shared/view/model.ts";
import { sessionRefusal } from "../../../app/commands/session-may.ts";
import { useApp } from "../../../app/context.ts";
import { useDescription, useMesh } from "../../../app/hooks/use-mesh.ts";
import { useConsole } from "../../../app/hooks/use-stores.ts";
import { Button } from "../../../ui/button.tsx";
import { formatCount, formatDuration } from "../../../ui/format.ts";
import { cleanText } from "../../../ui/text.ts";
import { stepText } from "../model/progress.ts";
import { startLesson } from "../start-lesson.ts";
import { lessonsStore } from "../store.ts";

interface Seen {
  readonly steps: number;
  readonly at: number;
  readonly elections: number;
  readonly decided: number;
  readonly checks: number;
  readonly violations: number;
}

function seenIn(view: MeshView): Seen {
  const { agreement, invariants, lesson, violations, at } = view;
  return {
    steps: lesson.history.length,
    at,
    elections: [...agreement.elections.values()].filter(wasWon).length,
    decided: agreement.committed,
    checks: [...invariants.values()].reduce((sum, each) => sum + each.checks, 0),
    violations: violations.length,
  };
}

/** A pre-vote only asks whether to stand. */
const wasWon = ({ kind, winner }: Election): boolean => kind !== "pre-vote" && winner !== undefined;

const sameSeen = (a: Seen, b: Seen): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The end of a lesson: what there was to see, and where to go from here. */
export function LessonEnd(): ReactNode {
  const { t } = useTranslation("lessons");
  const seen = useMesh(seenIn, { pace: "slow", isEqual: sameSeen });
  const { steps, at, elections, decided, checks, violations } = seen;
  return (
    <div className="lesson-end">
      <h3 className="lesson-end__title">
        <PartyPopper aria-hidden />
        {t("end.title")}
      </h3>
      <ul className="lesson-end__seen">
        <li>{t("end.steps", { count: steps, time: formatDuration(at) })}</li>
        {elections === 0 ? null : <li>{t("end.elections", { count: elections })}</li>}
        {decided === 0 ? null : <li>{t("end.decided", { count: decided })}</li>}
        {checks === 0 ? null : (
          <li>{t("end.checks", { checks: formatCount(checks), count: violations })}</li>
        )}
      </ul>
      <p className="muted">{t("end.free")}</p>
      <EndButtons />
    </div>
  );
}

function EndButtons(): ReactNode {
  const app = useApp();
  const { t, i18n } = useTranslation("lessons");
  const { id, scenario } = useDescription() ?? {};
  const lessons = useStore(lessonsStore, (state) => state.lessons) ?? [];
  const opening = useStore(lessonsStore, (state) => state.opening);
  useConsole((state) => state.link);
  const refusal = opening === undefined ? sessionRefusal(app, "operator") : t("opening");
  const here = lessons.findIndex((lesson) => lesson.id === scenario);
  const next = here === -1 ? undefined : lessons[here + 1];
  return (
    <div className="lesson__buttons">
      {here === -1 ? null : (
        <Button
          icon={<RotateCcw />}
          disabledReason={refusal}
          onClick={() => void startLesson(app, scenario ?? "", id)}
        >
          {t("end.again")}
        </Button>
      )}
      {next === undefined ? (
        <Button onClick={() => app.run("view.lessons")}>{t("end.all")}</Button>
      ) : (
        <Button
          variant="primary"
          icon={<ArrowRight />}
          disabledReason={refusal}
          onClick={() => void startLesson(app, next.id, id)}
        >
          {t("end.next", { title: cleanText(stepText(next.title, i18n.language), 60) })}
        </Button>
      )}
    </div>
  );
}
