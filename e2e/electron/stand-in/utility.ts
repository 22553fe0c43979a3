/**
 * `utilityProcess`, as a child process, so that it can crash as one does. Node's message ports do
 * not cross between processes: each is kept here and its messages go over the child's channel.
 */
import { type ChildProcess, fork } from "node:child_process";
import { EventEmitter } from "node:events";
import { fileURLToPath } from "node:url";
import type { MessagePort } from "node:worker_threads";
import type { PortMain } from "./ports.ts";

/** On the channel between the stand-in and the child, both ways. */
export type UtilityMessage =
  | { readonly kind: "message"; readonly data: unknown; readonly ports: readonly number[] }
  | { readonly kind: "port"; readonly id: number; readonly data: unknown }
  | { readonly kind: "port-closed"; readonly id: number };

const CHILD = fileURLToPath(new URL("./utility-child.ts", import.meta.url));

const running = new Set<UtilityProcess>();
let nextPort = 1;

class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess;
  readonly #ports = new Map<number, MessagePort>();

  constructor(entry: string, args: readonly string[]) {
    super();
    this.#child = fork(CHILD, [entry, ...args], {
      execArgv: [],
      serialization: "advanced",
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    running.add(this);
    this.#child.on("message", (message) => this.#hear(message as UtilityMessage));
    this.#child.on("exit", (code) => {
      running.delete(this);
      for (const port of this.#ports.values()) port.close();
      this.emit("exit", code ?? 1);
    });
  }

  postMessage(data: unknown, transfer: readonly PortMain[] = []): void {
    const ports = transfer.map((port) => port.release());
    const ids = ports.map((port) => this.#adopt(port));
    this.#send({ kind: "message", data, ports: ids });
    for (const port of ports) port.start();
  }

  kill(signal: NodeJS.Signals = "SIGTERM"): boolean {
    return this.#child.kill(signal);
  }

  #adopt(port: MessagePort): number {
    const id = nextPort++;
    this.#ports.set(id, port);
    port.on("message", (data: unknown) => this.#send({ kind: "port", id, data }));
    port.once("close", () => {
      this.#ports.delete(id);
      this.#send({ kind: "port-closed", id });
    });
    return id;
  }

  #send(message: UtilityMessage): void {
    if (this.#child.connected) this.#child.send(message);
  }

  #hear(message: UtilityMessage): void {
    if (message.kind === "message") this.emit("message", message.data);
    else if (message.kind === "port") this.#ports.get(message.id)?.postMessage(message.data);
    else this.#ports.get(message.id)?.close();
  }
}

export const utilityProcess = {
  fork: (entry: string, args: readonly string[] = []) => new UtilityProcess(entry, args),
};

/** A crash, seen from outside. */
export function killUtilities(): void {
  for (const utility of running) utility.kill("SIGKILL");
}
