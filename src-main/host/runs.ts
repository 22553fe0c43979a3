/** Runs without a host: scenarios and recordings at full speed, over the real nodes. */
import { isDeepStrictEqual } from "node:util";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import { MAX_FRAME_BYTES } from "#shared/contract/protocol.ts";
import type { Scenario } from "#shared/scenario/scenario.ts";
import { formatRecording, parseRecording } from "#main/sim/recording/format.ts";
import { recordingOf, replay, type ReplayResult } from "#main/sim/recording/replay.ts";
import { ScenarioRun, withSeed } from "#main/sim/scenario/runner.ts";
import { namedError, readTextFile } from "./scenario-file.ts";
import { meshFactory } from "#main/sim/mesh-factory.ts";
import { MESHDECK_VERSION } from "./version.ts";

export type { ScenarioResult, ScenarioRun } from "#main/sim/scenario/runner.ts";

type EventSink = (event: MeshEvent) => void;

export function startScenario(
  scenario: Scenario,
  seed: number | undefined,
  sink: EventSink,
): ScenarioRun {
  const seeded = seed === undefined ? scenario : withSeed(scenario, seed);
  return new ScenarioRun(seeded, { factory: meshFactory, sink });
}

/** `events`: all events of the run. */
export function recordRun(run: ScenarioRun, events: readonly MeshEvent[]): string {
  return formatRecording(recordingOf(run.mesh, events, MESHDECK_VERSION));
}

export interface FileReplay extends ReplayResult {
  /** The first event that is not the recorded one; absent when all are. */
  readonly differsAt?: number;
}

/** Throws `MeshError` "bad-recording" that names the file. */
export function replayFile(path: string, sink: EventSink): FileReplay {
  const text = readTextFile(path, MAX_RECORDING_BYTES, "bad-recording");
  try {
    const recording = parseRecording(text);
    let differsAt: number | undefined;
    const result = replay(recording, {
      factory: meshFactory,
      sink: (event) => {
        sink(event);
        const recorded = recording.events[event.seq - 1];
        const again: unknown = JSON.parse(JSON.stringify(event));
        if (differsAt === undefined && !isDeepStrictEqual(recorded, again)) differsAt = event.seq;
      },
    });
    return differsAt === undefined ? result : { ...result, same: false, differsAt };
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    // Of this command it is the file that is wrong, whichever side is older.
    const { code, message } = error;
    const asFile = code === "version-mismatch" ? new MeshError("bad-recording", message) : error;
    throw namedError(asFile, path);
  }
}

const MAX_RECORDING_BYTES = 32 * MAX_FRAME_BYTES;
