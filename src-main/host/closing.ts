/** Ends what was started, newest first; what hangs is left behind when the deadline passes. */

export type Closer = () => void | Promise<void>;

export class Closing {
  readonly #closers: Closer[] = [];
  readonly #onError: (error: unknown) => void;
  #done: Promise<void> | undefined;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  add(closer: Closer): void {
    this.#closers.push(closer);
  }

  /** Idempotent. Resolves when all is closed or `deadlineMs` for each closer has passed. */
  run(deadlineMs: number): Promise<void> {
    this.#done ??= this.#runAll(deadlineMs);
    return this.#done;
  }

  async #runAll(deadlineMs: number): Promise<void> {
    for (const closer of this.#closers.splice(0).toReversed()) {
      try {
        await withDeadline(closer, deadlineMs);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}

async function withDeadline(closer: Closer, deadlineMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const message = `something did not close within ${deadlineMs} ms`;
    timer = setTimeout(() => reject(new Error(message)), deadlineMs);
  });
  try {
    await Promise.race([closer(), late]);
  } finally {
    clearTimeout(timer);
  }
}
