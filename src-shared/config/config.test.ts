import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MeshError } from "../contract/errors.ts";
import { checkConfig, DEFAULT_CONFIG, requireConfig } from "./config.ts";

function problemsOf(stored: unknown) {
  const check = checkConfig(stored);
  return check.ok ? [] : check.problems.map(({ path }) => path);
}

describe("a configuration", () => {
  it("is the default one when nothing was set", () => {
    expect(requireConfig({})).toEqual(DEFAULT_CONFIG);
    expect(DEFAULT_CONFIG).toEqual({
      version: 1,
      theme: "system",
      language: "auto",
      motion: "system",
      keys: {},
      confirm: "remote",
      logLines: 5_000,
      logWrap: false,
    });
  });

  it("keeps what was set", () => {
    const set = { theme: "dark", language: "zh", keys: { "app.palette": ["Mod+P", "g p"] } };
    expect(requireConfig({ version: 1, ...set })).toEqual({ ...DEFAULT_CONFIG, ...set });
  });

  it("reports all its problems at once, with their places", () => {
    const bad = { theme: "neon", logLines: 99, keys: { a: ["ok", "a  b"] }, colour: 1 };
    expect(problemsOf(bad).sort()).toEqual(["", "keys.a.1", "logLines", "theme"]);
    expect(() => requireConfig(bad)).toThrow(/theme: .*logLines: /s);
  });

  it.each([99, 5_001, 100.5])("refuses %d log lines", (logLines) => {
    expect(problemsOf({ logLines })).toEqual(["logLines"]);
  });

  it.each([100, 5_000])("takes %d log lines", (logLines) => {
    expect(problemsOf({ logLines })).toEqual([]);
  });

  it.each(["text", null, 7, [], undefined])("is not %j", (stored) => {
    expect(checkConfig(stored).ok).toBe(false);
  });
});

describe("versions", () => {
  it("without a number are brought up to date, and window state is left behind", () => {
    const early = { theme: "light", dockHeight: 200, view: "logs", hintsSeen: ["a"] };
    expect(requireConfig(early)).toEqual({ ...DEFAULT_CONFIG, theme: "light" });
  });

  it("of the present are not migrated: what is unknown there is a mistake", () => {
    expect(problemsOf({ version: 1, dockHeight: 200 })).toEqual([""]);
  });

  it.each([2, -1, 0.5, "1"])("such as %j are refused", (version) => {
    expect(problemsOf({ version })).toEqual(["version"]);
  });
});

it("throws nothing but its own error, whatever was stored", () => {
  fc.assert(
    fc.property(fc.anything(), (stored) => {
      try {
        requireConfig(stored);
      } catch (error) {
        expect(error).toBeInstanceOf(MeshError);
      }
    }),
  );
});
