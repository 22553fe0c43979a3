import { MeshError } from "#shared/contract/errors.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import { SimMesh } from "../mesh/sim-mesh.ts";
import type { SimPorts } from "../types.ts";
import { type Recording, RECORDING_VERSION } from "./format.ts";

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
  for (const given of commands) {
    advance(mesh, given.steps, given.at);
    executeAgain(mesh, given);
  }
  advance(mesh, end.steps, end.at);
  const hash = mesh.traceHash;
  const same = hash === end.hash && mesh.seq === end.events;
  return { mesh, same, hash };
}

function advance(mesh: SimMesh, steps: number, at: number): void {
  while (mesh.steps < steps) {
    if (!mesh.stepEvent()) {
      throw elsewhere(steps, at);
    }
  }
  if (mesh.now < at) {
    mesh.runUntil(at, 1);
  }
  if (mesh.steps !== steps || mesh.now !== at) {
    throw elsewhere(steps, at);
  }
}

/** A command that was refused is refused again: that is part of the run. */
function executeAgain(mesh: SimMesh, given: Recording["commands"][number]): void {
  try {
    mesh.execute(given.command, given.actor);
  } catch (error) {
    if (!(error instanceof MeshError)) {
      throw error;
    }
  }
}

function elsewhere(steps: number, at: number): MeshError {
  const message = `the run cannot be repeated: it is not at step ${steps} at ${at} µs; was it made by another version?`;
  return new MeshError("bad-recording", message);
}
