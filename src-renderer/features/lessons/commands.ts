import { GraduationCap, SkipBack, SkipForward } from "lucide-react";
import { type Availability, type Command, HIDDEN, ON, off } from "../../app/commands/command.ts";
import type { AppServices } from "../../app/services.ts";
import { activeListing } from "../../state/console.ts";
import { type LessonProgress, lessonProgress } from "./model/progress.ts";
import { lessonsStore } from "./store.ts";

/** Whether the mesh shown is a lesson, or a run that was one. */
export function isLesson(app: AppServices): boolean {
  const state = app.console.getState();
  const scenario = activeListing(state)?.description.scenario;
  return scenario !== undefined || (state.mesh?.live.lesson.history.length ?? 0) > 0;
}

export function progressOf(app: AppServices): LessonProgress | undefined {
  const { mesh } = app.console.getState();
  if (mesh === undefined || !isLesson(app)) return undefined;
  return lessonProgress(mesh.view.lesson, mesh.live.lesson);
}

function mayContinue(app: AppServices): Availability {
  const progress = progressOf(app);
  if (progress === undefined) return HIDDEN;
  if (progress.next !== undefined) return ON;
  const refusal = app.refusal("time.play");
  if (refusal !== undefined) return off(refusal);
  return app.console.getState().mesh?.status?.playing === true ? off("lessons:comes") : ON;
}

/** To a step that was seen already, else on with time until the next one. */
async function goOn(app: AppServices): Promise<void> {
  const progress = progressOf(app);
  if (progress?.next === undefined) {
    app.returnToNow();
    await app.perform({ type: "time.play" }, { quiet: true });
    return;
  }
  if (progress.nextIsNow) app.returnToNow();
  else await app.lookAt(progress.next.at);
}

function mayGoBack(app: AppServices): Availability {
  const progress = progressOf(app);
  if (progress === undefined) return HIDDEN;
  return progress.previous === undefined ? off("lessons:first") : ON;
}

async function goBack(app: AppServices): Promise<void> {
  const at = progressOf(app)?.previous?.at;
  if (at !== undefined) await app.lookAt(at);
}

export const LESSON_COMMANDS: readonly Command[] = [
  {
    id: "lesson.continue",
    title: "lessons:command.continue",
    group: "time",
    icon: SkipForward,
    keys: ["Shift+N"],
    when: mayContinue,
    run: goOn,
  },
  {
    id: "lesson.back",
    title: "lessons:command.back",
    group: "time",
    icon: SkipBack,
    keys: ["Shift+B"],
    when: mayGoBack,
    run: goBack,
  },
  {
    id: "lesson.presenter",
    title: "lessons:command.presenter",
    group: "view",
    icon: GraduationCap,
    when: (app) => (isLesson(app) ? ON : HIDDEN),
    run: () => lessonsStore.setState((state) => ({ presenter: !state.presenter })),
  },
];
