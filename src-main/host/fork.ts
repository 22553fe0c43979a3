/**
 * A second mesh with the same past: the run is done again up to an event, in slices short enough
 * that the host stays responsive, and every event is compared with the one it was before.
 */
import { setImmediate } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import { Rerun } from "#main/sim/recording/rerun.ts";
import type { MeshSource } from "#main/sources/mesh-source.ts";
import type { SimEngine } from "./sim-engine.ts";

/** Work between two turns of everything else. */
const SLICE_MS = 8;
const PORTION_STEPS = 32;
/** A fork that takes longer is given up. */
export const MAX_REBUILD_MS = 120_000;
/** Events that may wait to be compared; then they are, before the run goes on. */
const MAX_UNCOMPARED = 200;

export interface RebuildOptions {
  readonly monotonicMs: () => number;
  /** Asked between slices. */
  readonly cancelled: () => boolean;
}

/** What `source` has to say of its past; `MeshError` where there is nothing to be repeated. */
export async function pastOf(source: MeshSource): ReturnType<NonNullable<MeshSource["past"]>> {
  if (source.past !== undefined) return source.past();
  const message =
    "Only a simulated run can be done again, and so be forked: this mesh lives elsewhere.";
  throw new MeshError("not-supported", message);
}

/** Throws `MeshError` "history-gone" for an event that has not happened or is no longer kept. */
export async function requireEvent(source: MeshSource, seq: number): Promise<void> {
  const [event] = await source.events(seq, 1);
  if (event?.seq === seq) return;
  throw new MeshError("history-gone", `Event ${seq} of this mesh has not happened.`);
}

/** Compares the events of a run that is done again with those of the original. */
export class Comparison {
  readonly #original: MeshSource;
  #waiting: MeshEvent[] = [];

  constructor(original: MeshSource) {
    this.#original = original;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Every event of the new run, in order. */
  observe(event: MeshEvent): void {
    this.#waiting.push(event);
  }

  /** Throws `MeshError` "bad-recording" that names the first event that is another one. */
  async check(): Promise<void> {
    const [first] = this.#waiting;
    if (first === undefined) return;
    const again = this.#waiting;
    this.#waiting = [];
    const before = await this.#before(first.seq, again.length);
    for (const [index, event] of again.entries()) {
      const known = before[index];
      if (known !== undefined && !same(known, event)) throw differs(event.seq);
    }
  }

  /** None where the original no longer keeps them: a later one would tell of any difference. */
  async #before(seq: number, count: number): Promise<readonly MeshEvent[]> {
    try {
      return await this.#original.events(seq, count);
    } catch (error) {
      if (error instanceof MeshError && error.code === "history-gone") return [];
      throw error;
    }
  }
}

/** Takes `engine`, which was just made, to the step or command that gave event `seq`. */
export async function rebuild(
  engine: SimEngine,
  what: {
    readonly commands: ConstructorParameters<typeof Rerun>[1];
    readonly seq: number;
    readonly comparison: Comparison;
  },
  { monotonicMs, cancelled }: RebuildOptions,
): Promise<void> {
  const { commands, seq, comparison } = what;
  const rerun = new Rerun(engine.mesh, commands, { seq });
  const deadline = monotonicMs() + MAX_REBUILD_MS;
  for (let done = false; !done; ) {
    const sliceEnd = monotonicMs() + SLICE_MS;
    while (!done && comparison.waiting < MAX_UNCOMPARED && monotonicMs() < sliceEnd) {
      done = rerun.advance(PORTION_STEPS);
    }
    await comparison.check();
    if (cancelled()) throw new MeshError("closed", "The host is closing.");
    if (monotonicMs() > deadline) throw tooLong();
    await setImmediate();
  }
}

/** As they would be read from a file: a field without a value is no field. */
function same(one: MeshEvent, other: MeshEvent): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));
}

function differs(seq: number): MeshError {
  const message =
    `The run cannot be done again: event ${seq} came out differently. ` +
    "Was it made by another version?";
  return new MeshError("bad-recording", message);
}

function tooLong(): MeshError {
  const seconds = MAX_REBUILD_MS / 1_000;
  const message = `To do the run again takes more than ${seconds} s; fork at an earlier event.`;
  return new MeshError("too-large", message);
}
