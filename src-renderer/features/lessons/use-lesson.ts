import { useMemo } from "react";
import type { Lesson } from "#shared/contract/inspection.ts";
import type { LessonView } from "#shared/view/state-model.ts";
import type { MeshView } from "#shared/view/model.ts";
import { useStore } from "zustand";
import { useDescription, useMesh, useMeshStore, useMeshVersion } from "../../app/hooks/use-mesh.ts";
import { type LessonProgress, lessonProgress } from "./model/progress.ts";
import { lessonsStore } from "./store.ts";

const shownLesson = (view: MeshView): LessonView => view.lesson;

/** Undefined where the mesh shown is no lesson. */
export function useLessonProgress(): LessonProgress | undefined {
  const mesh = useMeshStore();
  const shown = useMesh(shownLesson);
  useMeshVersion("slow");
  const live = mesh?.live.lesson;
  const scenario = useDescription()?.scenario;
  return useMemo(() => {
    if (live === undefined) return undefined;
    if (scenario === undefined && live.history.length === 0) return undefined;
    return lessonProgress(shown, live);
  }, [shown, live, scenario]);
}

/** What the host tells of the lesson shown; undefined while it told nothing of it. */
export function useLessonAbout(): Lesson | undefined {
  const scenario = useDescription()?.scenario;
  const lessons = useStore(lessonsStore, (state) => state.lessons);
  return lessons?.find((lesson) => lesson.id === scenario);
}
