/** One Chromium and one loopback server that answers as the `app://` protocol handler does. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, type BrowserContext, chromium } from "@playwright/test";
import { findChromium } from "../../../scripts/lib/system.ts";

type ProtocolHandler = (request: Request) => Response | Promise<Response>;

let handler: ProtocolHandler | undefined;

export function handleProtocol(_scheme: string, given: ProtocolHandler): void {
  handler = given;
}

export interface Stage {
  readonly origin: string;
  /** Where another program can attach to the browser. */
  readonly endpoint: string;
  readonly context: BrowserContext;
  close(): Promise<void>;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function startServer(): Server {
  return createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const asked = new Request(`app://meshdeck${request.url ?? "/"}`, {
        method: request.method ?? "GET",
      });
      const given = (await handler?.(asked)) ?? new Response(null, { status: 404 });
      response.writeHead(given.status, Object.fromEntries(given.headers));
      response.end(Buffer.from(await given.arrayBuffer()));
    };
    answer().catch(() => response.destroy());
  });
}

async function launch(port: number): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("Chromium is missing");
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({
    executablePath,
    args: [`--remote-debugging-port=${port}`, ...sandbox],
  });
}

export async function openStage(): Promise<Stage> {
  const server = startServer();
  const [serverPort, debugPort] = await Promise.all([listen(server), freePort()]);
  const browser = await launch(debugPort);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  return {
    origin: `http://127.0.0.1:${serverPort}`,
    endpoint: `http://127.0.0.1:${debugPort}`,
    context,
    close: async () => {
      await browser.close();
      server.close();
      server.closeAllConnections();
    },
  };
}
