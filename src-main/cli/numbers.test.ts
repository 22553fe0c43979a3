import { describe, expect, it } from "vitest";
import { parseInteger, parseSeeds, parseSpeed } from "./numbers.ts";

describe("numbers on the command line", () => {
  it("takes both ends of a range", () => {
    const range = { min: 1, max: 10 };
    expect(parseInteger("--limit", "1", range)).toBe(1);
    expect(parseInteger("--limit", "10", range)).toBe(10);
    expect(() => parseInteger("--limit", "0", range)).toThrow(
      '--limit takes a whole number from 1 to 10, not "0".',
    );
    expect(() => parseInteger("--limit", "11", range)).toThrow(/from 1 to 10/);
  });

  it.each(["", "-1", "1.5", "1e3", "0x10", " 1", "one"])(
    "does not take %j for a number",
    (text) => {
      expect(() => parseInteger("--limit", text, { min: 0, max: 1e9 })).toThrow(/whole number/);
    },
  );

  it("reads seeds", () => {
    expect(parseSeeds("7")).toEqual({ min: 7, max: 7 });
    expect(parseSeeds("1..100")).toEqual({ min: 1, max: 100 });
    expect(parseSeeds("5..5")).toEqual({ min: 5, max: 5 });
  });

  it.each(["", "..", "1..", "..5", "5..1", "1..2..3", "a..b"])("refuses the seeds %j", (text) => {
    expect(() => parseSeeds(text)).toThrow(/--seeds takes/);
  });

  it("reads speeds", () => {
    expect(parseSpeed("max")).toBeUndefined();
    expect(parseSpeed("0.01")).toBe(0.01);
    expect(parseSpeed("1000")).toBe(1000);
    expect(() => parseSpeed("0.009")).toThrow(/--speed/);
    expect(() => parseSpeed("1001")).toThrow(/--speed/);
    expect(() => parseSpeed("fast")).toThrow(
      '--speed takes max or a ratio from 0.01 to 1000, not "fast".',
    );
  });
});
