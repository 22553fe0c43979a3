import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { httpOptions, type ServeOptions } from "./commands/serve.ts";

const root = mkdtempSync(join(tmpdir(), "meshdeck-serve-"));
function file(name: string, text: string): string {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
}

/** Of nobody and for nothing but this test. */
const CERT = [
  "-----BEGIN CERTIFICATE-----",
  "MIIBfzCCASWgAwIBAgIUaRKI/RzOU3htw/qal0ctXxc1Q2QwCgYIKoZIzj0EAwIw",
  "FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTE4MDgwNVoYDzIxMjYxMDI4",
  "MTgwODA1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO",
  "PQMBBwNCAASYHhKV8OISlMyYNXwQsty54peoGW2HcoVwlrptIkHzgRXZbMZON6Rq",
  "B+DhSzqphzL00orFMMExIzF6ZAFZPgBIo1MwUTAdBgNVHQ4EFgQUGrUlnPpOJANS",
  "6csy8Fj4s3zBys8wHwYDVR0jBBgwFoAUGrUlnPpOJANS6csy8Fj4s3zBys8wDwYD",
  "VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBJG11GI3c5xAutU6F0qVcK",
  "TENmdq78Z5fjjAsVXx/t6wIhAOHmsc0WEJ6Rs0OzNHvvS0/cN6x4m1nhL1v2zeuq",
  "/6VJ",
  "-----END CERTIFICATE-----",
].join("\n");
const KEY = [
  "-----BEGIN PRIVATE KEY-----",
  "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg2v4xcHqnNpTl2b8k",
  "ID3SAnPrbRmXGysfuClELkJgvxihRANCAASYHhKV8OISlMyYNXwQsty54peoGW2H",
  "coVwlrptIkHzgRXZbMZON6RqB+DhSzqphzL00orFMMExIzF6ZAFZPgBI",
  "-----END PRIVATE KEY-----",
].join("\n");
const tlsCert = file("cert.pem", CERT);
const tlsKey = file("key.pem", KEY);
afterAll(() => rmSync(root, { recursive: true }));

const BASE: ServeOptions = { port: "7400", host: "127.0.0.1", demo: true };
const TLS = { tlsCert, tlsKey };

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
  expect(options).toMatchObject({ address: "0.0.0.0", tls: { cert: CERT, key: KEY } });
});

it("takes certificate and key together, and only files that are there", () => {
  expect(() => httpOptions({ ...BASE, tlsCert })).toThrow(/come together/);
  expect(() => httpOptions({ ...BASE, tlsKey })).toThrow(/come together/);
  expect(() => httpOptions({ ...BASE, tlsCert, tlsKey: join(root, "none") })).toThrow(
    /none cannot be read/,
  );
});

it("takes only a certificate and its own key: nobody could connect otherwise", () => {
  const empty = file("empty.pem", "");
  expect(() => httpOptions({ ...BASE, tlsCert: empty, tlsKey })).toThrow(/are no certificate/);
  expect(() => httpOptions({ ...BASE, tlsCert, tlsKey: empty })).toThrow(/are no certificate/);
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const text = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const other = file("other.pem", text);
  expect(() => httpOptions({ ...BASE, tlsCert, tlsKey: other })).toThrow(/is not that of/);
});

it.each(["-1", "65536", "http", "", "74.5"])("does not take %j for a port", (port) => {
  expect(() => httpOptions({ ...BASE, port })).toThrow(/--port takes a whole number/);
});
