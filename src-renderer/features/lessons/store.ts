import type { Lesson } from "#shared/contract/inspection.ts";
import { createStore } from "zustand/vanilla";
import { errorText } from "../../app/hooks/error-text.ts";
import type { AppServices } from "../../app/services.ts";

interface LessonsState {
  /** Undefined until the host told. */
  readonly lessons: readonly Lesson[] | undefined;
  /** Why they could not be read, translated. */
  readonly problem: string | undefined;
  /** The lesson that is being opened. */
  readonly opening: string | undefined;
  /** Large type for a room. */
  readonly presenter: boolean;
}

export const lessonsStore = createStore<LessonsState>()(() => ({
  lessons: undefined,
  problem: undefined,
  opening: undefined,
  presenter: false,
}));

export async function loadLessons(app: AppServices): Promise<void> {
  try {
    const lessons = await app.host.request("lessons.list", {});
    lessonsStore.setState({ lessons, problem: undefined });
  } catch (error) {
    lessonsStore.setState({ problem: errorText(app.t, error) });
  }
}
