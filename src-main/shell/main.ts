/** The desktop application: windows and the way to the host. Knows nothing of meshes. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  app,
  BrowserWindow,
  dialog,
  Menu,
  MessageChannelMain,
  session,
  shell,
  utilityProcess,
  type WebContents,
} from "electron";
import { declareAppScheme, serveApp } from "./app-protocol.ts";
import { CHANNELS } from "./channels.ts";
import { isAllowedExternally } from "./external-links.ts";
import { type HostProcess, startHost } from "./host-process.ts";
import { listenToPages } from "./ipc.ts";
import { denyLeaving, denyPermissions } from "./lockdown.ts";
import { menuTemplate } from "./menu.ts";
import { openConsoleWindow } from "./window.ts";

// The build lays out dist/shell/main.js, dist/shell/preload.cjs, dist/host and dist/renderer.
const here = fileURLToPath(new URL(".", import.meta.url));
const PRELOAD = join(here, "preload.cjs");
const RENDERER = join(here, "..", "renderer");
const HOST_ENTRY = join(here, "..", "host", "utility.js");

function forkHost(): HostProcess {
  return startHost({
    fork: () =>
      utilityProcess.fork(HOST_ENTRY, process.argv.slice(app.isPackaged ? 1 : 2), {
        serviceName: "Meshdeck host",
        stdio: "inherit",
      }),
    onFailed: (reason) => dialog.showErrorBox("Meshdeck's host does not run", reason),
  });
}

function openWindow(): BrowserWindow {
  const stateFile = join(app.getPath("userData"), "window.json");
  return openConsoleWindow({ preload: PRELOAD, stateFile });
}

function joinToHost(contents: WebContents, host: HostProcess): void {
  const { port1, port2 } = new MessageChannelMain();
  host.connect(port1);
  contents.postMessage(CHANNELS.port, null, [port2]);
}

async function openExternal(address: string): Promise<boolean> {
  if (!isAllowedExternally(address)) return false;
  await shell.openExternal(address);
  return true;
}

function listen(host: HostProcess): void {
  listenToPages({
    windowContents: () =>
      new Set(BrowserWindow.getAllWindows().map((window) => window.webContents.id)),
    requestPort: (contents) => joinToHost(contents, host),
    openExternal,
    refused: (channel) => console.warn(`a message on ${channel} was refused`),
  });
}

function buildMenu(): Menu {
  const template = menuTemplate({
    platform: process.platform,
    locale: app.getLocale(),
    packaged: app.isPackaged,
    run: (command) => BrowserWindow.getFocusedWindow()?.webContents.send(CHANNELS.menu, command),
  });
  return Menu.buildFromTemplate(template);
}

async function start(): Promise<void> {
  await app.whenReady();
  denyPermissions(session.defaultSession);
  serveApp(session.defaultSession, RENDERER);
  const host = forkHost();
  listen(host);
  Menu.setApplicationMenu(buildMenu());
  openWindow();

  app.on("activate", () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow();
  });
  app.on("second-instance", () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized() === true) window.restore();
    window?.focus();
  });
  let closed = false;
  app.on("will-quit", (event) => {
    if (closed) return;
    event.preventDefault();
    void host.close().finally(() => {
      closed = true;
      app.quit();
    });
  });
}

app.on("window-all-closed", () => {
  if (process.platform !== "darwin") app.quit();
});
if (app.requestSingleInstanceLock()) {
  app.enableSandbox();
  declareAppScheme();
  denyLeaving(app);
  void start();
} else {
  app.quit();
}
