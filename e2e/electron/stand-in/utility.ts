/** `utilityProcess`, as a worker thread: the only way Node can hand a message port over. */
import { EventEmitter } from "node:events";
import { Worker } from "node:worker_threads";
import type { PortMain } from "./ports.ts";

const running = new Set<UtilityProcess>();

export class UtilityProcess extends EventEmitter {
  readonly #worker: Worker;

  constructor(entry: string, args: readonly string[]) {
    super();
    this.#worker = new Worker(new URL("./utility-worker.ts", import.meta.url), {
      argv: [...args],
      workerData: { entry },
    });
    running.add(this);
    this.#worker.on("message", (message: unknown) => this.emit("message", message));
    this.#worker.on("error", (error) => process.stderr.write(`${error.stack ?? error.message}\n`));
    this.#worker.on("exit", (code) => {
      running.delete(this);
      this.emit("exit", code);
    });
  }

  postMessage(data: unknown, transfer: readonly PortMain[] = []): void {
    const ports = transfer.map((port) => port.release());
    this.#worker.postMessage({ data, ports }, ports);
  }

  kill(): boolean {
    void this.#worker.terminate();
    return true;
  }
}

export const utilityProcess = {
  fork: (entry: string, args: readonly string[] = []) => new UtilityProcess(entry, args),
};

/** What a crash looks like from outside. */
export function killUtilities(): void {
  for (const utility of running) utility.kill();
}
