/** The built desktop application on the stand-in of Electron. */
import { type ChildProcess, fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, expect, type Page } from "@playwright/test";
import { ROOT } from "../../scripts/lib/files.ts";
import type { DesktopApp } from "./desktop-app.ts";
import type { Control, Report } from "./stand-in/control.ts";

const START_DEADLINE_MS = 20_000;

/** The first report that passes, also one that came before. */
async function reported<Kind extends Report["kind"]>(
  child: ChildProcess,
  reports: readonly Report[],
  kind: Kind,
): Promise<Extract<Report, { kind: Kind }>> {
  let ended: number | null | undefined;
  child.once("exit", (code) => {
    ended = code;
  });
  const find = () => reports.find((one) => one.kind === kind);
  await expect
    .poll(() => find() !== undefined || ended !== undefined, { timeout: START_DEADLINE_MS })
    .toBe(true);
  const found = find();
  if (found === undefined) throw new Error(`the application ended with ${String(ended)}`);
  return found as Extract<Report, { kind: Kind }>;
}

async function attach(endpoint: string): Promise<{ browser: Browser; page: Page }> {
  const browser = await chromium.connectOverCDP(endpoint);
  const page = browser.contexts().flatMap((context) => context.pages())[0];
  if (page === undefined) throw new Error("the application shows no page");
  return { browser, page };
}

export async function startOnStandIn(): Promise<DesktopApp> {
  const folder = await mkdtemp(join(tmpdir(), "meshdeck-desktop-"));
  const reports: Report[] = [];
  let text = "";
  const child = fork(`${ROOT}dist/shell/main.js`, ["--data", join(folder, "data")], {
    cwd: ROOT,
    execArgv: ["--import", `${ROOT}e2e/electron/stand-in/register.ts`],
    env: { ...process.env, STAND_IN_USER_DATA: folder },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  child.on("message", (report: Report) => reports.push(report));
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
  }
  const gone = new Promise<number | null>((resolve) => {
    child.once("exit", resolve);
  });
  const opened = await reported(child, reports, "window").catch((error: unknown) => {
    child.kill("SIGKILL");
    throw new Error(`${String(error)}\n${text}`);
  });
  const { browser, page } = await attach(opened.endpoint);
  return {
    page,
    webPreferences: opened.webPreferences,
    reports: () => Promise.resolve(reports),
    output: () => text,
    control: (message) => {
      child.send(message);
      return Promise.resolve();
    },
    quit: async () => {
      if (child.connected) child.send({ kind: "quit" } satisfies Control);
      const code = await gone;
      await browser.close();
      await rm(folder, { recursive: true, force: true });
      return code;
    },
  };
}
