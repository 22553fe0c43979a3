/** How often a host that dies is started again before the person is asked. */
const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 4_000;
/** A host that ran this long was healthy: what came before is forgiven. */
const HEALTHY_AFTER_MS = 60_000;
const MAX_RESTARTS = 5;

export interface RestartPolicy {
  /**
   * Told how long the host ran until it died; returns how long to wait before the next start, or
   * undefined when it died too often in a row.
   */
  died(ranMs: number): number | undefined;
}

export function createRestartPolicy(): RestartPolicy {
  let inARow = 0;
  return {
    died: (ranMs) => {
      if (ranMs >= HEALTHY_AFTER_MS) inARow = 0;
      inARow += 1;
      if (inARow > MAX_RESTARTS) return undefined;
      return Math.min(FIRST_DELAY_MS * 2 ** (inARow - 1), MAX_DELAY_MS);
    },
  };
}
