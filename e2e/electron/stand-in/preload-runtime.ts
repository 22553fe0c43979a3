/**
 * The renderer's half of `electron`, for the preload bundle. `install` is turned into text and
 * runs in the page before its own scripts, so it may use nothing from outside itself.
 */
export interface PageCall {
  readonly kind: "send" | "invoke" | "port" | "port-closed";
  readonly channel: string;
  readonly payload: readonly unknown[];
}

/** What the stand-in calls in the page, under `window.standIn`. */
export interface PageEntry {
  deliver(channel: string, payload: readonly unknown[], ports: readonly number[]): void;
  portMessage(id: number, data: unknown): void;
  portClosed(id: number): void;
}

export interface PageGlobals {
  standIn: PageEntry;
  readonly standInCall: (call: PageCall) => Promise<unknown>;
}

type Listener = (event: { readonly ports: readonly MessagePort[] }, ...args: unknown[]) => void;

function install(preload: (require: () => unknown, process: { platform: string }) => void): void {
  const page = window as unknown as PageGlobals & Record<string, unknown>;
  const listeners = new Map<string, Set<Listener>>();
  const ports = new Map<number, MessagePort>();
  const call = (kind: PageCall["kind"], channel: string, payload: readonly unknown[]) =>
    page.standInCall({ kind, channel, payload });

  // Electron's ports say when the other end closed, Chromium's do not: both ends say it here.
  const closed = "stand-in:closed";
  const openPort = (id: number): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    ports.set(id, port1);
    port1.addEventListener("message", ({ data }) => {
      if (data === closed) void call("port-closed", String(id), []);
      else void call("port", String(id), [data]);
    });
    port1.start();
    return port2;
  };
  const announceClosing = (port: MessagePort): void => {
    const close = port.close.bind(port);
    port.close = () => {
      port.postMessage(closed);
      close();
    };
    port.addEventListener("message", (event) => {
      if (event.data !== closed) return;
      event.stopImmediatePropagation();
      port.dispatchEvent(new Event("close"));
    });
  };
  window.addEventListener("message", (event) => {
    for (const port of event.ports) announceClosing(port);
  });
  page.standIn = {
    deliver: (channel, payload, ids) => {
      const opened = ids.map(openPort);
      for (const listener of listeners.get(channel) ?? []) listener({ ports: opened }, ...payload);
    },
    portMessage: (id, data) => ports.get(id)?.postMessage(data),
    portClosed: (id) => {
      ports.get(id)?.postMessage(closed);
      ports.delete(id);
    },
  };
  const electron = {
    contextBridge: {
      exposeInMainWorld: (name: string, api: object) => {
        Object.defineProperty(window, name, { value: Object.freeze({ ...api }), writable: false });
      },
    },
    ipcRenderer: {
      on: (channel: string, listener: Listener) => {
        const known = listeners.get(channel) ?? new Set();
        listeners.set(channel, known.add(listener));
      },
      off: (channel: string, listener: Listener) => listeners.get(channel)?.delete(listener),
      send: (channel: string, ...payload: unknown[]) => void call("send", channel, payload),
      invoke: (channel: string, ...payload: unknown[]) => call("invoke", channel, payload),
    },
  };
  preload(() => electron, { platform: "linux" });
}

/** The script to run before the page's own: the stand-in of `electron`, then the preload bundle. */
export function preloadScript(bundle: string): string {
  return `(${install.toString()})(function (require, process) {\n${bundle}\n});`;
}
