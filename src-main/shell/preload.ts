/** The page's one view of the shell. Bundled into a single CommonJS file for the sandbox. */
import { contextBridge, ipcRenderer } from "electron";
import {
  HOST_PORT_MESSAGE,
  type MenuCommandId,
  SHELL_BRIDGE_NAME,
  type ShellBridge,
} from "#shared/contract/bridge.ts";
import { CHANNELS } from "./channels.ts";

declare const MESHDECK_VERSION: string;

ipcRenderer.on(CHANNELS.port, (event) => {
  const [port] = event.ports;
  if (port !== undefined) window.postMessage(HOST_PORT_MESSAGE, window.location.origin, [port]);
});

const bridge: ShellBridge = {
  version: MESHDECK_VERSION,
  platform: process.platform,
  requestHostPort: () => ipcRenderer.send(CHANNELS.requestPort),
  onMenuCommand: (listener) => {
    const hear = (_event: unknown, id: MenuCommandId): void => listener(id);
    ipcRenderer.on(CHANNELS.menu, hear);
    return () => {
      ipcRenderer.off(CHANNELS.menu, hear);
    };
  },
  openExternal: (url) => ipcRenderer.invoke(CHANNELS.openExternal, url) as Promise<boolean>,
};

contextBridge.exposeInMainWorld(SHELL_BRIDGE_NAME, Object.freeze(bridge));
