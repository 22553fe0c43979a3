import type { OpenMeshInput } from "#shared/contract/protocol.ts";
import type { AppServices } from "../../app/services.ts";

/** Opens a mesh and shows it in a view. Throws what the host says. */
export async function openMesh(
  app: AppServices,
  request: OpenMeshInput,
  view: string,
): Promise<void> {
  const [first] = await app.host.request("meshes.open", request);
  if (first !== undefined) app.switchMesh(first);
  // A simulated mesh waits at its first moment; who opens one by hand wants to see it live.
  if (first !== undefined && request.kind === "simulated") {
    await app.host.request("mesh.command", { mesh: first, command: { type: "time.play" } });
  }
  app.prefs.getState().change({ view });
}
