/** Runs a scenario over a simulated mesh: its steps in order, its promises followed. */
import type { MeshEvent, MeshEventType } from "#shared/contract/events.ts";
import { checkFinal, checkMetric } from "#shared/scenario/check.ts";
import type { Expectation } from "#shared/scenario/expectation.ts";
import type { Scenario } from "#shared/scenario/scenario.ts";
import { emptyView } from "#shared/view/empty.ts";
import { fold } from "#shared/view/fold.ts";
import type { MeshView } from "#shared/view/model.ts";
import type { Micros } from "#main/kernel/time.ts";
import { SimMesh } from "../mesh/sim-mesh.ts";
import type { SimPorts } from "../types.ts";
import { ScenarioPlayer } from "./player.ts";
import { type Broken, EventCounter, EventTracker, NeverTracker, type Tracker } from "./trackers.ts";

/** Events kept to show what was going on when a promise broke. */
const MAX_KEPT = 20_000;
const SHOWN_BEFORE = 12;
const SHOWN_AFTER = 3;

const NOT_SHOWN: ReadonlySet<MeshEventType> = new Set([
  "log",
  "metrics.sampled",
  "link.latency",
  "invariants.checked",
  "consensus.counted",
]);

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

export class ScenarioRun {
  readonly scenario: Scenario;
  readonly view: MeshView = emptyView();
  readonly mesh: SimMesh;
  readonly #sink: SimPorts["sink"];
  readonly #trackers: readonly Tracker[];
  readonly #counters: readonly EventCounter[];
  readonly #kept: MeshEvent[] = [];
  readonly #failures: Omit<ScenarioFailure, "around">[] = [];
  readonly #player: ScenarioPlayer;
  #end: Micros | undefined;
  #done = false;

  /** Throws `MeshError` "bad-options" where the options of the mesh contradict each other. */
  constructor(scenario: Scenario, ports: SimPorts) {
    this.scenario = scenario;
    this.#sink = ports.sink;
    this.#trackers = trackersOf(scenario.expect);
    this.#counters = countersOf(scenario.expect);
    this.#player = new ScenarioPlayer(scenario.steps, {
      stepBegins: (id, at) => this.#stepBegins(id, at),
      failed: (why, at) => this.#failures.push({ why, at }),
    });
    this.#stepBegins(undefined, 0);
    this.mesh = new SimMesh(scenario.mesh, {
      factory: ports.factory,
      sink: (event) => this.#observe(event),
    });
  }

  get done(): boolean {
    return this.#done;
  }

  /** Runs at full speed to the end. */
  finish(): ScenarioResult {
    this.advanceTo(Number.POSITIVE_INFINITY);
    return this.result();
  }

  /** Goes on to virtual time `limit` or to the end; true when it is over. */
  advanceTo(limit: Micros): boolean {
    while (!this.#done) {
      const settling = this.#player.nextStep === undefined;
      const onward = settling ? this.#settle(limit) : this.#player.approach(this.mesh, limit);
      if (!onward) {
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

  /** Lets the run go on after the last step, as long as promises are open; false at `limit`. */
  #settle(limit: Micros): boolean {
    this.#end ??= this.mesh.now + this.scenario.settle;
    const open = Math.max(0, ...this.#trackers.map((tracker) => tracker.waitsUntil));
    const end = Math.max(this.#end, open);
    this.mesh.runUntil(Math.min(this.mesh.now < this.#end ? this.#end : end, limit));
    this.#done = this.mesh.now >= end;
    return this.#done || this.mesh.now < limit;
  }

  /** Before a step: promises that refer to it open. */
  #stepBegins(id: string | undefined, at: Micros): void {
    for (const tracker of this.#trackers) {
      tracker.stepBegins(id, at);
    }
  }

  #observe(event: MeshEvent): void {
    fold(this.view, event);
    this.#player.observe(event);
    for (const tracker of this.#trackers) {
      tracker.observe(event);
    }
    for (const counter of this.#counters) {
      counter.observe(event);
    }
    if (event.type === "invariant.violated" && !this.#isBorne(event.invariant)) {
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

  #isBorne(invariant: string): boolean {
    return this.scenario.mayViolate.includes(invariant);
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
