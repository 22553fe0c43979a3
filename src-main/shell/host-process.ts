/**
 * The host in its utility process: started, handed the port of each console, started again when
 * it dies, and closed in order. Consoles that ask while it is not ready wait.
 */
import type { MessagePortMain, UtilityProcess } from "electron";
import { hostToShellSchema, type ShellToHost } from "#shared/contract/shell-host.ts";
import { createRestartPolicy } from "./restart-policy.ts";

const CLOSE_DEADLINE_MS = 5_000;
const MAX_WAITING_PORTS = 16;

export interface HostProcess {
  connect(port: MessagePortMain): void;
  /** Resolves when the process is gone, which it is at the latest after the deadline. */
  close(): Promise<void>;
}

export interface HostProcessOptions {
  fork(): UtilityProcess;
  /** The host cannot run; `reason` is a sentence for the person. */
  onFailed(reason: string): void;
}

export function startHost(options: HostProcessOptions): HostProcess {
  const policy = createRestartPolicy();
  const waiting: MessagePortMain[] = [];
  let child: UtilityProcess | undefined;
  let ready = false;
  let closing = false;
  let reason: string | undefined;

  const post = (message: ShellToHost, ports: MessagePortMain[] = []): void =>
    child?.postMessage(message, ports);

  const hear = (message: unknown): void => {
    const parsed = hostToShellSchema.safeParse(message);
    if (!parsed.success) return;
    if (parsed.data.kind === "failed") {
      reason = parsed.data.message;
      return;
    }
    ready = true;
    for (const port of waiting.splice(0)) post({ kind: "console" }, [port]);
  };

  const start = (): void => {
    if (closing) return;
    const startedAt = performance.now();
    reason = undefined;
    child = options.fork();
    child.on("message", hear);
    child.on("exit", (code) => {
      child = undefined;
      ready = false;
      if (closing) return;
      const delayMs = reason === undefined ? policy.died(performance.now() - startedAt) : undefined;
      if (delayMs === undefined) options.onFailed(reason ?? `The host ended with code ${code}.`);
      else setTimeout(start, delayMs);
    });
  };

  start();
  return {
    connect: (port) => {
      if (ready) post({ kind: "console" }, [port]);
      else if (!closing && waiting.push(port) > MAX_WAITING_PORTS) waiting.shift()?.close();
    },
    close: () => {
      closing = true;
      for (const port of waiting.splice(0)) port.close();
      const running = child;
      if (running === undefined) return Promise.resolve();
      return new Promise((resolve) => {
        const deadline = setTimeout(() => running.kill(), CLOSE_DEADLINE_MS);
        running.once("exit", () => {
          clearTimeout(deadline);
          resolve();
        });
        post({ kind: "close" });
      });
    },
  };
}
