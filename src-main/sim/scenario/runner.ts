/** Runs a scenario over a simulated mesh: its steps in order, its promises followed. */
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshEvent, MeshEventType } from "#shared/contract/events.ts";
import { checkFinal, checkMetric } from "#shared/scenario/check.ts";
import { formatDuration } from "#shared/scenario/duration.ts";
import type { Expectation } from "#shared/scenario/expectation.ts";
import { describePattern, matchesEvent } from "#shared/scenario/pattern.ts";
import type { Scenario, ScenarioStep } from "#shared/scenario/scenario.ts";
import { emptyView } from "#shared/view/empty.ts";
import { fold } from "#shared/view/fold.ts";
import type { MeshView } from "#shared/view/model.ts";
import type { Micros } from "#main/kernel/time.ts";
import { SimMesh } from "../mesh/sim-mesh.ts";
import type { SimPorts } from "../types.ts";
import { type Broken, EventCounter, EventTracker, NeverTracker, type Tracker } from "./trackers.ts";

/** Who the commands of a scenario come from, in the event stream. */
const ACTOR = "scenario";
/** Events kept to show what was going on when a promise broke. */
const MAX_KEPT = 20_000;
const SHOWN_BEFORE = 12;
const SHOWN_AFTER = 3;

const NOT_SHOWN: ReadonlySet<MeshEventType> = new Set(["log", "metrics.sampled", "link.latency"]);

export interface ScenarioFailure {
  /** Absent for steps that could not be carried out, and for invariants. */
  readonly expectation?: Expectation;
  readonly why: string;
  readonly at: Micros;
  /** Noteworthy events before and just after that moment. */
  readonly around: readonly MeshEvent[];
}

export interface ScenarioResult {
  readonly ok: boolean;
  readonly failures: readonly ScenarioFailure[];
  /** Promises that were checked, invariants counted as one. */
  readonly checked: number;
  readonly at: Micros;
  readonly events: number;
  readonly delivered: number;
  readonly hash: string;
}

/** When a step that was not carried out yet is due; `undefined` while its event is awaited. */
type Due = Micros | undefined;

export class ScenarioRun {
  readonly scenario: Scenario;
  readonly view: MeshView = emptyView();
  readonly mesh: SimMesh;
  readonly #sink: SimPorts["sink"];
  readonly #trackers: readonly Tracker[];
  readonly #counters: readonly EventCounter[];
  readonly #kept: MeshEvent[] = [];
  readonly #failures: Omit<ScenarioFailure, "around">[] = [];
  #next = 0;
  #due: Due;
  #armedAt: Micros = 0;
  #end: Micros | undefined;
  #done = false;

  /** Throws `MeshError` "bad-options" where the options of the mesh contradict each other. */
  constructor(scenario: Scenario, ports: SimPorts) {
    this.scenario = scenario;
    this.#sink = ports.sink;
    this.#trackers = trackersOf(scenario.expect);
    this.#counters = countersOf(scenario.expect);
    this.#stepBegins(undefined, 0);
    this.mesh = new SimMesh(scenario.mesh, {
      factory: ports.factory,
      sink: (event) => this.#observe(event),
    });
  }

  get done(): boolean {
    return this.#done;
  }

