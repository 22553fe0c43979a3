import { describe, expect, it } from "vitest";
import { counted, verdict } from "./step.ts";

describe("counted", () => {
  it.each([
    ["all passed", { passed: 3, failed: 0, code: 0 }, 3, 0],
    ["some failed", { passed: 3, failed: 2, code: 1 }, 3, 2],
    ["nothing ran", { passed: 0, failed: 0, code: 0 }, 0, 1],
    ["the runner broke after its tests", { passed: 3, failed: 0, code: 1 }, 3, 1],
  ])("%s", (_title, counts, passed, failed) => {
    expect(counted(counts, "")).toEqual({ passed, failed, output: "" });
  });
});

describe("verdict", () => {
  it("passes and fails with the program, and keeps what it said", async () => {
    const say = (code: number) => ["-e", `console.error("said"); process.exit(${code})`];
    expect(await verdict("node", say(0))).toEqual({ passed: 1, failed: 0, output: "said\n" });
    expect(await verdict("node", say(3))).toEqual({ passed: 0, failed: 1, output: "said\n" });
  });

  it("fails when the program is not there", async () => {
    expect(await verdict("meshdeck-no-such-program", [])).toMatchObject({ passed: 0, failed: 1 });
  });
});
