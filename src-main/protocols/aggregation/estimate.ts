import type { Estimate, Estimates, Extremes, Mass, Share } from "./types.ts";

/** Estimates of others that tell how far apart the nodes still are; fewer tell nothing. */
export const HEARD = 6;
/** Rounds over which the own estimate must not have moved either. */
const THOUGHT = 3;
/** An estimate that may be off by half of itself tells nothing, and is not told. */
const MEANINGLESS = 0.5;

export const UNKNOWN: Estimate = { value: null, error: null };

export const NOTHING: Estimates = {
  count: UNKNOWN,
  sum: UNKNOWN,
  mean: UNKNOWN,
  min: UNKNOWN,
  max: UNKNOWN,
};

/** Push-sum's estimates of one share: null where there is no weight yet. */
export interface Ratios {
  readonly count: number | null;
  readonly sum: number | null;
  readonly mean: number | null;
}

export interface EstimateRules {
  /** Rounds for which the extremes must have held. */
  readonly settledRounds: number;
  /** Whether there is no other node to hear from. */
  readonly alone: boolean;
}

export function ratiosOf({ weight, sum }: Share, rootWeight: number): Ratios {
  return {
    count: rootWeight > 0 ? weight / rootWeight : null,
    sum: rootWeight > 0 ? sum / rootWeight : null,
    mean: weight > 0 ? sum / weight : null,
  };
}

/**
 * How far `own` may still be off, relative to it: the farthest of what others said lately and of
 * what this node thought itself. Null where one of them had no estimate yet.
 */
export function convergenceError(own: number, others: readonly (number | null)[]): number | null {
  let farthest = 0;
  for (const other of others) {
    if (other === null) {
      return null;
    }
    farthest = Math.max(farthest, Math.abs(other - own));
  }
  const error = farthest === 0 ? 0 : farthest / Math.abs(own);
  return Number.isFinite(error) ? error : null;
}

/** How one metric's estimates came about within the epoch. */
export class Convergence {
  #heard: Ratios[] = [];
  #thought: Ratios[] = [];
  #roundsUnchanged = 0;
  #lastExtremes: Extremes | null = null;

  /** What a peer's transfer says. */
  hear(ratios: Ratios): void {
    this.#heard = [...this.#heard, ratios].slice(-HEARD);
  }

  endRound({ rootWeight }: Mass, share: Share): void {
    this.#thought = [...this.#thought, ratiosOf(share, rootWeight)].slice(-THOUGHT);
    const { min, max } = share.extremes ?? {};
    const unchanged = min === this.#lastExtremes?.min && max === this.#lastExtremes?.max;
    this.#roundsUnchanged = unchanged ? this.#roundsUnchanged + 1 : 0;
    this.#lastExtremes = share.extremes;
  }

  /** Nobody else has to be heard by a node that is `alone`. */
  estimates({ rootWeight }: Mass, share: Share, rules: EstimateRules): Estimates {
    if (!rules.alone && this.#heard.length < HEARD) {
      return NOTHING;
    }
    const now = ratiosOf(share, rootWeight);
    const settled = this.#roundsUnchanged >= rules.settledRounds ? share.extremes : null;
    return {
      count: this.#estimate("count", now),
      sum: this.#estimate("sum", now),
      mean: this.#estimate("mean", now),
      min: settled === null ? UNKNOWN : { value: settled.min, error: 0 },
      max: settled === null ? UNKNOWN : { value: settled.max, error: 0 },
    };
  }

  #estimate(which: keyof Ratios, now: Ratios): Estimate {
    const own = now[which];
    if (own === null || this.#thought.length < THOUGHT) {
      return UNKNOWN;
    }
    const others = [...this.#heard, ...this.#thought].map((one) => one[which]);
    const error = convergenceError(own, others);
    return error === null || error > MEANINGLESS ? UNKNOWN : { value: own, error };
  }
}
