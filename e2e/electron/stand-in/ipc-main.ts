import { EventEmitter } from "node:events";

export interface FrameFace {
  readonly url: string;
  readonly origin: string;
  readonly parent: FrameFace | null;
}

type Handler = (event: unknown, ...payload: readonly unknown[]) => unknown;

class IpcMain extends EventEmitter {
  readonly #handlers = new Map<string, Handler>();

  handle(channel: string, handler: Handler): void {
    this.#handlers.set(channel, handler);
  }

  answer(channel: string, event: unknown, payload: readonly unknown[]): unknown {
    const handler = this.#handlers.get(channel);
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    return handler(event, ...payload);
  }
}

export const ipcMain = new IpcMain();
