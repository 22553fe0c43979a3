/** Runs the host's bundle in a worker that looks like Electron's utility process to it. */
import { EventEmitter } from "node:events";
import { pathToFileURL } from "node:url";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { PortMain } from "./ports.ts";

class ParentPort extends EventEmitter {
  postMessage(message: unknown): void {
    parentPort?.postMessage(message);
  }
}

const { entry } = workerData as { readonly entry: string };
const parent = new ParentPort();
parentPort?.on("message", (message: { data: unknown; ports: readonly MessagePort[] }) => {
  parent.emit("message", {
    data: message.data,
    ports: message.ports.map((port) => new PortMain(port)),
  });
});
Object.defineProperty(process, "parentPort", { value: parent });
await import(pathToFileURL(entry).href);
