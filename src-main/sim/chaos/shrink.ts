/**
 * Makes a failing plan smaller while it keeps failing: delta debugging over its steps (Zeller and
 * Hildebrandt, 2002). What is left is the shortest list found, not the shortest there is.
 */
export interface Shrunk<Step> {
  readonly steps: readonly Step[];
  /** Runs that it took. */
  readonly runs: number;
}

/** `fails` says whether the same thing still breaks with these steps alone. */
export function shrinkSteps<Step>(
  steps: readonly Step[],
  fails: (steps: readonly Step[]) => boolean,
  maxRuns: number,
): Shrunk<Step> {
  let current = steps;
  let runs = 0;
  let parts = 2;
  const stillFails = (candidate: readonly Step[]): boolean => {
    runs++;
    return fails(candidate);
  };
  while (current.length > 0 && runs < maxRuns) {
    const size = Math.ceil(current.length / parts);
    const without = firstFailing(current, size, (candidate) => {
      return runs < maxRuns && stillFails(candidate);
    });
    if (without !== null) {
      current = without;
      parts = Math.max(2, parts - 1);
    } else if (size === 1) {
      break;
    } else {
      parts = Math.min(current.length, parts * 2);
    }
  }
  return { steps: current, runs };
}

/** The steps without one chunk of `size`, the first that still fails. */
function firstFailing<Step>(
  steps: readonly Step[],
  size: number,
  fails: (steps: readonly Step[]) => boolean,
): readonly Step[] | null {
  for (let from = 0; from < steps.length; from += size) {
    const rest = [...steps.slice(0, from), ...steps.slice(from + size)];
    if (fails(rest)) {
      return rest;
    }
  }
  return null;
}
