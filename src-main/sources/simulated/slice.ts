/**
 * One stretch of simulating. A step may take a microsecond or a millisecond, so the number of
 * steps between two looks at the clock follows how long the last ones took.
 */
import type { Micros } from "#main/kernel/time.ts";
import type { SimulatedEngine } from "./engine.ts";

/** Longest stretch before everything else gets its turn. */
const SLICE_MS = 8;
/** Steps between two looks at the clock should take about this long. */
const PORTION_MS = 1;
const MAX_PORTION_STEPS = 1_024;

export class Slicer {
  readonly #engine: Pick<SimulatedEngine, "runUntil">;
  readonly #monotonicMs: () => number;
  #steps = 1;

  constructor(engine: Pick<SimulatedEngine, "runUntil">, monotonicMs: () => number) {
    this.#engine = engine;
    this.#monotonicMs = monotonicMs;
  }

  /** Runs towards `target`; true when it was reached. */
  run(target: Micros): boolean {
    const end = this.#monotonicMs() + SLICE_MS;
    for (;;) {
      const wanted = this.#steps;
      const beganMs = this.#monotonicMs();
      const reached = this.#engine.runUntil(target, wanted) < wanted;
      const nowMs = this.#monotonicMs();
      this.#adapt(nowMs - beganMs);
      if (reached || nowMs >= end) return reached;
    }
  }

  #adapt(tookMs: number): void {
    if (tookMs > PORTION_MS * 2) this.#steps = Math.max(1, this.#steps >> 1);
    else if (tookMs < PORTION_MS) this.#steps = Math.min(MAX_PORTION_STEPS, this.#steps << 1);
  }
}
