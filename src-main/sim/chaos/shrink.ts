/**
 * Makes a failing plan smaller while it keeps failing: delta debugging over its steps (Zeller and
 * Hildebrandt, 2002). What is left is the shortest list found, not the shortest there is.
 */
export interface Shrunk<Step> {
  readonly steps: readonly Step[];
  /** Runs that it took. */
  readonly runs: number;
}

/**
 * Hands out lists of steps to try, and wants to know of each whether the same thing still breaks.
 * So who drives it may rest between two runs, or end early: what was found so far fails too.
 */
export class Shrinking<Step> {
  readonly #maxRuns: number;
  #current: readonly Step[];
  #runs = 0;
  /** Into how many chunks the list is cut, and where the one begins that is left out next. */
  #parts = 2;
  #from = 0;

  /** `steps` fail. */
  constructor(steps: readonly Step[], maxRuns: number) {
    this.#current = steps;
    this.#maxRuns = maxRuns;
  }

  /** The smallest list found so far. */
  get found(): Shrunk<Step> {
    return { steps: this.#current, runs: this.#runs };
  }

  /** The next list to try; null when there is nothing more to leave out, or no run left. */
  next(): readonly Step[] | null {
    const { length } = this.#current;
    if (length === 0 || this.#runs >= this.#maxRuns) {
      return null;
    }
    if (this.#from >= length) {
      if (this.#size === 1) {
        return null;
      }
      this.#parts = Math.min(length, this.#parts * 2);
      this.#from = 0;
    }
    return this.#without();
  }

  /** Whether the list that `next` gave last still fails. */
  tried(fails: boolean): void {
    this.#runs++;
    if (fails) {
      this.#current = this.#without();
      this.#parts = Math.max(2, this.#parts - 1);
      this.#from = 0;
    } else {
      this.#from += this.#size;
    }
  }

  get #size(): number {
    return Math.max(1, Math.ceil(this.#current.length / this.#parts));
  }

  /** The list without one chunk. */
  #without(): readonly Step[] {
    const rest = this.#current.slice(this.#from + this.#size);
    return [...this.#current.slice(0, this.#from), ...rest];
  }
}

/** `fails` says whether the same thing still breaks with these steps alone. */
export function shrinkSteps<Step>(
  steps: readonly Step[],
  fails: (steps: readonly Step[]) => boolean,
  maxRuns: number,
): Shrunk<Step> {
  const shrinking = new Shrinking(steps, maxRuns);
  for (let next = shrinking.next(); next !== null; next = shrinking.next()) {
    shrinking.tried(fails(next));
  }
  return shrinking.found;
}
