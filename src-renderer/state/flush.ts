/** When the work that piled up is done: once per frame, once a second while nobody can see it. */
export interface FlushPort {
  /** Calls `run` once, soon. */
  request(run: () => void): void;
  /** Milliseconds that only grow. */
  now(): number;
}

const HIDDEN_INTERVAL_MS = 1_000;

export function browserFlushPort(): FlushPort {
  return {
    request(run) {
      if (document.hidden) setTimeout(run, HIDDEN_INTERVAL_MS);
      else requestAnimationFrame(run);
    },
    now: () => performance.now(),
  };
}
