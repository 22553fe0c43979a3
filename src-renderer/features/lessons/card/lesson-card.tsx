import {
  ArrowLeft,
  ArrowRight,
  GraduationCap,
  LocateFixed,
  Play,
  Presentation,
} from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import { useApp } from "../../../app/context.ts";
import { useCommandButton } from "../../../app/hooks/use-commands.ts";
import { useDescription, useMeshStatus, usePastAt } from "../../../app/hooks/use-mesh.ts";
import { useConsole } from "../../../app/hooks/use-stores.ts";
import { Button, IconButton } from "../../../ui/button.tsx";
import { cx } from "../../../ui/cx.ts";
import { cleanText } from "../../../ui/text.ts";
import { showPoint } from "../guide.tsx";
import "../lessons.css";
import { parsePoint } from "../model/point.ts";
import { type LessonProgress, stepText } from "../model/progress.ts";
import { lessonsStore } from "../store.ts";
import { useLessonAbout, useLessonProgress } from "../use-lesson.ts";
import { LessonEnd } from "./lesson-end.tsx";
import { StepTrack } from "./step-track.tsx";

const MAX_TITLE = 80;
const MAX_TEXT = 2_000;

/** The lesson that the shown mesh is: what happens now, and on to the next step. */
export function LessonCard(): ReactNode {
  const { t, i18n } = useTranslation("lessons");
  const progress = useLessonProgress();
  const presenter = useStore(lessonsStore, (state) => state.presenter);
  const name = useDescription()?.name ?? "";
  const about = useLessonAbout();
  if (progress === undefined) return null;
  const title = about === undefined ? name : stepText(about.title, i18n.language);
  return (
    <section
      className={cx("lesson", presenter && "lesson--presenter")}
      aria-label={t("card.label")}
    >
      <header className="lesson__head">
        <GraduationCap aria-hidden />
        <h2 className="lesson__title grow">{cleanText(title, MAX_TITLE)}</h2>
        <PresenterToggle on={presenter} />
      </header>
      <StepTrack progress={progress} />
      {progress.step === undefined ? (
        <p className="lesson__text">
          {about === undefined
            ? t("card.begin")
            : cleanText(stepText(about.about, i18n.language), MAX_TEXT)}
        </p>
      ) : (
        <StepWords progress={progress} />
      )}
      <Buttons progress={progress} />
      {progress.last ? <LessonEnd /> : null}
    </section>
  );
}

function PresenterToggle({ on }: { readonly on: boolean }): ReactNode {
  const { t } = useTranslation("lessons");
  return (
    <IconButton
      size="sm"
      label={t("command.presenter")}
      icon={<Presentation />}
      pressed={on}
      onClick={() => lessonsStore.setState({ presenter: !on })}
    />
  );
}

function StepWords({ progress }: { readonly progress: LessonProgress }): ReactNode {
  const app = useApp();
  const { t, i18n } = useTranslation("lessons");
  const past = usePastAt();
  const playing = useMeshStatus()?.playing === true;
  const { step, total } = progress;
  if (step === undefined) return null;
  const point = parsePoint(step.point);
  const waits = step.pause && past === undefined && !playing && !progress.last;
  return (
    <>
      <div aria-live="polite" aria-atomic>
        <p className="lesson__count">{t("card.step", { step: step.index + 1, total })}</p>
        <p className="lesson__text">{cleanText(stepText(step, i18n.language), MAX_TEXT)}</p>
      </div>
      {point === undefined ? null : (
        <button type="button" className="link lesson__point" onClick={() => showPoint(app, point)}>
          <LocateFixed aria-hidden />
          {point.kind === "node"
            ? t("card.lookNode", { node: cleanText(point.node, 64) })
            : t("card.lookView", { view: viewName(app.t, point.view) })}
        </button>
      )}
      {waits ? <p className="lesson__predict">{t("card.predict")}</p> : null}
      {past === undefined ? null : <p className="lesson__predict">{t("card.past")}</p>}
    </>
  );
}

function viewName(
  t: (key: string, params?: Readonly<Record<string, unknown>>) => string,
  view: string,
): string {
  return t(`${view}:title`, { defaultValue: cleanText(view, 32) });
}

function Buttons({ progress }: { readonly progress: LessonProgress }): ReactNode {
  const app = useApp();
  const { t } = useTranslation("lessons");
  const playing = useMeshStatus()?.playing === true;
  // Whether they work depends on the session and on the moment shown.
  useConsole((state) => state.link);
  useConsole((state) => state.role);
  useConsole((state) => state.locked);
  usePastAt();
  const back = useCommandButton("lesson.back");
  const forward = useCommandButton("lesson.continue");
  const begun = progress.step !== undefined;
  const waiting = playing && progress.next === undefined;
  const label = !begun ? "card.start" : progress.last ? "card.playOn" : "card.continue";
  return (
    <div className="lesson__buttons">
      <Button icon={<ArrowLeft />} disabledReason={back.disabledReason} onClick={back.onClick}>
        {t("card.back")}
      </Button>
      <Button
        variant="primary"
        icon={begun ? <ArrowRight /> : <Play />}
        disabledReason={forward.disabledReason}
        onClick={forward.onClick}
      >
        {t(waiting ? "card.playing" : label)}
      </Button>
      {waiting ? (
        <Button variant="quiet" onClick={() => app.run("time.toggle")}>
          {t("card.pause")}
        </Button>
      ) : null}
    </div>
  );
}
