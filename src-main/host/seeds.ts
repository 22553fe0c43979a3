/** Something that is run with many seeds, and made smaller where one of them fails. */
import type { ShrinkLimits } from "./shrinking.ts";

export interface SeedRun {
  readonly seed: number;
  readonly ok: boolean;
  readonly hash: string;
  /** What broke, in words. */
  readonly whys: readonly string[];
  /** Which promise broke first: equal for runs that fail alike. Empty when none did. */
  readonly failure: string;
  /** What could not be told about it. */
  readonly note?: string;
}

export interface SmallerStep {
  /** Place among all steps, from 1. */
  readonly place: number;
  /** Like "at 5s". */
  readonly when: string;
  /** A `MeshCommand` as JSON, or what else it does. */
  readonly what: string;
}

/** The shortest list of steps found that still fails in the same way. */
export interface SmallerRun {
  readonly steps: readonly SmallerStep[];
  /** Steps there were. */
  readonly of: number;
  /** Lists that were tried. */
  readonly runs: number;
}

export interface SeedSubject {
  run(seed: number): SeedRun;
  /** `control`: a seed that does not fail, if one is known. */
  shrink(failed: SeedRun, control: number | undefined, limits: ShrinkLimits): Promise<SmallerRun>;
}
