/** Makes failing runs smaller without keeping the process from everything else meanwhile. */
import { Shrinking, type Shrunk } from "#main/sim/chaos/shrink.ts";

export interface ShrinkLimits {
  readonly maxRuns: number;
  /** Awaited before each run; false ends the search, with what was found so far. */
  readonly goOn: () => Promise<boolean>;
}

/** `fails` says whether the same thing still breaks with these steps alone. */
export async function shrinkWith<Step>(
  steps: readonly Step[],
  fails: (steps: readonly Step[]) => boolean,
  { maxRuns, goOn }: ShrinkLimits,
): Promise<Shrunk<Step>> {
  const shrinking = new Shrinking(steps, maxRuns);
  for (let next = shrinking.next(); next !== null; next = shrinking.next()) {
    if (!(await goOn())) break;
    shrinking.tried(fails(next));
  }
  return shrinking.found;
}
