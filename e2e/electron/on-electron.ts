/** The built desktop application on Electron's own program, where there is one. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _electron, type ElectronApplication } from "@playwright/test";
import { electronProgram } from "../../scripts/lib/electron.ts";
import { ROOT } from "../../scripts/lib/files.ts";
import type { DesktopApp } from "./desktop-app.ts";
import type { Control, Report } from "./stand-in/control.ts";

type Recorder = typeof globalThis & { reports: Report[] };

/** Keeps the application from reaching the person's browser and remembers what it wanted. */
async function record(electron: ElectronApplication): Promise<void> {
  await electron.evaluate(({ shell, dialog }) => {
    const recorder = globalThis as Recorder;
    recorder.reports = [];
    shell.openExternal = (url) => {
      recorder.reports.push({ kind: "opened", url });
      return Promise.resolve();
    };
    dialog.showErrorBox = (title, text) => {
      recorder.reports.push({ kind: "error-box", title, text });
    };
  });
}

async function control(electron: ElectronApplication, message: Control): Promise<void> {
  await electron.evaluate(async ({ app, Menu, BrowserWindow }, asked) => {
    const [window] = BrowserWindow.getAllWindows();
    if (asked.kind === "menu") {
      Menu.getApplicationMenu()?.getMenuItemById(asked.id)?.click(undefined, window);
    } else if (asked.kind === "kill-host") {
      for (const { pid, serviceName } of app.getAppMetrics()) {
        if (serviceName === "node.mojom.NodeService") process.kill(pid, "SIGKILL");
      }
    } else if (asked.kind === "ask-permission") {
      const asking = `navigator.permissions.query({ name: "notifications" }).then((p) => p.state)`;
      const state: unknown = await window?.webContents.executeJavaScript(asking);
      (globalThis as Recorder).reports.push({ kind: "permission", granted: state === "granted" });
    } else {
      app.quit();
    }
  }, message);
}

export async function startOnElectron(): Promise<DesktopApp> {
  const program = electronProgram();
  if (program === undefined) throw new Error("Electron is not downloaded");
  const folder = await mkdtemp(join(tmpdir(), "meshdeck-desktop-"));
  const electron = await _electron.launch({
    executablePath: program,
    args: [ROOT, "--data", join(folder, "data"), `--user-data-dir=${folder}`],
  });
  let text = "";
  for (const stream of [electron.process().stdout, electron.process().stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
  }
  const page = await electron.firstWindow();
  await record(electron);
  const webPreferences = await electron.evaluate(({ BrowserWindow }) => {
    const contents: object = BrowserWindow.getAllWindows()[0]?.webContents ?? {};
    // There, but missing from its type declarations.
    const read: unknown = Reflect.get(contents, "getLastWebPreferences");
    return typeof read === "function" ? (Reflect.apply(read, contents, []) as unknown) : undefined;
  });
  return {
    page,
    webPreferences,
    reports: () => electron.evaluate(() => (globalThis as Recorder).reports),
    output: () => text,
    control: (message) => control(electron, message),
    quit: async () => {
      const gone = new Promise<number | null>((resolve) => {
        electron.process().once("exit", resolve);
      });
      await electron.close();
      const code = await gone;
      await rm(folder, { recursive: true, force: true });
      return code;
    },
  };
}
