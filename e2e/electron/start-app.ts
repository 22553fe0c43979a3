import { whyNoWindow } from "../../scripts/lib/electron.ts";
import type { DesktopApp } from "./desktop-app.ts";
import { startOnElectron } from "./on-electron.ts";
import { startOnStandIn } from "./on-stand-in.ts";

/** On Electron where it can run, otherwise on the stand-in. */
export function startApp(): Promise<DesktopApp> {
  return whyNoWindow() === undefined ? startOnElectron() : startOnStandIn();
}
