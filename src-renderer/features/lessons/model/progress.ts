/** Where a person is in a lesson, from what the shown view and the live one were told of it. */
import type { LessonStep, LessonView } from "#shared/view/state-model.ts";

export interface LessonProgress {
  /** The step that is shown; undefined before the first one. */
  readonly step: LessonStep | undefined;
  /** 0 while the number of steps is not known yet. */
  readonly total: number;
  /** The newest step at an earlier moment. */
  readonly previous: LessonStep | undefined;
  /** The first step at a later moment, of those that were reached already. */
  readonly next: LessonStep | undefined;
  /** Whether `next` is where the mesh stands now. */
  readonly nextIsNow: boolean;
  /** The last step of the lesson is shown. */
  readonly last: boolean;
  /** Steps that were reached, by index. */
  readonly reached: ReadonlyMap<number, LessonStep>;
}

export function lessonProgress(shown: LessonView, live: LessonView): LessonProgress {
  const step = shown.current;
  const newest = live.current;
  const next = live.history.find((each) => step === undefined || comesAfter(each, step));
  const total = newest?.total ?? step?.total ?? 0;
  return {
    step,
    total,
    // A moment is a time: of two steps at one instant only the later one can be shown.
    previous: live.history.findLast((each) => step !== undefined && comesAfter(step, each)),
    next,
    nextIsNow: next !== undefined && next.at === newest?.at,
    last: step !== undefined && step.index + 1 >= step.total,
    reached: new Map(live.history.map((each) => [each.index, each])),
  };
}

function comesAfter(step: LessonStep, other: LessonStep): boolean {
  return step.at > other.at && step.index > other.index;
}

/** What is said in one language or two. */
interface Localised {
  readonly en: string;
  readonly zh?: string | undefined;
}

/** The words of a step in the console's language, where it has them. */
export function stepText(step: Localised, language: string): string {
  return language.startsWith("zh") ? (step.zh ?? step.en) : step.en;
}
