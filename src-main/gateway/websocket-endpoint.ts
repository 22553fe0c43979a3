/** Sessions over WebSocket: text frames of JSON, bounded in size, in rate and in what waits. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import { MeshError } from "#shared/contract/errors.ts";
import { MAX_CLIENT_FRAME_BYTES, MAX_FRAME_BYTES } from "#shared/contract/protocol.ts";
import type { Channel } from "#shared/rpc/channel.ts";
import { RateLimit } from "./rate-limit.ts";

export interface WebSocketEndpointOptions {
  readonly onChannel: (channel: Channel) => void;
  readonly maxSessions: number;
  readonly monotonicMs: () => number;
}

/** A recording of the largest size with all its quotes escaped. */
const MAX_WIRE_BYTES = 2 * MAX_FRAME_BYTES;
/** Nothing is pushed to a reader this far behind until it catches up. */
const CONGESTED_BYTES = 1024 * 1024;
/** With answers it asked for and does not read, a client is let go; it may come back and resume. */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024;
/** Channels that were not let in yet; each may make the host hold one frame of the largest size. */
const MAX_STRANGERS = 8;
const FRAME_RATE = { perSecond: 200, burst: 1_000 };
const PING_EVERY_MS = 15_000;
/** The other end has so long to close its side. */
const FAREWELL_MS = 1_000;
const CLOSE_NORMAL = 1000;
const CLOSE_BUSY = 1013;

export class WebSocketEndpoint {
  readonly #options: WebSocketEndpointOptions;
  readonly #channels = new Set<WebSocketChannel>();
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_WIRE_BYTES,
    perMessageDeflate: false,
    clientTracking: true,
  });

  constructor(options: WebSocketEndpointOptions) {
    this.#options = options;
  }

  /** Takes over an upgrade request whose Host and Origin were found right. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      if (this.#isFull()) {
        webSocket.on("error", () => webSocket.terminate());
        closeSoon(webSocket, CLOSE_BUSY, "too many sessions");
        return;
      }
      const channel = new WebSocketChannel(webSocket, this.#options.monotonicMs);
      this.#channels.add(channel);
      webSocket.once("close", () => this.#channels.delete(channel));
      this.#options.onChannel(channel);
    });
  }

  #isFull(): boolean {
    const strangers = [...this.#channels].filter((channel) => !channel.welcomed).length;
    return strangers >= MAX_STRANGERS || this.#channels.size >= this.#options.maxSessions;
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
  #welcomed = false;

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

  /** Whether the session let the client in. */
  get welcomed(): boolean {
    return this.#welcomed;
  }

  send(frame: unknown): void {
    this.#welcomed ||= isOfKind(frame, "welcome");
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
    closeSoon(this.#socket, CLOSE_NORMAL, "");
  }

  congested(): boolean {
    return this.#socket.bufferedAmount > CONGESTED_BYTES;
  }

  #receive(data: WebSocket.RawData, isBinary: boolean): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const text = isBinary ? undefined : String(data);
    const frame = text === undefined || !this.#maySend(text) ? undefined : parseJson(text);
    if (!this.#rate.take(this.#monotonicMs())) {
      const message = `This session sends more than ${FRAME_RATE.perSecond} frames a second.`;
      this.#refuse(new MeshError("limit-reached", message, { retryable: true }));
    } else if (text !== undefined && text.length > MAX_CLIENT_FRAME_BYTES && !opensMesh(frame)) {
      const message = `Frames may have ${MAX_CLIENT_FRAME_BYTES} bytes, save to open a recording.`;
      this.#refuse(new MeshError("too-large", message));
    } else {
      this.#onFrame?.(frame);
    }
  }

  /** A stranger's large frame is not even read. */
  #maySend(text: string): boolean {
    return this.#welcomed || text.length <= MAX_CLIENT_FRAME_BYTES;
  }

  #refuse(error: MeshError): void {
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

/** With a farewell; who does not answer it is let go without, and holds nothing here. */
function closeSoon(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  const timer = setTimeout(() => socket.terminate(), FAREWELL_MS);
  timer.unref();
  socket.once("close", () => clearTimeout(timer));
}

function isOfKind(frame: unknown, kind: string): boolean {
  return typeof frame === "object" && frame !== null && "kind" in frame && frame.kind === kind;
}

function opensMesh(frame: unknown): boolean {
  return isOfKind(frame, "request") && (frame as { method?: unknown }).method === "meshes.open";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
