/** Picks what stands behind a mesh. The only place that knows all kinds of sources. */
import type { MeshDescription, MeshId } from "#shared/contract/description.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import type { MeshOptions } from "#shared/contract/mesh-options.ts";
import type { Scenario } from "#shared/scenario/scenario.ts";
import { assert, unreachable } from "#main/kernel/assert.ts";
import { StoredArchive } from "#main/sources/history/stored-archive.ts";
import type { MeshSource } from "#main/sources/mesh-source.ts";
import { RecordingSource } from "#main/sources/recording/recording-source.ts";
import { SimulatedSource } from "#main/sources/simulated/simulated-source.ts";
import type { SegmentStore } from "#main/storage/segment-store.ts";
import { Comparison, pastOf, rebuild, requireEvent } from "./fork.ts";
import type { OpenSources } from "./mesh-catalogue.ts";
import { SimEngine } from "./sim-engine.ts";

export interface SourceEnvironment {
  readonly onSinkError: (error: unknown) => void;
  /** For the older past of meshes that run long; absent: it is forgotten. */
  readonly segments: SegmentStore | undefined;
  readonly lessons?: { get(id: string): Scenario };
  readonly runs?: { read(id: string): Promise<string> };
}

export function createSourceOpener(environment: SourceEnvironment): OpenSources {
  return async (how, takeId) => {
    switch (how.kind) {
      case "simulated":
        return [openSimulated({ options: how.options }, takeId(how.options.name), environment)];
      case "lesson":
        return [openScenario(lessonOf(how.lesson, environment), takeId, environment)];
      case "scenario":
        return [openScenario(how.scenario, takeId, environment)];
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
        return [openRecording(how.text, takeId("recording"), environment)];
      case "run": {
        const text = await runOf(how.run, environment);
        return [openRecording(text, takeId(how.run), environment)];
      }
      case "fork":
        return [await openFork(how, takeId, environment)];
      default:
        return unreachable(how);
    }
  };
}

function lessonOf(id: string, { lessons }: SourceEnvironment): Scenario {
  if (lessons === undefined) throw new MeshError("not-supported", "There are no lessons here.");
  return lessons.get(id);
}

function runOf(id: string, { runs }: SourceEnvironment): Promise<string> {
  if (runs === undefined) throw new MeshError("not-supported", "No runs are saved here.");
  return runs.read(id);
}

function openRecording(
  text: string,
  id: MeshId,
  { onSinkError }: SourceEnvironment,
): RecordingSource {
  return new RecordingSource({ id, text, onSinkError });
}

type TakeId = Parameters<OpenSources>[1];

function openScenario(
  scenario: Scenario,
  takeId: TakeId,
  environment: SourceEnvironment,
): MeshSource {
  const { name, mesh: options, steps } = scenario;
  const origin = (): Pick<MeshDescription, "scenario"> => ({ scenario: name });
  return openSimulated({ options, steps, origin }, takeId(name), environment);
}

interface Simulation {
  readonly options: MeshOptions;
  /** Absent: that of the options. */
  readonly name?: string;
  readonly steps?: Scenario["steps"];
  readonly origin?: () => Pick<MeshDescription, "forkedFrom" | "scenario">;
  /** Told of the engine before its first event can be asked for. */
  readonly onEngine?: (engine: SimEngine) => void;
  readonly onEvent?: (event: MeshEvent) => void;
}

function openSimulated(
  simulation: Simulation,
  id: MeshId,
  environment: SourceEnvironment,
): SimulatedSource {
  const { onSinkError } = environment;
  const { options, name = options.name, steps = [], origin, onEngine, onEvent } = simulation;
  return new SimulatedSource({
    id,
    name,
    engine: (sink) => {
      const engine = new SimEngine(options, steps, (event) => {
        sink(event);
        onEvent?.(event);
      });
      onEngine?.(engine);
      return engine;
    },
    ...(origin === undefined ? {} : { origin }),
    archive: archiveOf(id, environment),
    onSinkError,
    monotonicMs: () => performance.now(),
    wallMs: Date.now,
  });
}

async function openFork(
  how: Extract<Parameters<OpenSources>[0], { kind: "fork" }>,
  takeId: TakeId,
  environment: SourceEnvironment,
): Promise<MeshSource> {
  const { original } = how;
  const seq = Math.max(1, how.seq);
  await requireEvent(original, seq);
  // Not before: the event may have come of a command of just now.
  const past = await pastOf(original);
  const { id: mesh, name: itsName } = original.describe();
  const name = how.name ?? `${itsName.slice(0, 120)} (fork)`;
  const comparison = new Comparison(original);
  let engine: SimEngine | undefined;
  let forkedFrom = { mesh, seq, at: 0 };
  const source = openSimulated(
    {
      options: past.options,
      name,
      origin: () => ({ forkedFrom }),
      onEngine: (made) => (engine = made),
      onEvent: (event) => comparison.observe(event),
    },
    takeId(name),
    environment,
  );
  try {
    assert(engine !== undefined, "a source makes its engine at once");
    const what = { commands: past.commands, seq, comparison };
    await rebuild(engine, what, { monotonicMs: () => performance.now(), ...how });
    forkedFrom = { mesh, seq: engine.mesh.seq, at: engine.now };
    return source;
  } catch (error) {
    await source.close();
    throw error;
  }
}

function archiveOf(id: string, { segments }: SourceEnvironment): StoredArchive | undefined {
  return segments === undefined ? undefined : new StoredArchive(segments, id);
}
