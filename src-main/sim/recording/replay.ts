import type { MeshEvent } from "#shared/contract/events.ts";
import { SimMesh } from "../mesh/sim-mesh.ts";
import type { SimPorts } from "../types.ts";
import { type Recording, RECORDING_VERSION } from "./format.ts";
import { Rerun } from "./rerun.ts";

/** What a run has to show for itself; `events` are all of its events, from the first on. */
export function recordingOf(mesh: SimMesh, events: readonly MeshEvent[], build: string): Recording {
  const { options, commands, steps, now, traceHash } = mesh;
  return {
    header: { kind: "meshdeck-recording", version: RECORDING_VERSION, build, options },
    commands: commands.map((given) => ({ kind: "command", ...given })),
    events,
    end: {
      kind: "end",
      steps,
      at: now,
      hash: traceHash,
      commands: commands.length,
      events: events.length,
    },
  };
}

export interface ReplayResult {
  /** Where the replay stands at the end; it can go on from here. */
  readonly mesh: SimMesh;
  /** Whether everything happened again exactly as recorded. */
  readonly same: boolean;
  readonly hash: string;
}

/**
 * Does it all again: the same options, the same commands at the same steps. Events come out of
 * `ports.sink`. Throws `MeshError` "bad-recording" when a command stands where no run can be.
 */
export function replay(
  recording: Pick<Recording, "header" | "commands" | "end">,
  ports: SimPorts,
): ReplayResult {
  const { header, commands, end } = recording;
  const mesh = new SimMesh(header.options, ports);
  new Rerun(mesh, commands, end).advance(Number.POSITIVE_INFINITY);
  const hash = mesh.traceHash;
  const same = hash === end.hash && mesh.seq === end.events;
  return { mesh, same, hash };
}
