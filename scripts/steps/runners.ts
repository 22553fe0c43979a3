/** Steps that run tests and count them one by one. */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { runCommand } from "../lib/command.ts";
import { ROOT } from "../lib/files.ts";
import { findChromium, findProgram } from "../lib/system.ts";
import { counted, type Step, type StepResult, verdict } from "./step.ts";

const REPORTS = "test-results/reports";

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

interface PlaywrightReport {
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly flaky: number;
    readonly skipped: number;
  };
}

function freshReport(name: string): string {
  mkdirSync(ROOT + REPORTS, { recursive: true });
  const path = `${ROOT}${REPORTS}/${name}.json`;
  rmSync(path, { force: true });
  return path;
}

function readReport(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

async function vitest(name: string, args: readonly string[]): Promise<StepResult> {
  const path = freshReport(name);
  const { code, output } = await runCommand("vitest", [
    "run",
    "--reporter=dot",
    "--reporter=json",
    `--outputFile.json=${path}`,
    ...args,
  ]);
  const report = readReport(path) as VitestReport | undefined;
  if (report === undefined) return { passed: 0, failed: 1, output };
  const skipped = report.numPendingTests + report.numTodoTests;
  const note =
    skipped > 0 ? `${output}\n${skipped} tests were skipped, which is not allowed` : output;
  const failed = report.numFailedTests + skipped;
  return counted({ passed: report.numPassedTests, failed, code }, note);
}

async function playwright(project: string): Promise<StepResult> {
  if (findChromium() === undefined) return unavailable("Chromium");
  const path = freshReport(project);
  const { code, output } = await runCommand(
    "playwright",
    ["test", "--config=e2e/playwright.config.ts", `--project=${project}`, "--reporter=line,json"],
    { env: { PLAYWRIGHT_JSON_OUTPUT_FILE: path } },
  );
  const report = readReport(path) as PlaywrightReport | undefined;
  if (report === undefined) return { passed: 0, failed: 1, output };
  const { expected, unexpected, flaky, skipped } = report.stats;
  return counted({ passed: expected, failed: unexpected + flaky + skipped, code }, output);
}

function unavailable(what: string): StepResult {
  return { passed: 0, failed: 0, output: "", unavailable: `${what} is missing: npm run system` };
}

function daemon(): Promise<StepResult> {
  if (findProgram("serf") === undefined) return Promise.resolve(unavailable("Serf"));
  return vitest("daemon", ["--config=e2e/daemon/vitest.config.ts"]);
}

export const RUNNER_STEPS: readonly Step[] = [
  { name: "unit", about: "unit, property and simulation tests", run: () => vitest("unit", []) },
  {
    name: "build",
    about: "the console for the browser, the Electron bundles",
    run: () => verdict("node", ["scripts/build.ts"]),
  },
  {
    name: "console",
    about: "the console in Chromium against a real host",
    run: () => playwright("console"),
  },
  { name: "daemon", about: "real processes, a real Serf cluster", run: daemon },
  {
    name: "electron",
    about: "the built Electron bundles against a stand-in of Electron",
    run: () => playwright("electron"),
  },
];
