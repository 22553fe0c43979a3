/** Sessions over WebSocket: text frames of JSON, bounded in size, in rate and in what waits. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import { MeshError } from "#shared/contract/errors.ts";
import { MAX_CLIENT_FRAME_BYTES } from "#shared/contract/protocol.ts";
import type { Channel } from "#shared/rpc/channel.ts";
import { RateLimit } from "./rate-limit.ts";

export interface WebSocketEndpointOptions {
  readonly onChannel: (channel: Channel) => void;
  readonly maxSessions: number;
  readonly monotonicMs: () => number;
}

/** Nothing is pushed to a reader this far behind until it catches up. */
const CONGESTED_BYTES = 1024 * 1024;
/** With answers it asked for and does not read, a client is let go; it may come back and resume. */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024;
const FRAME_RATE = { perSecond: 200, burst: 1_000 };
const PING_EVERY_MS = 15_000;
const CLOSE_NORMAL = 1000;
const CLOSE_BUSY = 1013;

export class WebSocketEndpoint {
  readonly #options: WebSocketEndpointOptions;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_CLIENT_FRAME_BYTES,
    perMessageDeflate: false,
    clientTracking: true,
  });

  constructor(options: WebSocketEndpointOptions) {
    this.#options = options;
  }

  /** Takes over an upgrade request whose Host and Origin were found right. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      if (this.#server.clients.size > this.#options.maxSessions) {
        webSocket.close(CLOSE_BUSY, "too many sessions");
        return;
      }
      this.#options.onChannel(new WebSocketChannel(webSocket, this.#options.monotonicMs));
    });
  }

  close(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }
}

class WebSocketChannel implements Channel {
  readonly #socket: WebSocket;
  readonly #monotonicMs: () => number;
  readonly #rate = new RateLimit(FRAME_RATE);
  #onFrame: ((frame: unknown) => void) | undefined;
  #onClose: (() => void) | undefined;
  #alive = true;

  constructor(socket: WebSocket, monotonicMs: () => number) {
    this.#socket = socket;
    this.#monotonicMs = monotonicMs;
    const pinging = setInterval(() => this.#checkAlive(), PING_EVERY_MS);
    pinging.unref();
    socket.on("message", (data, isBinary) => this.#receive(data, isBinary));
    socket.on("pong", () => (this.#alive = true));
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      clearInterval(pinging);
      this.#onClose?.();
    });
  }

  send(frame: unknown): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (this.#socket.bufferedAmount > MAX_BUFFERED_BYTES) this.#socket.terminate();
    else this.#socket.send(JSON.stringify(frame));
  }

  onFrame(receive: (frame: unknown) => void): void {
    this.#onFrame = receive;
  }

  onClose(closed: () => void): void {
    this.#onClose = closed;
  }

  close(): void {
    this.#socket.close(CLOSE_NORMAL);
  }

  congested(): boolean {
    return this.#socket.bufferedAmount > CONGESTED_BYTES;
  }

  #receive(data: WebSocket.RawData, isBinary: boolean): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (this.#rate.take(this.#monotonicMs())) {
      this.#onFrame?.(isBinary ? undefined : parseJson(String(data)));
      return;
    }
    const message = `This session sends more than ${FRAME_RATE.perSecond} frames a second.`;
    const error = new MeshError("limit-reached", message, { retryable: true });
    this.send({ kind: "bye", error: error.toData() });
    this.close();
  }

  #checkAlive(): void {
    if (!this.#alive) {
      this.#socket.terminate();
      return;
    }
    this.#alive = false;
    this.#socket.ping();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
