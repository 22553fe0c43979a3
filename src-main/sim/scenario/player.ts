/**
 * Carries the steps of a scenario out as virtual time passes, whoever drives that time: a run at
 * full speed, or a person who plays, pauses and goes event by event. What it does are commands, so
 * a recording of the run needs no scenario to be repeated.
 */
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import { formatDuration } from "#shared/scenario/duration.ts";
import { describePattern, matchesEvent } from "#shared/scenario/pattern.ts";
import type { ScenarioStep } from "#shared/scenario/scenario.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { SimMesh } from "../mesh/sim-mesh.ts";

/** Who the commands of a scenario come from, in the event stream. */
const ACTOR = "scenario";

export interface PlayerListener {
  /** A step is about to be carried out. */
  stepBegins(id: string | undefined, at: Micros): void;
  /** A step could not be carried out, or was not refused as it should have been. */
  failed(why: string, at: Micros): void;
}

type Explanation = NonNullable<ScenarioStep["explain"]>;

export class ScenarioPlayer {
  readonly #steps: readonly ScenarioStep[];
  readonly #listener: PlayerListener;
  /** Steps that explain something. */
  readonly total: number;
  #said = 0;
  #next = 0;
  /** When the next step is due; `undefined` while its event is awaited. */
  #due: Micros | undefined;
  #armedAt: Micros = 0;
  #pause = false;

  constructor(steps: readonly ScenarioStep[], listener: PlayerListener) {
    this.#steps = steps;
    this.#listener = listener;
    this.total = steps.filter((step) => step.explain !== undefined).length;
    this.#due = this.nextStep?.at;
  }

  /** The step that comes next; `undefined` when all were carried out. */
  get nextStep(): ScenarioStep | undefined {
    return this.#steps[this.#next];
  }

  /** Explanations given so far. */
  get said(): number {
    return this.#said;
  }

  /** Whether a step asked for a pause that was not taken yet. */
  get pausing(): boolean {
    return this.#pause;
  }

  /** Whether the last step asked for a pause; forgets it. */
  takePause(): boolean {
    const pause = this.#pause;
    this.#pause = false;
    return pause;
  }

  /** Every event of the mesh, in order. */
  observe(event: MeshEvent): void {
    const awaited = this.nextStep?.after;
    if (awaited !== undefined && this.#due === undefined && matchesEvent(awaited.event, event)) {
      this.#due = event.at + awaited.wait;
    }
  }

  /**
   * Goes on towards the next step, over at most `maxSteps` events of the world, and carries it out
   * when its time has come. False when `limit` came first.
   */
  approach(mesh: SimMesh, limit: Micros, maxSteps: number = Number.POSITIVE_INFINITY): boolean {
    const step = this.nextStep;
    if (step === undefined) {
      return false;
    }
    if (this.#due === undefined && step.after !== undefined) {
      return this.#await(mesh, step.after, limit);
    }
    const due = Math.max(this.#due ?? 0, mesh.now);
    const handled = mesh.runUntil(Math.min(due, limit), maxSteps);
    if (handled >= maxSteps) {
      return true;
    }
    if (due > limit) {
      return false;
    }
    this.#carryOut(mesh, step);
    return true;
  }

  /** One event, so that the step comes right after the one it waits for. */
  #await(mesh: SimMesh, after: NonNullable<ScenarioStep["after"]>, limit: Micros): boolean {
    const deadline = this.#armedAt + after.within;
    const handled = mesh.runUntil(Math.min(deadline, limit), 1);
    if (this.#due !== undefined || handled > 0) {
      return true;
    }
    if (limit < deadline) {
      return false;
    }
    const what = `${describePattern(after.event)} within ${formatDuration(after.within)}`;
    const why = `step ${this.#next + 1} waited for ${what}, which did not come`;
    this.#next = this.#steps.length;
    this.#listener.failed(why, mesh.now);
    return true;
  }

  #carryOut(mesh: SimMesh, step: ScenarioStep): void {
    const number = this.#next + 1;
    if (step.explain !== undefined) {
      this.#say(mesh, step, step.explain);
    }
    this.#next++;
    this.#armedAt = mesh.now;
    this.#due = this.nextStep?.at;
    this.#listener.stepBegins(step.id, mesh.now);
    if (step.command === undefined) {
      return;
    }
    const refused = execute(mesh, step.command);
    if (refused?.code === step.refused) {
      return;
    }
    const why =
      refused === undefined
        ? `step ${number} was to be refused with ${step.refused}, but was carried out`
        : `step ${number} was refused: ${refused.message} (${refused.code})`;
    this.#listener.failed(why, mesh.now);
  }

  #say(mesh: SimMesh, { id, point, pause }: ScenarioStep, { en, zh }: Explanation): void {
    const index = this.#said++;
    this.#pause ||= pause;
    execute(mesh, {
      type: "lesson.say",
      index,
      total: this.total,
      ...(id === undefined ? {} : { id }),
      en,
      ...(zh === undefined ? {} : { zh }),
      ...(point === undefined ? {} : { point }),
      pause,
    });
  }
}

function execute(mesh: SimMesh, command: Parameters<SimMesh["execute"]>[0]): MeshError | undefined {
  try {
    mesh.execute(command, ACTOR);
    return undefined;
  } catch (error) {
    if (error instanceof MeshError) {
      return error;
    }
    throw error;
  }
}
