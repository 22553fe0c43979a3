import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CONTENT_SECURITY_POLICY } from "#shared/contract/csp.ts";
import { MeshError } from "#shared/contract/errors.ts";
import { type HttpEndpoint, openHttpEndpoint } from "./http-endpoint.ts";

const root = mkdtempSync(join(tmpdir(), "meshdeck-http-"));
const folder = join(root, "renderer");
mkdirSync(join(folder, "assets"), { recursive: true });
writeFileSync(join(root, "secret.json"), "{}");
writeFileSync(join(folder, "index.html"), "<!doctype html><title>Meshdeck</title>");
writeFileSync(join(folder, "assets/app-1a2b.js"), "export {};");
writeFileSync(join(folder, ".env.json"), "{}");
symlinkSync(join(root, "secret.json"), join(folder, "assets/link.json"));

let endpoint: HttpEndpoint;
beforeAll(async () => {
  endpoint = await openHttpEndpoint({
    address: "127.0.0.1",
    port: 0,
    consoleFolder: folder,
    onUpgrade: (_request, socket) =>
      socket.write("HTTP/1.1 101 Yes\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"),
  });
});
afterAll(async () => {
  await endpoint.close();
  rmSync(root, { recursive: true, force: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Sends the path as it is written; `fetch` would tidy "..". */
function ask(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: endpoint.port, path, headers, method };
    const sent = httpRequest(options, (response) => {
      let body = "";
      response.on("data", (part) => (body += String(part)));
      const { statusCode: status } = response;
      response.on("end", () => resolve({ status, headers: response.headers, body }));
    });
    sent.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode, headers: response.headers, body: "" });
    });
    sent.on("error", reject);
    sent.end();
  });
}

const UPGRADE = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

it("serves the page uncached, its assets for ever, both under the policy", async () => {
  const page = await ask("/");
  expect(page).toMatchObject({ status: 200, body: "<!doctype html><title>Meshdeck</title>" });
  expect(page.headers).toMatchObject({
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "content-type": "text/html; charset=utf-8",
  });
  const asset = await ask("/assets/app-1a2b.js?v=1");
  expect(asset.headers["cache-control"]).toMatch(/immutable/);
  expect(asset.headers["content-type"]).toBe("text/javascript; charset=utf-8");
});

it("answers the health check, also to HEAD", async () => {
  expect(await ask("/healthz")).toMatchObject({ status: 200, body: "ok\n" });
  expect(await ask("/healthz", {}, "HEAD")).toMatchObject({ status: 200, body: "" });
});

it.each([
  "/../secret.json",
  "/assets/../../secret.json",
  "/%2e%2e/secret.json",
  "/..%2fsecret.json",
  "/assets/link.json",
  "/.env.json",
  "/assets//app-1a2b.js",
  "/assets",
  "/%00",
  "/%zz",
  "/..\\secret.json",
])("does not serve %s", async (path) => {
  expect(await ask(path)).toMatchObject({ status: 404, body: "There is nothing here.\n" });
});

it("answers only to its own names", async () => {
  expect((await ask("/", { host: `localhost:${endpoint.port}` })).status).toBe(200);
  expect((await ask("/", { host: `evil.example:${endpoint.port}` })).status).toBe(421);
  expect((await ask("/healthz", { host: "127.0.0.1" })).status).toBe(421);
});

it("takes GET and HEAD only", async () => {
  expect((await ask("/", {}, "POST")).status).toBe(405);
});

it("hands over a socket only from its own pages, to its own name, at its own path", async () => {
  expect((await ask("/ws", UPGRADE)).status).toBe(101);
  expect((await ask("/ws", { ...UPGRADE, origin: endpoint.url })).status).toBe(101);
  expect((await ask("/ws", { ...UPGRADE, origin: "http://evil.example" })).status).toBe(403);
  expect((await ask("/ws", { ...UPGRADE, host: "evil.example" })).status).toBe(421);
  expect((await ask("/ws?token=x", UPGRADE)).status).toBe(404);
});

it("says which address is in use", async () => {
  const options = { address: "127.0.0.1", consoleFolder: folder, onUpgrade: () => undefined };
  const second = openHttpEndpoint({ ...options, port: endpoint.port });
  await expect(second).rejects.toThrow(MeshError);
  await expect(second).rejects.toThrow(/is in use by another program; choose another with --port/);
});
