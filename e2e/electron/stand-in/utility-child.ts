/** Runs the host's bundle in a process that looks like Electron's utility process to it. */
import { EventEmitter } from "node:events";
import { pathToFileURL } from "node:url";
import type { UtilityMessage } from "./utility.ts";

function send(message: UtilityMessage): void {
  process.send?.(message);
}

/** One end of a message port whose other end lives in the parent. */
class ChildPort extends EventEmitter {
  readonly #id: number;
  #early: unknown[] | undefined = [];

  constructor(id: number) {
    super();
    this.#id = id;
  }

  start(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const data of early) this.emit("message", { data, ports: [] });
  }

  deliver(data: unknown): void {
    if (this.#early === undefined) this.emit("message", { data, ports: [] });
    else this.#early.push(data);
  }

  postMessage(data: unknown): void {
    send({ kind: "port", id: this.#id, data });
  }

  close(): void {
    send({ kind: "port-closed", id: this.#id });
  }
}

class ParentPort extends EventEmitter {
  postMessage(data: unknown): void {
    send({ kind: "message", data, ports: [] });
  }
}

const parent = new ParentPort();
const ports = new Map<number, ChildPort>();

function open(id: number): ChildPort {
  const port = new ChildPort(id);
  ports.set(id, port);
  return port;
}

process.on("message", (message: UtilityMessage) => {
  if (message.kind === "message") {
    parent.emit("message", { data: message.data, ports: message.ports.map(open) });
  } else if (message.kind === "port") {
    ports.get(message.id)?.deliver(message.data);
  } else {
    ports.get(message.id)?.emit("close");
    ports.delete(message.id);
  }
});
process.on("disconnect", () => process.exit(1));

const [program = "", , entry = "", ...args] = process.argv;
process.argv = [program, entry, ...args];
Object.defineProperty(process, "parentPort", { value: parent });
await import(pathToFileURL(entry).href);
