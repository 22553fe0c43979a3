/**
 * What the page and the shell of the desktop application share: the preload's one object. Imports
 * nothing, so that the preload stays a page of code.
 */

/**
 * `window.meshdeck`, set by the preload of the desktop application and missing in a browser.
 *
 * A MessagePort cannot cross the preload's bridge as a value. It arrives as a `message` event on
 * `window`, from this window itself, with `HOST_PORT_MESSAGE` as data and one port; ask for it
 * with `requestHostPort` after the listener stands, and again after the port closed.
 */
export interface ShellBridge {
  readonly version: string;
  /** Node's name of the system: `linux`, `darwin`, `win32`. */
  readonly platform: string;
  requestHostPort(): void;
  /** Calls back with the id of a console command chosen in the menu; returns the unsubscriber. */
  onMenuCommand(listener: (id: string) => void): () => void;
  /** Opens one of the project's own pages in the browser; false when the address is not allowed. */
  openExternal(url: string): Promise<boolean>;
}

/** Under this name the bridge stands on `window`. */
export const SHELL_BRIDGE_NAME = "meshdeck";

export const HOST_PORT_MESSAGE = "meshdeck:host-port";

/** Console commands the menu offers; the console's registry declares what they do. */
export const MENU_COMMANDS = [
  "app.settings",
  "app.palette",
  "app.shortcuts",
  "mesh.open",
  "mesh.attach",
  "recording.open",
] as const;
export type MenuCommandId = (typeof MENU_COMMANDS)[number];
