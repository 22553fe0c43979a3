/** What a scenario says as it goes on, and how often its promises were checked. */
import { appendBounded } from "../bounded.ts";
import type { Handlers } from "../handler.ts";
import { type LessonStep, MAX_INVARIANTS, MAX_LESSON_STEPS } from "../state-model.ts";

export const lessonHandlers: Handlers<"lesson.step" | "invariants.checked"> = {
  "lesson.step": (view, event) => {
    const { index, total, id, en, zh, point, pause, at, seq } = event;
    const step: LessonStep = { index, total, id, en, zh, point, pause, at, seq };
    const { history } = view.lesson;
    appendBounded(history, step, MAX_LESSON_STEPS);
    view.lesson = { current: step, history };
  },
  /** Counts are totals, so the newest word is the whole truth. */
  "invariants.checked": (view, { checks, at }) => {
    for (const check of checks) {
      const known = view.invariants.has(check.invariant);
      if (!known && view.invariants.size >= MAX_INVARIANTS) continue;
      view.invariants.set(check.invariant, { ...check, at });
    }
  },
};
