import { describe, expect, it } from "vitest";
import { isCompatible } from "./static.ts";

describe("isCompatible", () => {
  it.each([
    ["MIT", true],
    ["GPL-3.0-only", false],
    ["none", false],
    ["(MIT OR GPL-3.0)", true],
    ["MIT AND GPL-3.0", false],
    ["MIT AND ISC", true],
    ["(GPL-2.0 OR AGPL-3.0)", false],
    ["(MIT AND Zlib) OR GPL-2.0", true],
    ["UNLICENSED", false],
  ])("judges %s as %s", (expression, verdict) => {
    expect(isCompatible(expression)).toBe(verdict);
  });
});
