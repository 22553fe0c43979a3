/** Mistakes that nobody caught: told in the log, then the host ends in order rather than at once. */

interface Emitter {
  on(
    event: "unhandledRejection" | "uncaughtException",
    listener: (cause: unknown) => void,
  ): unknown;
  off(
    event: "unhandledRejection" | "uncaughtException",
    listener: (cause: unknown) => void,
  ): unknown;
}

/** Calls `onFatal` once, with the first of them; returns how to stop watching. */
export function watchForMistakes(
  process: Emitter,
  log: (cause: unknown) => void,
  onFatal: () => void,
): () => void {
  let ending = false;
  const told = (cause: unknown): void => {
    log(cause);
    if (ending) return;
    ending = true;
    onFatal();
  };
  process.on("unhandledRejection", told);
  process.on("uncaughtException", told);
  return () => {
    process.off("unhandledRejection", told);
    process.off("uncaughtException", told);
  };
}
