import { MeshError } from "#shared/contract/errors.ts";
import type { Channel } from "#shared/rpc/channel.ts";

/** Above this many bytes on the way out the wire counts as full. */
const CONGESTED_BYTES = 1_048_576;

/** Opens a channel to the host, one JSON text a frame. Rejects with `unreachable`. */
export function openWebSocket(url: string): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    let opened = false;
    socket.addEventListener("open", () => {
      opened = true;
      resolve(socketChannel(socket));
    });
    // The browser tells a page nothing about why; the close event always follows an error.
    socket.addEventListener("close", () => {
      if (opened) return;
      reject(new MeshError("unreachable", "The host does not answer.", { retryable: true }));
    });
  });
}

function socketChannel(socket: WebSocket): Channel {
  return {
    send(frame) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
    },
    onFrame(receive) {
      socket.addEventListener("message", ({ data }) => receive(parse(data)));
    },
    onClose(closed) {
      if (socket.readyState === WebSocket.CLOSED) closed();
      else socket.addEventListener("close", () => closed(), { once: true });
    },
    close: () => socket.close(),
    congested: () => socket.bufferedAmount > CONGESTED_BYTES,
  };
}

function parse(data: unknown): unknown {
  if (typeof data !== "string") return undefined;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

/** The address of the host that served this page. */
export function hostAddress(page: Pick<Location, "protocol" | "host">): string {
  return `${page.protocol === "https:" ? "wss:" : "ws:"}//${page.host}/ws`;
}
