import type { Micros } from "#main/kernel/time.ts";
import { MICROS_PER_SECOND } from "#main/kernel/time.ts";

/** Lines a node may log in one second of mesh time; more are counted, not kept. */
export const MAX_LINES_PER_SECOND = 50;

interface Budget {
  second: number;
  lines: number;
  skipped: number;
}

export class LogLimit {
  readonly #budgets = new Map<string, Budget>();

  /**
   * Whether a line may pass. `skipped` says how many lines of an earlier second did not, once,
   * with the first line that may pass again.
   */
  admit(node: string, at: Micros): { readonly pass: boolean; readonly skipped: number } {
    const second = Math.floor(at / MICROS_PER_SECOND);
    let budget = this.#budgets.get(node);
    if (budget === undefined) {
      budget = { second, lines: 0, skipped: 0 };
      this.#budgets.set(node, budget);
    }
    let skipped = 0;
    if (budget.second !== second) {
      skipped = budget.skipped;
      budget.second = second;
      budget.lines = 0;
      budget.skipped = 0;
    }
    if (budget.lines >= MAX_LINES_PER_SECOND) {
      budget.skipped++;
      return { pass: false, skipped };
    }
    budget.lines++;
    return { pass: true, skipped };
  }

  forget(node: string): void {
    this.#budgets.delete(node);
  }
}
