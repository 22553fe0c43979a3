/** What the console asks of the host about runs. None of these throw: they tell. */
import type { SavedRun } from "#shared/contract/inspection.ts";
import { errorText } from "../../app/hooks/error-text.ts";
import type { AppServices } from "../../app/services.ts";
import { activeListing } from "../../state/console.ts";
import { downloadText } from "../../ui/download.ts";
import { formatAt } from "../../ui/format.ts";
import { cleanText } from "../../ui/text.ts";
import { runsStore } from "./store.ts";

/** The host gives a fork up a little earlier, and says so itself. */
const FORK_TIMEOUT_MS = 125_000;
const TOLD_MS = 8_000;

function fail(app: AppServices, text: string, error: unknown): void {
  const detail = errorText(app.t, error);
  app.toasts.getState().show({ tone: "danger", text, detail, forMs: TOLD_MS });
}

export async function loadRuns(app: AppServices): Promise<void> {
  try {
    const runs = await app.host.request("runs.list", {});
    runsStore.setState({ runs, problem: undefined });
  } catch (error) {
    runsStore.setState({ problem: errorText(app.t, error) });
  }
}

/** Ends with whether it was saved. */
export async function saveRun(app: AppServices, mesh: string, name: string): Promise<boolean> {
  try {
    await app.host.request("runs.save", { mesh, name }, FORK_TIMEOUT_MS);
    const text = app.t("runs:saved", { name });
    app.toasts.getState().show({ tone: "success", text, forMs: TOLD_MS });
    await loadRuns(app);
    return true;
  } catch (error) {
    fail(app, app.t("runs:notSaved"), error);
    return false;
  }
}

/** One run at a time: opening one does a part of it again. */
async function withRun(run: SavedRun, work: () => Promise<void>): Promise<void> {
  if (runsStore.getState().busy !== undefined) return;
  runsStore.setState({ busy: run.id });
  try {
    await work();
  } finally {
    runsStore.setState({ busy: undefined });
  }
}

export function openRun(app: AppServices, run: SavedRun): Promise<void> {
  return withRun(run, async () => {
    try {
      const how = { kind: "run", run: run.id } as const;
      const [mesh] = await app.host.request("meshes.open", how, FORK_TIMEOUT_MS);
      if (mesh !== undefined) app.switchMesh(mesh);
      app.prefs.getState().change({ view: "topology" });
    } catch (error) {
      fail(app, app.t("runs:notOpened"), error);
    }
  });
}

export function keepAsFile(app: AppServices, run: SavedRun): Promise<void> {
  return withRun(run, async () => {
    try {
      const { text } = await app.host.request("runs.read", { run: run.id });
      downloadText(`${run.id}.meshdeck`, text, "application/octet-stream");
    } catch (error) {
      fail(app, app.t("runs:notRead"), error);
    }
  });
}

export async function deleteRun(app: AppServices, run: SavedRun): Promise<void> {
  try {
    await app.host.request("runs.delete", { run: run.id });
    await loadRuns(app);
  } catch (error) {
    fail(app, app.t("runs:notDeleted"), error);
  }
}

/** Shows two meshes side by side. */
export function compareMeshes(app: AppServices, a: string | undefined, b: string): void {
  runsStore.setState({ tab: "compare", pair: { a, b } });
  app.prefs.getState().change({ view: "runs" });
}

/** A second mesh from the moment that is shown on. The host does the run again up to there. */
export async function forkHere(app: AppServices): Promise<void> {
  const state = app.console.getState();
  const description = activeListing(state)?.description;
  const { mesh } = state;
  if (mesh === undefined || description === undefined) return;
  if (runsStore.getState().forking !== undefined) return;
  const { seq, at: eventAt } = mesh.view;
  // A fork begins at an event, which may be earlier than the moment shown.
  const at = formatAt(eventAt, description.clock);
  const origin = mesh.id;
  const name = cleanText(description.name, 60);
  const toasts = app.toasts.getState();
  runsStore.setState({ forking: origin });
  const notice = toasts.show({
    tone: "info",
    text: app.t("runs:fork.busy", { name, at }),
    detail: app.t("runs:fork.busyText"),
  });
  try {
    const made = await app.host.request("mesh.fork", { mesh: origin, seq }, FORK_TIMEOUT_MS);
    app.switchMesh(made.mesh);
    toasts.show({
      tone: "success",
      text: app.t("runs:fork.done", { name, at }),
      detail: app.t("runs:fork.doneText"),
      forMs: TOLD_MS,
      action: {
        label: app.t("runs:fork.compare"),
        run: () => compareMeshes(app, origin, made.mesh),
      },
    });
  } catch (error) {
    fail(app, app.t("runs:fork.failed", { name }), error);
  } finally {
    runsStore.setState({ forking: undefined });
    toasts.dismiss(notice);
  }
}
