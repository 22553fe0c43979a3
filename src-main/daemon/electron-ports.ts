/** The little that the host needs of Electron, by shape: the host itself is no Electron code. */
import type { FramePort } from "#main/host/host.ts";

/** A `MessagePortMain`. */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  on(event: "message", listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: "close", listener: () => void): unknown;
  start(): void;
  close(): void;
}

export interface MessageFromShell {
  readonly data: unknown;
  readonly ports: readonly MessagePortLike[];
}

/** `process.parentPort` of a utility process. */
export interface ParentPort {
  postMessage(message: unknown): void;
  on(event: "message", listener: (event: MessageFromShell) => void): unknown;
}

/** Throws when this process was not started by Electron's shell. */
export function asParentPort(host: object): ParentPort {
  const port: unknown = "parentPort" in host ? host.parentPort : undefined;
  if (typeof port === "object" && port !== null && "postMessage" in port) return port as ParentPort;
  throw new Error("this is the desktop application's host; use `meshdeck serve` without it");
}

export function framePort(port: MessagePortLike): FramePort {
  return {
    post: (value) => port.postMessage(value),
    onMessage: (listener) => {
      port.on("message", (event) => listener(event.data));
      // What arrived before there was a listener waits in the port until now.
      port.start();
    },
    onClose: (listener) => void port.on("close", listener),
    close: () => port.close(),
  };
}
