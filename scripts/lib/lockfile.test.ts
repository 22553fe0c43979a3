import { describe, expect, it } from "vitest";
import { missingEntries, resolvedEntries } from "./lockfile.ts";

const TOOL = {
  version: "2.0.0",
  dev: true,
  optionalDependencies: { "@tool/linux-x64-musl": "2.0.0", "@tool/darwin-arm64": "2.0.0" },
};

describe("missingEntries", () => {
  it("fills in platform, processor and libc from the name", () => {
    expect(missingEntries({ "node_modules/tool": TOOL })).toEqual({
      "node_modules/@tool/linux-x64-musl": {
        version: "2.0.0",
        cpu: ["x64"],
        dev: true,
        libc: ["musl"],
        optional: true,
        os: ["linux"],
      },
      "node_modules/@tool/darwin-arm64": {
        version: "2.0.0",
        cpu: ["arm64"],
        dev: true,
        optional: true,
        os: ["darwin"],
      },
    });
  });

  it("finds nothing to do in what it completed", () => {
    const packages = { "node_modules/tool": TOOL };
    expect(missingEntries({ ...packages, ...missingEntries(packages) })).toEqual({});
  });

  it("nests an entry below its owner when another version has the place", () => {
    const packages = {
      "node_modules/@tool/darwin-arm64": { version: "1.0.0" },
      "node_modules/@tool/linux-x64-musl": { version: "2.0.0" },
      "node_modules/tool": TOOL,
    };
    expect(Object.keys(missingEntries(packages))).toEqual([
      "node_modules/tool/node_modules/@tool/darwin-arm64",
    ]);
  });

  it("leaves ranges alone", () => {
    const packages = { "node_modules/a": { optionalDependencies: { fsevents: "~2.3.3" } } };
    expect(missingEntries(packages)).toEqual({});
  });
});

it("reports entries that name where they came from", () => {
  const packages = { "node_modules/a": { resolved: "https://registry.example/a" } };
  expect(resolvedEntries({ ...packages, "node_modules/b": {} })).toEqual(["node_modules/a"]);
});
