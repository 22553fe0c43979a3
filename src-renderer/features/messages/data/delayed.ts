/** Work that is asked for often and done at most every `ms`, after the first time it is asked. */
export interface Delayed {
  soon(): void;
  stop(): void;
}

export function delayed(ms: number, work: () => void): Delayed {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    soon() {
      timer ??= setTimeout(() => {
        timer = undefined;
        work();
      }, ms);
    },
    stop: () => clearTimeout(timer),
  };
}
