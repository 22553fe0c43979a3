import { expect, it } from "vitest";
import { isAllowedExternally } from "./external-links.ts";

it.each([
  ["https://github.com/a/b", true],
  ["https://www.serf.io/docs", true],
  ["http://github.com/a", false],
  ["https://github.com.evil.example/", false],
  ["https://evil.example/github.com", false],
  ["https://github.com@evil.example/", false],
  ["https://user:pw@github.com/", false],
  ["https://github.com:8443/", false],
  ["file:///etc/passwd", false],
  ["javascript:alert(1)", false],
  ["smb://github.com/share", false],
  ["nonsense", false],
])("judges %s as %s", (address, verdict) => {
  expect(isAllowedExternally(address)).toBe(verdict);
});