  /** The step that comes next; `undefined` when all were carried out. */
  get nextStep(): ScenarioStep | undefined {
    return this.scenario.steps[this.#next];
  }

  /** Runs at full speed to the end. */
  finish(): ScenarioResult {
    this.advanceTo(Number.POSITIVE_INFINITY);
    return this.result();
  }

  /** Goes on to virtual time `limit` or to the end; true when it is over. */
  advanceTo(limit: Micros): boolean {
    while (!this.#done) {
      const step = this.nextStep;
      const stuck = step === undefined ? !this.#settle(limit) : !this.#approach(step, limit);
      if (stuck) {
        return false;
      }
    }
    return true;
  }

  /** Judges the run as it stands; ask when it is over. */
  result(): ScenarioResult {
    const failures = [...this.#failures, ...this.#broken()].map((failure) => ({
      ...failure,
      around: this.#around(failure.at),
    }));
    return {
      ok: failures.length === 0,
      failures,
      checked: this.scenario.expect.length + 1,
      at: this.mesh.now,
      events: this.mesh.seq,
      delivered: this.mesh.delivered,
      hash: this.mesh.traceHash,
    };
  }

  /** Towards the next step; false when `limit` came first. */
  #approach(step: ScenarioStep, limit: Micros): boolean {
    if (this.#due === undefined && step.after !== undefined) {
      return this.#await(step.after, limit);
    }
    const due = Math.max(this.#due ?? 0, this.mesh.now);
    this.mesh.runUntil(Math.min(due, limit));
    if (due > limit) {
      return false;
    }
    this.#carryOut(step);
    return true;
  }

  /** Event by event, so that the step comes right after the one it waits for. */
  #await(after: NonNullable<ScenarioStep["after"]>, limit: Micros): boolean {
    const deadline = this.#armedAt + after.within;
    while (this.#due === undefined) {
      const handled = this.mesh.runUntil(Math.min(deadline, limit), 1);
      if (this.#due !== undefined || handled > 0) {
        continue;
      }
      if (limit < deadline) {
        return false;
      }
      const what = `${describePattern(after.event)} within ${formatDuration(after.within)}`;
      const why = `step ${this.#next + 1} waited for ${what}, which did not come`;
      this.#failures.push({ why, at: this.mesh.now });
      this.#next = this.scenario.steps.length;
      return true;
    }
    return true;
  }

  #carryOut(step: ScenarioStep): void {
    const number = this.#next + 1;
    this.#next++;
    this.#stepBegins(step.id, this.mesh.now);
    if (step.command === undefined) {
      return;
    }
    const refused = this.#execute(step.command);
    if (refused?.code === step.refused) {
      return;
    }
    const why =
      refused === undefined
        ? `step ${number} was to be refused with ${step.refused}, but was carried out`
        : `step ${number} was refused: ${refused.message} (${refused.code})`;
    this.#failures.push({ why, at: this.mesh.now });
  }

  #execute(command: NonNullable<ScenarioStep["command"]>): MeshError | undefined {
    try {
      this.mesh.execute(command, ACTOR);
      return undefined;
    } catch (error) {
      if (error instanceof MeshError) {
        return error;
      }
      throw error;
    }
  }

  /** Lets the run go on after the last step, as long as promises are open; false at `limit`. */
  #settle(limit: Micros): boolean {
    this.#end ??= this.mesh.now + this.scenario.settle;
    const open = Math.max(0, ...this.#trackers.map((tracker) => tracker.waitsUntil));
    const end = Math.max(this.#end, open);
    this.mesh.runUntil(Math.min(this.mesh.now < this.#end ? this.#end : end, limit));
    this.#done = this.mesh.now >= end;
    return this.#done || this.mesh.now < limit;
  }

  /** Before a step: promises that refer to it open, and the step after it starts to wait. */
  #stepBegins(id: string | undefined, at: Micros): void {
    for (const tracker of this.#trackers) {
      tracker.stepBegins(id, at);
    }
    this.#armedAt = at;
    this.#due = this.nextStep?.at;
  }

  #observe(event: MeshEvent): void {
    fold(this.view, event);
    const awaited = this.nextStep?.after;
    if (awaited !== undefined && this.#due === undefined && matchesEvent(awaited.event, event)) {
      this.#due = event.at + awaited.wait;
    }
    for (const tracker of this.#trackers) {
      tracker.observe(event);
    }
    for (const counter of this.#counters) {
      counter.observe(event);
    }
    if (event.type === "invariant.violated") {
      const why = `invariant ${event.invariant} broken: ${event.message}`;
      this.#failures.push({ why, at: event.at });
    }
    if (!NOT_SHOWN.has(event.type)) {
      this.#kept.push(event);
    }
    if (this.#kept.length > 2 * MAX_KEPT) {
      this.#kept.splice(0, MAX_KEPT);
    }
    this.#sink(event);
  }

  #broken(): readonly Omit<ScenarioFailure, "around">[] {
    const end = this.mesh.now;
    const events = this.#trackers.flatMap((tracker) =>
      failuresOf(tracker.expectation, tracker.verdict(end)),
    );
    const values = this.scenario.expect.flatMap((expectation) => {
      const why = this.#judge(expectation);
      return failuresOf(expectation, why === undefined ? undefined : { why, at: end });
    });
    return [...events, ...values];
  }

  #judge(expectation: Expectation): string | undefined {
    switch (expectation.kind) {
      case "final":
        return checkFinal(this.view, expectation.final, () => this.#countOf(expectation));
      case "metric":
        return checkMetric(this.view, expectation.metric, expectation);
      default:
        return undefined;
    }
  }

  #countOf(expectation: Extract<Expectation, { kind: "final" }>): number {
    const { final } = expectation;
    const pattern = final.kind === "events" ? final.events : undefined;
    return this.#counters.find((counter) => counter.pattern === pattern)?.count ?? 0;
  }

  #around(at: Micros): readonly MeshEvent[] {
    const after = this.#kept.findIndex((event) => event.at > at);
    const middle = after < 0 ? this.#kept.length : after;
    return this.#kept.slice(Math.max(0, middle - SHOWN_BEFORE), middle + SHOWN_AFTER);
  }
}

/** At full speed, start to end. */
export function runScenario(scenario: Scenario, ports: SimPorts): ScenarioResult {
  return new ScenarioRun(scenario, ports).finish();
}

/** The same scenario with other dice. */
export function withSeed(scenario: Scenario, seed: number): Scenario {
  return { ...scenario, seed, mesh: { ...scenario.mesh, seed } };
}

function trackersOf(expectations: readonly Expectation[]): readonly Tracker[] {
  return expectations.flatMap((expectation): readonly Tracker[] => {
    switch (expectation.kind) {
      case "event":
        return [new EventTracker(expectation)];
      case "never":
        return [new NeverTracker(expectation)];
      default:
        return [];
    }
  });
}

function countersOf(expectations: readonly Expectation[]): readonly EventCounter[] {
  return expectations.flatMap((expectation) =>
    expectation.kind === "final" && expectation.final.kind === "events"
      ? [new EventCounter(expectation.final.events)]
      : [],
  );
}

function failuresOf(
  expectation: Expectation,
  broken: Broken | undefined,
): readonly Omit<ScenarioFailure, "around">[] {
  return broken === undefined ? [] : [{ expectation, ...broken }];
}
