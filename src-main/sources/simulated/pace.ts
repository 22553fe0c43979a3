/**
 * How fast virtual time goes: `ratio` µs of mesh time per µs of real time. Real time is handed in,
 * in milliseconds. When the machine cannot keep up, the debt is forgiven rather than piled up, and
 * what was really reached is measured.
 */
import { MICROS_PER_MS, type Micros } from "#main/kernel/time.ts";

/** Behind by more than this much real time: forget it, or a pause would follow in one burst. */
const MAX_DEBT_MS = 100;
/** The reached ratio is measured over this long. */
const MEASURE_MS = 1_000;
/** Below this part of the wanted ratio the shortfall is worth telling. */
const TELL_BELOW = 0.95;

interface Mark {
  readonly realMs: number;
  readonly at: Micros;
}

export class Pace {
  #ratio = 1;
  #playing = false;
  #anchor: Mark = { realMs: 0, at: 0 };
  #marks: Mark[] = [];

  get ratio(): number {
    return this.#ratio;
  }

  get playing(): boolean {
    return this.#playing;
  }

  play(realMs: number, at: Micros): void {
    this.#playing = true;
    this.#restart(realMs, at);
  }

  pause(): void {
    this.#playing = false;
    this.#marks = [];
  }

  setRatio(ratio: number, realMs: number, at: Micros): void {
    this.#ratio = ratio;
    this.#restart(realMs, at);
  }

  /** The virtual time that should be reached by now. */
  target(realMs: number): Micros {
    const passedMs = Math.max(0, realMs - this.#anchor.realMs);
    return this.#anchor.at + Math.floor(passedMs * MICROS_PER_MS * this.#ratio);
  }

  /** Tells what was reached by now; forgives what is owed beyond a short while. */
  reached(realMs: number, at: Micros): void {
    const debtMs = (this.target(realMs) - at) / (MICROS_PER_MS * this.#ratio);
    if (debtMs > MAX_DEBT_MS) this.#anchor = { realMs, at };
    this.#marks.push({ realMs, at });
    while (this.#marks.length > 2 && (this.#marks[1]?.realMs ?? realMs) <= realMs - MEASURE_MS) {
      this.#marks.shift();
    }
  }

  /** Mesh time per real time over the last second; `undefined` when it is as wanted or unknown. */
  shortfall(): number | undefined {
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    if (first === undefined || last === undefined) return undefined;
    const passedMs = last.realMs - first.realMs;
    if (passedMs < MEASURE_MS) return undefined;
    const ratio = (last.at - first.at) / (passedMs * MICROS_PER_MS);
    return ratio < this.#ratio * TELL_BELOW ? ratio : undefined;
  }

  #restart(realMs: number, at: Micros): void {
    this.#anchor = { realMs, at };
    this.#marks = [];
  }
}
