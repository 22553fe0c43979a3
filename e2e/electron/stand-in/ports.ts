/** Electron's message ports for the main process, on top of Node's. */
import { EventEmitter } from "node:events";
import { MessageChannel, type MessagePort, type Transferable } from "node:worker_threads";

export class PortMain extends EventEmitter {
  #port: MessagePort | undefined;

  constructor(port: MessagePort) {
    super();
    this.#port = port;
    port.once("close", () => this.emit("close"));
  }

  /** Like Electron's, delivers nothing before this. */
  start(): void {
    this.#port?.on("message", (data: unknown) => this.emit("message", { data, ports: [] }));
  }

  postMessage(message: unknown, transfer: readonly PortMain[] = []): void {
    this.#port?.postMessage(message, transfer.map(release));
  }

  close(): void {
    this.#port?.close();
  }

  /** Gives Node's port away, as sending does; this end is dead afterwards. */
  release(): MessagePort {
    const port = this.#port;
    if (port === undefined) throw new Error("the port was sent before");
    this.#port = undefined;
    return port;
  }
}

function release(port: PortMain): Transferable {
  return port.release();
}

export class MessageChannelMain {
  readonly port1: PortMain;
  readonly port2: PortMain;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new PortMain(port1);
    this.port2 = new PortMain(port2);
  }
}
