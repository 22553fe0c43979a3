/**
 * A stand-in for the `electron` module: what the shell uses of it, on Chromium and child processes.
 * It runs the built bundles of main process, preload and host where Electron's own program cannot
 * be had, and reports what the shell asks the system to do instead of doing it.
 */
import { app } from "./app.ts";
import { handleProtocol } from "./chromium.ts";
import { onControl, report } from "./control.ts";
import { killUtilities } from "./utility.ts";

export { app } from "./app.ts";
export { BrowserWindow } from "./browser-window.ts";
export { ipcMain } from "./ipc-main.ts";
export { MessageChannelMain } from "./ports.ts";
export { utilityProcess } from "./utility.ts";

type PermissionHandler = (
  contents: unknown,
  permission: string,
  decide: (granted: boolean) => void,
) => void;

let askPermission: PermissionHandler = (_contents, _permission, decide) => decide(true);

export const session = {
  defaultSession: {
    protocol: { handle: handleProtocol },
    setPermissionRequestHandler: (handler: PermissionHandler) => {
      askPermission = handler;
    },
    setPermissionCheckHandler: () => undefined,
    setDevicePermissionHandler: () => undefined,
  },
};

export const protocol = {
  registerSchemesAsPrivileged: () => app.mustNotBeReady("protocol.registerSchemesAsPrivileged"),
};

interface MenuItem {
  readonly id?: string;
  readonly click?: () => void;
  readonly submenu?: readonly MenuItem[];
}

let applicationMenu: readonly MenuItem[] = [];

export const Menu = {
  buildFromTemplate: (template: readonly MenuItem[]) => template,
  setApplicationMenu: (menu: readonly MenuItem[]) => {
    applicationMenu = menu;
  },
};

export const dialog = {
  showErrorBox: (title: string, text: string) => report({ kind: "error-box", title, text }),
};

export const shell = {
  openExternal: (url: string) => {
    report({ kind: "opened", url });
    return Promise.resolve();
  },
};

export const nativeTheme = { shouldUseDarkColors: false };

export const screen = {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
};

onControl((control) => {
  switch (control.kind) {
    case "menu":
      applicationMenu
        .flatMap((top) => top.submenu ?? [])
        .find((item) => item.id === control.id)
        ?.click?.();
      break;
    case "kill-host":
      killUtilities();
      break;
    case "ask-permission":
      askPermission(undefined, control.permission, (granted) =>
        report({ kind: "permission", granted }),
      );
      break;
    case "quit":
      app.quit();
      break;
  }
});
