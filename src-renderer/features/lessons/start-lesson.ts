import type { AppServices } from "../../app/services.ts";
import { errorText } from "../../app/hooks/error-text.ts";
import { lessonsStore } from "./store.ts";

const TOLD_MS = 8_000;
/** A lesson starts where its mesh is seen as a whole; its steps lead on from there. */
const FIRST_VIEW = "topology";

/**
 * Opens a lesson, which waits at its first moment, and shows it. `instead` is closed once the new
 * mesh is there.
 */
export async function startLesson(
  app: AppServices,
  lesson: string,
  instead?: string,
): Promise<void> {
  if (lessonsStore.getState().opening !== undefined) return;
  lessonsStore.setState({ opening: lesson });
  try {
    const [mesh] = await app.host.request("meshes.open", { kind: "lesson", lesson });
    if (mesh !== undefined) app.switchMesh(mesh);
    app.prefs.getState().change({ view: FIRST_VIEW, inspectorOpen: true });
    if (instead !== undefined) await app.host.request("meshes.close", { mesh: instead });
  } catch (error) {
    const text = app.t("lessons:notStarted");
    const detail = errorText(app.t, error);
    app.toasts.getState().show({ tone: "danger", text, detail, forMs: TOLD_MS });
  } finally {
    lessonsStore.setState({ opening: undefined });
  }
}
