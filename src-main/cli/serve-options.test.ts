import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { httpOptions, type ServeOptions } from "./commands/serve.ts";

const root = mkdtempSync(join(tmpdir(), "meshdeck-serve-"));
const pem = join(root, "some.pem");
writeFileSync(pem, "PEM");
afterAll(() => rmSync(root, { recursive: true }));

const BASE: ServeOptions = { port: "7400", host: "127.0.0.1", demo: true };
const TLS = { tlsCert: pem, tlsKey: pem };

it("listens on loopback without further ado", () => {
  expect(httpOptions(BASE)).toMatchObject({ address: "127.0.0.1", port: 7400, tls: undefined });
  expect(httpOptions({ ...BASE, host: "::1" }).address).toBe("::1");
});

it.each([
  [{ host: "0.0.0.0" }],
  [{ host: "0.0.0.0", allowRemote: true }],
  [{ host: "0.0.0.0", ...TLS }],
  [{ host: "192.168.1.5", allowRemote: true }],
  [{ host: "::", ...TLS }],
])("does not listen to other machines with only %j", (options) => {
  expect(() => httpOptions({ ...BASE, ...options })).toThrow(/say so with --allow-remote/);
});

it("listens to other machines when told so, with TLS", () => {
  const options = httpOptions({ ...BASE, host: "0.0.0.0", allowRemote: true, ...TLS });
  expect(options).toMatchObject({ address: "0.0.0.0", tls: { cert: "PEM", key: "PEM" } });
});

it("takes certificate and key together, and only files that are there", () => {
  expect(() => httpOptions({ ...BASE, tlsCert: pem })).toThrow(/come together/);
  expect(() => httpOptions({ ...BASE, tlsKey: pem })).toThrow(/come together/);
  expect(() => httpOptions({ ...BASE, tlsCert: pem, tlsKey: join(root, "none") })).toThrow(
    /none cannot be read/,
  );
});

it.each(["-1", "65536", "http", "", "74.5"])("does not take %j for a port", (port) => {
  expect(() => httpOptions({ ...BASE, port })).toThrow(/--port takes a whole number/);
});
