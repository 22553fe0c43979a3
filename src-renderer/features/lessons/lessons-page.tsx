import { GraduationCap, Network, Play, RotateCcw } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import type { Lesson } from "#shared/contract/inspection.ts";
import { sessionRefusal } from "../../app/commands/session-may.ts";
import { useApp } from "../../app/context.ts";
import { useConsole } from "../../app/hooks/use-stores.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { cleanText } from "../../ui/text.ts";
import "./lessons.css";
import { stepText } from "./model/progress.ts";
import { startLesson } from "./start-lesson.ts";
import { lessonsStore, loadLessons } from "./store.ts";

export function LessonsPage(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("lessons");
  const lessons = useStore(lessonsStore, (state) => state.lessons);
  const problem = useStore(lessonsStore, (state) => state.problem);
  const isLive = useConsole((state) => state.link.state === "live");
  useEffect(() => {
    if (isLive) void loadLessons(app);
  }, [app, isLive]);
  return (
    <div className="page">
      <header className="page__head">
        <h1 className="page__title">{t("title")}</h1>
        <p className="muted">{t("about")}</p>
      </header>
      <div className="page__body">
        {lessons === undefined || lessons.length === 0 ? (
          <NoLessons problem={problem} loading={lessons === undefined} />
        ) : (
          <ol className="lessons">
            {lessons.map((lesson, at) => (
              <LessonTile key={lesson.id} lesson={lesson} number={at + 1} />
            ))}
          </ol>
        )}
      </div>
    </div>
  );
}

interface NoLessonsProps {
  readonly problem: string | undefined;
  readonly loading: boolean;
}

function NoLessons({ problem, loading }: NoLessonsProps): ReactNode {
  const app = useApp();
  const { t } = useTranslation("lessons");
  if (problem !== undefined) {
    return (
      <EmptyState
        icon={<GraduationCap />}
        title={t("empty.failed")}
        text={problem}
        action={
          <Button icon={<RotateCcw />} onClick={() => void loadLessons(app)}>
            {t("empty.retry")}
          </Button>
        }
      />
    );
  }
  if (loading) return <EmptyState icon={<GraduationCap />} title={t("empty.loading")} />;
  return <EmptyState icon={<GraduationCap />} title={t("empty.none")} text={t("empty.noneText")} />;
}

interface LessonTileProps {
  readonly lesson: Lesson;
  readonly number: number;
}

function LessonTile({ lesson, number }: LessonTileProps): ReactNode {
  const app = useApp();
  const { t, i18n } = useTranslation("lessons");
  const listings = useConsole((state) => state.listings);
  useConsole((state) => state.role);
  useConsole((state) => state.locked);
  useConsole((state) => state.link);
  const opening = useStore(lessonsStore, (state) => state.opening);
  const open = listings?.find(({ description }) => description.scenario === lesson.id)?.description;
  const title = cleanText(stepText(lesson.title, i18n.language), 80);
  const refusal = opening === undefined ? sessionRefusal(app, "operator") : t("opening");
  const resume = (mesh: string) => {
    app.switchMesh(mesh);
    app.prefs.getState().change({ view: "topology", inspectorOpen: true });
  };
  return (
    <li className="lesson-tile">
      <p className="lesson-tile__head">
        <span className="lesson-tile__number" aria-hidden>
          {number}
        </span>
        <span className="lesson-tile__title">{title}</span>
      </p>
      <p className="lesson-tile__about">
        {cleanText(stepText(lesson.about, i18n.language), 1_000)}
      </p>
      <p className="row row--wrap">
        {lesson.consensus === "none" ? null : (
          <Badge tone="accent">{t(`consensus:protocol.${lesson.consensus}`)}</Badge>
        )}
        <Badge icon={<Network aria-hidden />}>{t("nodes", { count: lesson.nodes })}</Badge>
        <Badge>{t("steps", { count: lesson.steps })}</Badge>
        {open === undefined ? null : <Badge tone="info">{t("open")}</Badge>}
      </p>
      <div className="row">
        {open === undefined ? null : (
          <Button
            variant="primary"
            aria-label={t("resumeOf", { title })}
            onClick={() => resume(open.id)}
          >
            {t("resume")}
          </Button>
        )}
        <Button
          variant={open === undefined ? "primary" : "default"}
          icon={open === undefined ? <Play /> : <RotateCcw />}
          aria-label={t(open === undefined ? "startOf" : "againOf", { title })}
          disabledReason={refusal}
          onClick={() => void startLesson(app, lesson.id, open?.id)}
        >
          {opening === lesson.id ? t("opening") : t(open === undefined ? "start" : "again")}
        </Button>
      </div>
    </li>
  );
}
