import { expect, it } from "vitest";
import { staysInside } from "./lockdown.ts";

it.each([
  ["app://meshdeck/index.html", true],
  ["app://meshdeck/#/logs", true],
  ["app://meshdeck.evil/index.html", false],
  ["app://evil/app://meshdeck/", false],
  ["https://meshdeck/", false],
  ["javascript:void 0", false],
  ["about:blank", false],
  ["", false],
])("a navigation to %j stays inside: %s", (address, inside) => {
  expect(staysInside(address)).toBe(inside);
});
