/** Runs test files in a copy of the sources and says what came of it. */
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

export interface Trial {
  /** `broken`: no test failed, but the run did not end well either: it did not load, or not end. */
  readonly outcome: "passed" | "failed" | "broken";
  /** Titles of the tests that failed, or why the run is broken. */
  readonly details: readonly string[];
  /** Files with a failure of whatever kind; paths from the root of the copy. */
  readonly files: readonly string[];
}

/** The parts that are used of what vitest's JSON reporter writes. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

export interface TrialOptions {
  readonly folder: string;
  readonly tests: readonly string[];
  readonly limitMs: number;
  /** Ends with the first failing test. */
  readonly bail: boolean;
}

export async function runTests(options: TrialOptions): Promise<Trial> {
  const { folder, tests, limitMs, bail } = options;
  const report = join(folder, "report.json");
  rmSync(report, { force: true });
  const runner = join(folder, "node_modules", "vitest", "vitest.mjs");
  const reporting = ["--reporter=json", `--outputFile.json=${report}`];
  const args = [runner, "run", ...reporting, ...(bail ? ["--bail=1"] : []), ...tests];
  const ended = await runBounded(args, folder, limitMs);
  if (ended === "late") {
    return { outcome: "broken", details: [`no end after ${limitMs / 1_000} s`], files: [] };
  }
  const text = readText(report);
  if (text === undefined) {
    return { outcome: "broken", details: ["the test runner gave no report"], files: [] };
  }
  return judge(JSON.parse(text) as Report, folder);
}

/** Exported for its test. */
export function judge(report: Report, folder: string): Trial {
  const bad = report.testResults.filter(({ status }) => status !== "passed");
  const files = bad.map(({ name }) => name.replaceAll("\\", "/").replace(`${folder}/`, ""));
  if (report.numFailedTests > 0) {
    const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
    const failed = results.filter(({ status }) => status === "failed");
    return { outcome: "failed", details: failed.map(({ fullName }) => fullName), files };
  }
  if (bad.length > 0 || report.numPassedTests === 0) {
    const why = bad.map(({ message }) => message.split("\n")[0] ?? "");
    return { outcome: "broken", details: why.length > 0 ? why : ["no test ran"], files };
  }
  return { outcome: "passed", details: [], files };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** The runner has workers of its own, which end with it only when they are asked as a group. */
function runBounded(
  args: readonly string[],
  cwd: string,
  limitMs: number,
): Promise<"late" | "end"> {
  return new Promise((resolve) => {
    const detached = process.platform !== "win32";
    const child = spawn(process.execPath, args, { cwd, stdio: "ignore", detached });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      if (detached && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      else child.kill("SIGKILL");
    }, limitMs);
    const done = (): void => {
      clearTimeout(timer);
      resolve(late ? "late" : "end");
    };
    child.on("error", done);
    child.on("close", done);
  });
}
