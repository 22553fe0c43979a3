/** The promises of a scenario about single events, followed while the run goes on. */
import type { MeshEvent } from "#shared/contract/events.ts";
import { formatDuration } from "#shared/scenario/duration.ts";
import type { Expectation } from "#shared/scenario/expectation.ts";
import { describePattern, type EventPattern, matchesEvent } from "#shared/scenario/pattern.ts";
import type { Micros } from "#main/kernel/time.ts";

type ExpectationOf<K extends Expectation["kind"]> = Extract<Expectation, { kind: K }>;

/** Why a promise was not kept, and when that was certain. */
export interface Broken {
  readonly why: string;
  readonly at: Micros;
}

export interface Tracker {
  readonly expectation: Expectation;
  /** A step is about to be executed; `undefined` stands for the start of the run. */
  stepBegins(id: string | undefined, at: Micros): void;
  observe(event: MeshEvent): void;
  /** Until when the run has to go on for a fair verdict; 0 when it is settled already. */
  readonly waitsUntil: Micros;
  /** `end`: when the run was over. */
  verdict(end: Micros): Broken | undefined;
}

export class EventTracker implements Tracker {
  readonly expectation: ExpectationOf<"event">;
  #openedAt: Micros | undefined;
  #count = 0;
  #tooManyAt: Micros | undefined;

  constructor(expectation: ExpectationOf<"event">) {
    this.expectation = expectation;
  }

  stepBegins(id: string | undefined, at: Micros): void {
    if (id === this.expectation.after) {
      this.#openedAt = at;
    }
  }

  observe(event: MeshEvent): void {
    const { within, atMost, event: pattern } = this.expectation;
    if (this.#openedAt === undefined || event.at > this.#openedAt + within) {
      return;
    }
    if (!matchesEvent(pattern, event)) {
      return;
    }
    this.#count++;
    if (atMost !== undefined && this.#count > atMost) {
      this.#tooManyAt ??= event.at;
    }
  }

  get waitsUntil(): Micros {
    const { atLeast, atMost, within } = this.expectation;
    const settled = this.#count >= atLeast && atMost === undefined;
    return this.#openedAt === undefined || settled ? 0 : this.#openedAt + within;
  }

  verdict(end: Micros): Broken | undefined {
    const { after, atLeast, atMost, within, event } = this.expectation;
    if (this.#openedAt === undefined) {
      return { why: `step ${after ?? ""} was never reached`, at: end };
    }
    const since = after === undefined ? "the start" : `step ${after}`;
    const what = `${describePattern(event)} within ${formatDuration(within)} of ${since}`;
    if (this.#tooManyAt !== undefined) {
      const why = `${what} came ${this.#count} times, more than ${atMost}`;
      return { why, at: this.#tooManyAt };
    }
    if (this.#count >= atLeast) {
      return undefined;
    }
    const why =
      atLeast === 1 ? `${what} did not come` : `${what} came ${this.#count} times, not ${atLeast}`;
    return { why, at: Math.min(end, this.#openedAt + within) };
  }
}

export class NeverTracker implements Tracker {
  readonly expectation: ExpectationOf<"never">;
  readonly waitsUntil = 0;
  #open = false;
  #broken: Broken | undefined;

  constructor(expectation: ExpectationOf<"never">) {
    this.expectation = expectation;
  }

  stepBegins(id: string | undefined): void {
    if (id === this.expectation.from) {
      this.#open = true;
    } else if (id !== undefined && id === this.expectation.until) {
      this.#open = false;
    }
  }

  observe(event: MeshEvent): void {
    if (this.#open && this.#broken === undefined && matchesEvent(this.expectation.never, event)) {
      const why = `${describePattern(this.expectation.never)} came, as event ${event.seq}`;
      this.#broken = { why, at: event.at };
    }
  }

  verdict(): Broken | undefined {
    return this.#broken;
  }
}

/** How many events of the whole run match. */
export class EventCounter {
  readonly pattern: EventPattern;
  count = 0;

  constructor(pattern: EventPattern) {
    this.pattern = pattern;
  }

  observe(event: MeshEvent): void {
    if (matchesEvent(this.pattern, event)) {
      this.count++;
    }
  }
}
