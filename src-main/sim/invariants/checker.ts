import type { MeshEvent } from "#shared/contract/events.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { Traffic } from "../world/post.ts";

/** What checkers may know of the world; more than any node does. */
export interface Facts {
  readonly now: Micros;
  readonly inFlight: number;
  readonly traffic: Readonly<Traffic>;
  /** Since when the node's process has run without a pause; `undefined` when it does not. */
  runningSince(node: string): Micros | undefined;
  /** How long no fault has been in force; -1 while one is. */
  calmFor(): Micros;
  /** Counts that an invariant was looked at: a promise that is never checked is worth nothing. */
  checked(invariant: string): void;
}

export type Report = (violation: {
  readonly invariant: string;
  readonly message: string;
  readonly nodes: readonly string[];
}) => void;

/** Looks at everything that happens, changes nothing, and reports broken promises. */
export interface Checker {
  observe?(event: MeshEvent, facts: Facts, report: Report): void;
  afterStep?(facts: Facts, report: Report): void;
  /** At the end of a run that was left in peace. */
  atRest?(facts: Facts, report: Report): void;
}
