/**
 * The gateway's door for browsers and other hosts: the console's files, a health check, and the
 * WebSocket beside them, all on one port.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, Server as TlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { MeshError } from "#shared/contract/errors.ts";
import { type Audience, hostAllowed, LOOPBACK_HOSTS, originAllowed } from "./origin.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";
import { readStaticFile } from "./static-files.ts";

export interface HttpEndpointOptions {
  /** Address to bind to; anything but loopback needs `tls`. */
  readonly address: string;
  /** 0: any free one. */
  readonly port: number;
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Further names visitors may call this host by, as in their address bar. */
  readonly names?: readonly string[];
  /** Folder of the built console. */
  readonly consoleFolder: string;
  /** Takes over a socket on `/ws` whose Host and Origin are right. */
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

export interface HttpEndpoint {
  /** For example `http://127.0.0.1:7400`. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const MAX_CONNECTIONS = 256;

export async function openHttpEndpoint(options: HttpEndpointOptions): Promise<HttpEndpoint> {
  const secure = options.tls !== undefined;
  const server: Server = options.tls ? createTlsServer(options.tls) : createServer();
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.maxConnections = MAX_CONNECTIONS;
  const sockets = trackSockets(server);
  const port = await listen(server, options);
  const hosts = [...LOOPBACK_HOSTS, urlHost(options.address), ...(options.names ?? [])];
  const audience: Audience = { hosts: hosts.map((host) => host.toLowerCase()), port, secure };
  server.on("request", (request, response) => {
    void answer(options.consoleFolder, audience, { request, response });
  });
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    const refusal = refuseUpgrade(request, audience);
    if (refusal === undefined) options.onUpgrade(request, socket, head);
    else socket.end(`HTTP/1.1 ${refusal}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  });
  return {
    url: `${secure ? "https" : "http"}://${urlHost(options.address)}:${port}`,
    port,
    close: () => closeServer(server, sockets),
  };
}

function listen(server: Server, options: HttpEndpointOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(listenError(error, `${urlHost(options.address)}:${options.port}`)),
    );
    server.listen(options.port, options.address, () => {
      const address = server.address() as AddressInfo;
      resolve(address.port);
    });
  });
}

function listenError(error: NodeJS.ErrnoException, where: string): MeshError {
  if (error.code === "EADDRINUSE") {
    return new MeshError(
      "bad-options",
      `The address ${where} is in use by another program; choose another with --port.`,
    );
  }
  if (error.code === "EACCES") {
    return new MeshError(
      "bad-options",
      `This user may not listen on ${where}; choose a port above 1023.`,
    );
  }
  return new MeshError("bad-options", `Cannot listen on ${where}: ${error.message}.`, {
    cause: error,
  });
}

/** The server forgets sockets that were upgraded; closing must not. */
function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on(server instanceof TlsServer ? "secureConnection" : "connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}

function closeServer(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function answer(folder: string, audience: Audience, exchange: Exchange): Promise<void> {
  const { request } = exchange;
  if (!hostAllowed(audience, request.headers.host)) {
    reply(exchange, 421, "This host does not answer to that name.\n");
    return;
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    reply(exchange, 405, "Only GET and HEAD are answered here.\n", { allow: "GET, HEAD" });
    return;
  }
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  if (path === "/healthz") {
    reply(exchange, 200, "ok\n");
    return;
  }
  const file = await readStaticFile(folder, path);
  if (file !== undefined) {
    const cache = file.immutable ? "public, max-age=31536000, immutable" : "no-store";
    reply(exchange, 200, file.body, { "content-type": file.mediaType, "cache-control": cache });
  } else if (path === "/") {
    reply(exchange, 503, "The console is not built yet: run `npm run build`, then reload.\n");
  } else {
    reply(exchange, 404, "There is nothing here.\n");
  }
}

function reply(
  exchange: Exchange,
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  const { request, response } = exchange;
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    ...headers,
    "content-length": Buffer.byteLength(body),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

function refuseUpgrade(request: IncomingMessage, audience: Audience): string | undefined {
  if (request.url !== "/ws") return "404 Not Found";
  if (!hostAllowed(audience, request.headers.host)) return "421 Misdirected Request";
  if (!originAllowed(audience, request.headers.origin)) return "403 Forbidden";
  return undefined;
}

function urlHost(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
