/** What the command line refuses before it begins, and how it ends then. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { meshdeck, temporaryFolder } from "./cli-process.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const SCENARIO = "resources/scenarios/kill-a-node.yaml";

const cleanups: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).toReversed()) cleanup();
});

function folder(): string {
  const { path, remove } = temporaryFolder();
  cleanups.push(remove);
  return path;
}

describe("a file to read", () => {
  it("that is a pipe nobody writes to does not keep the command waiting", async () => {
    const pipe = join(folder(), "pipe");
    execFileSync("mkfifo", [pipe]);
    for (const command of ["run", "check", "replay"]) {
      const { code, err } = await meshdeck([command, pipe]);
      expect([command, code]).toEqual([command, 2]);
      expect(err).toContain("no file but a pipe or device");
    }
  });

  it("may be standard input", () => {
    const input = readFileSync(join(ROOT, SCENARIO));
    const args = ["src-main/cli/main.ts", "run", "-"];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: ROOT, input });
    expect([status, String(stdout)]).toEqual([0, expect.stringContaining("promises held")]);
    const empty = spawnSync(process.execPath, args, { cwd: ROOT, input: "" });
    expect(empty.status).toBe(2);
  });

  it("that was recorded by another version is bad input, told with its name", async () => {
    const file = join(folder(), "run.meshdeck");
    expect((await meshdeck(["run", SCENARIO, "--record", file])).code).toBe(0);
    writeFileSync(file, readFileSync(file, "utf8").replace('"version":1', '"version":7'));
    const { code, err } = await meshdeck(["replay", file]);
    expect(code).toBe(2);
    expect(err).toContain(`${file}: the recording has format 7`);
  });
});

describe("a file to write", () => {
  it.each(["--record", "--junit"])(
    "that cannot be written stops %s before the run",
    async (flag) => {
      const started = Date.now();
      const there = folder();
      for (const path of ["/nowhere/at/all", there]) {
        const { code, out, err } = await meshdeck(["run", SCENARIO, flag, path]);
        expect([code, out]).toEqual([2, ""]);
        expect(err).toContain(`${path} cannot be written`);
      }
      expect(Date.now() - started).toBeLessThan(15_000);
    },
  );

  it("is not there after a run that was refused", async () => {
    const path = join(folder(), "out.meshdeck");
    expect((await meshdeck(["run", SCENARIO, "--record", path, "--junit", "/no/way"])).code).toBe(
      2,
    );
    expect(existsSync(path)).toBe(false);
  });
});

it.each([["bogus"], ["mesh", "bogus"], ["memory", "bogus"]])(
  "help of a command that there is not is a mistake: %s",
  async (...words) => {
    for (const flag of ["--help", "-h"]) {
      const { code, err } = await meshdeck([...words, flag]);
      expect(code).toBe(2);
      expect(err).toContain("unknown command");
    }
    expect((await meshdeck(["mesh", "--help"])).code).toBe(0);
  },
);
