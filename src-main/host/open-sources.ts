/** Picks what stands behind a mesh. The only place that knows all kinds of sources. */
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshOptions } from "#shared/contract/mesh-options.ts";
import { unreachable } from "#main/kernel/assert.ts";
import { StoredArchive } from "#main/sources/history/stored-archive.ts";
import type { MeshSource } from "#main/sources/mesh-source.ts";
import { RecordingSource } from "#main/sources/recording/recording-source.ts";
import { SimulatedSource } from "#main/sources/simulated/simulated-source.ts";
import type { SegmentStore } from "#main/storage/segment-store.ts";
import type { OpenSources } from "./mesh-catalogue.ts";
import { createSimEngine } from "./sim-engine.ts";

export interface SourceEnvironment {
  readonly onSinkError: (error: unknown) => void;
  /** For the older past of meshes that run long; absent: it is forgotten. */
  readonly segments: SegmentStore | undefined;
}

export function createSourceOpener(environment: SourceEnvironment): OpenSources {
  return async (how, takeId) => {
    switch (how.kind) {
      case "simulated":
        return [openSimulated(how.options, takeId(how.options.name), environment)];
      case "remote": {
        const { openRemote } = await import("#main/sources/remote/open-remote.ts");
        return openRemote({
          ...how,
          hub: { onSinkError: environment.onSinkError },
          takeId,
          wallMs: Date.now,
        });
      }
      case "serf": {
        const { openSerf } = await import("#main/sources/serf/open-serf.ts");
        const id = takeId("serf");
        const hub = { onSinkError: environment.onSinkError, archive: archiveOf(id, environment) };
        return [await openSerf({ ...how, id, hub, wallMs: Date.now })];
      }
      case "recording":
        return [openRecording(how.text, takeId, environment)];
      case "lesson":
      case "run":
        throw new MeshError("not-supported", "This host has no lessons and no saved runs yet.");
      default:
        return unreachable(how);
    }
  };
}

function openRecording(
  text: string,
  takeId: (wish: string) => string,
  { onSinkError }: SourceEnvironment,
): MeshSource {
  return new RecordingSource({ id: takeId("recording"), text, onSinkError });
}

function openSimulated(
  options: MeshOptions,
  id: string,
  environment: SourceEnvironment,
): MeshSource {
  const { onSinkError } = environment;
  return new SimulatedSource({
    id,
    name: options.name,
    engine: (sink) => createSimEngine(options, sink),
    archive: archiveOf(id, environment),
    onSinkError,
    monotonicMs: () => performance.now(),
    wallMs: Date.now,
  });
}

function archiveOf(id: string, { segments }: SourceEnvironment): StoredArchive | undefined {
  return segments === undefined ? undefined : new StoredArchive(segments, id);
}
