import type { MeshEventOf } from "#shared/contract/events.ts";
import type { AppServices } from "../../app/services.ts";
import type { MeshStore } from "../../state/mesh-store.ts";

/** A trace that takes longer has lost its way; the route is then not shown. */
const PATIENCE_MS = 15_000;

/** Traces a route and shows its path in the graph; says so when there is none. */
export async function traceRoute(app: AppServices, from: string, to: string): Promise<void> {
  const { mesh } = app.console.getState();
  if (mesh === undefined) return;
  const since = mesh.live.seq;
  const arrived = nextRoute(mesh, { from, to, since });
  if (!(await app.perform({ type: "route.trace", from, to }, { quiet: true }))) return;
  const route = await arrived;
  if (route === undefined) return;
  app.selection.getState().showRoute(route.path);
  const path = route.path.join(" → ");
  app.toasts.getState().show(
    route.ok
      ? {
          tone: "success",
          text: app.t("faults:trace.found", { path, count: route.path.length - 1 }),
          forMs: 8_000,
        }
      : { tone: "warn", text: app.t("faults:trace.lost", { to }), detail: path, forMs: 8_000 },
  );
}

interface Wanted {
  readonly from: string;
  readonly to: string;
  /** Only events after this one count. */
  readonly since: number;
}

function nextRoute(
  mesh: MeshStore,
  { from, to, since }: Wanted,
): Promise<MeshEventOf<"route.traced"> | undefined> {
  return new Promise((resolve) => {
    const finish = (event: MeshEventOf<"route.traced"> | undefined): void => {
      clearTimeout(timer);
      leave();
      resolve(event);
    };
    const timer = setTimeout(() => finish(undefined), PATIENCE_MS);
    const leave = mesh.subscribe(() => {
      const { entries } = mesh.live.timeline;
      for (let i = entries.length - 1; i >= 0; i -= 1) {
        const event = entries[i];
        if (event === undefined || event.seq <= since) return;
        if (event.type === "route.traced" && event.node === from && event.to === to) finish(event);
      }
    });
  });
}
