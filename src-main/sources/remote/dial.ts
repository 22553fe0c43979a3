/** The client's end of a WebSocket, as the channel that sessions run over. */
import { WebSocket } from "ws";
import { MeshError } from "#shared/contract/errors.ts";
import { MAX_FRAME_BYTES } from "#shared/contract/protocol.ts";
import type { Channel, Timers } from "#shared/rpc/channel.ts";

const DIAL_TIMEOUT_MS = 8_000;

/** Resolves when open; rejects with `MeshError` "unreachable" (worth another try) otherwise. */
export function dial(socketUrl: string): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(socketUrl, {
      handshakeTimeout: DIAL_TIMEOUT_MS,
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
      followRedirects: false,
    });
    socket.once("open", () => resolve(channelOf(socket)));
    // Stays: an error after opening ends in "close", which the channel tells.
    socket.on("error", (error) => reject(unreachable(socketUrl, error)));
  });
}

function channelOf(socket: WebSocket): Channel {
  return {
    send: (frame) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
    },
    onFrame: (receive) => {
      socket.on("message", (data, isBinary) => receive(isBinary ? undefined : parse(String(data))));
    },
    onClose: (closed) => {
      socket.once("close", () => closed());
    },
    close: () => socket.close(),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreachable(socketUrl: string, error: Error): MeshError {
  const { host } = new URL(socketUrl);
  const message = `No Meshdeck host answers at ${host}: ${error.message || "no connection"}.`;
  return new MeshError("unreachable", message, { retryable: true, cause: error });
}

export const TIMERS: Timers = {
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};
