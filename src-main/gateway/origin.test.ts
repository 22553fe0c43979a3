import { expect, it } from "vitest";
import { type Audience, hostAllowed, isLoopback, LOOPBACK_HOSTS, originAllowed } from "./origin.ts";

const audience: Audience = { hosts: LOOPBACK_HOSTS, port: 7400, secure: false };

it.each(["127.0.0.1:7400", "localhost:7400", "LOCALHOST:7400", "[::1]:7400"])(
  "answers to Host %s",
  (host) => expect(hostAllowed(audience, host)).toBe(true),
);

it.each([undefined, "", "127.0.0.1", "127.0.0.1:7401", "evil.example:7400", "127.0.0.1.evil:7400"])(
  "does not answer to Host %s",
  (host) => expect(hostAllowed(audience, host)).toBe(false),
);

it.each([undefined, "http://127.0.0.1:7400", "http://localhost:7400"])(
  "lets in a socket with Origin %s",
  (origin) => expect(originAllowed(audience, origin)).toBe(true),
);

it.each([
  "null",
  "",
  "https://127.0.0.1:7400",
  "http://127.0.0.1:7401",
  "http://evil.example",
  "http://127.0.0.1:7400.evil.example",
])("turns away a socket with Origin %s", (origin) =>
  expect(originAllowed(audience, origin)).toBe(false),
);

it("takes a missing port for the scheme's own", () => {
  const secure: Audience = { hosts: ["mesh.example"], port: 443, secure: true };
  expect(hostAllowed(secure, "mesh.example")).toBe(true);
  expect(originAllowed(secure, "https://mesh.example")).toBe(true);
  expect(originAllowed(secure, "http://mesh.example")).toBe(false);
});

it("knows loopback addresses", () => {
  expect(["127.0.0.1", "127.1.2.3", "localhost", "::1"].every(isLoopback)).toBe(true);
  expect(["0.0.0.0", "127.evil", "128.0.0.1", "::", "127.0.0.1.evil"].some(isLoopback)).toBe(false);
});
