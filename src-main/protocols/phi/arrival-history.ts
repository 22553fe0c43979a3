/** The past heartbeat intervals of one member, and the φ that follows from them. */
import type { Micros } from "#main/kernel/time.ts";
import { MICROS_PER_MS, ms } from "#main/kernel/time.ts";
import { phi } from "./formula.ts";
import type { PhiOptions } from "./options.ts";

export class ArrivalHistory {
  readonly #options: PhiOptions;
  /** A ring once it is full; grows as needed, so that a short life costs little. */
  readonly #intervalsMs: number[] = [];
  #oldest = 0;
  #sum = 0;
  #squaredSum = 0;
  #lastAt: Micros | null = null;
  /** The observer stood still until then; the silence before is its own. */
  #interruptedAt: Micros | null = null;

  constructor(options: PhiOptions) {
    this.#options = options;
    // Two pseudo-samples around the agreed interval: without any deviation to compare with, the
    // first silence would never be noticed.
    const mean = options.heartbeatIntervalMs;
    this.#record(mean - mean / 4);
    this.#record(mean + mean / 4);
  }

  get meanMs(): number {
    return this.#sum / this.#intervalsMs.length;
  }

  get stdDevMs(): number {
    const mean = this.meanMs;
    const variance = this.#squaredSum / this.#intervalsMs.length - mean * mean;
    return Math.sqrt(Math.max(0, variance));
  }

  get samples(): number {
    return this.#intervalsMs.length;
  }

  /**
   * A heartbeat came at `now`. The interval is recorded only when the member counted as available
   * until now: the gap that ends an outage says nothing about the heartbeats' rhythm.
   */
  heartbeat(now: Micros): void {
    const within = this.#interruptedAt === null && this.phi(now) < this.#options.threshold;
    if (this.#lastAt !== null && within) {
      this.#record((now - this.#lastAt) / MICROS_PER_MS);
    }
    const { heartbeatIntervalMs } = this.#options;
    if (this.#interruptedAt !== null && now - this.#interruptedAt >= ms(heartbeatIntervalMs)) {
      // What was waiting to be read came in one burst, which is over now.
      this.#interruptedAt = null;
    }
    this.#lastAt = now;
  }

  /**
   * The observer itself stood still until `now`: the silence counts from here, and the heartbeats
   * of the first interval, late and all at once, say nothing about their rhythm.
   */
  interrupted(now: Micros): void {
    this.#interruptedAt = now;
  }

  /** 0 before the first heartbeat. */
  phi(now: Micros): number {
    if (this.#lastAt === null) {
      return 0;
    }
    return this.phiSince(Math.max(this.#lastAt, this.#interruptedAt ?? 0), now);
  }

  /** φ at `now` if the last heartbeat had come at `since`. */
  phiSince(since: Micros, now: Micros): number {
    return phi(
      (now - since) / MICROS_PER_MS,
      this.meanMs + this.#options.acceptablePauseMs,
      Math.max(this.stdDevMs, this.#options.minStdDevMs),
    );
  }

  #record(intervalMs: number): void {
    if (this.#intervalsMs.length < this.#options.windowSize) {
      this.#intervalsMs.push(intervalMs);
    } else {
      const dropped = this.#intervalsMs[this.#oldest] ?? 0;
      this.#intervalsMs[this.#oldest] = intervalMs;
      this.#oldest = (this.#oldest + 1) % this.#options.windowSize;
      this.#sum -= dropped;
      this.#squaredSum -= dropped * dropped;
    }
    this.#sum += intervalMs;
    this.#squaredSum += intervalMs * intervalMs;
  }
}
