import { useState } from "react";
import type { OpenMeshInput } from "#shared/contract/protocol.ts";
import { MeshError } from "#shared/contract/errors.ts";
import { useApp } from "../../app/context.ts";
import { cleanText } from "../../ui/text.ts";
import { openDialog } from "./dialogs.ts";
import { openMesh } from "./open-mesh.ts";

export interface Opening {
  readonly busy: boolean;
  /** What the host said, after the words for its code. */
  readonly error: string | undefined;
  readonly open: (request: OpenMeshInput) => Promise<void>;
}

/** Opens a mesh, shows it and closes the dialog; what goes wrong stays in the dialog. */
export function useOpen(): Opening {
  const app = useApp();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  return {
    busy,
    error,
    async open(request) {
      setBusy(true);
      setError(undefined);
      try {
        await openMesh(app, request, "topology");
        openDialog(undefined);
      } catch (problem) {
        const code = problem instanceof MeshError ? problem.code : "internal";
        const said = problem instanceof Error ? cleanText(problem.message, 400) : "";
        setError(`${app.t(`app:error.${code}`)} ${said}`);
      } finally {
        setBusy(false);
      }
    },
  };
}
