import { existsSync, readFileSync } from "node:fs";
import { ROOT } from "./files.ts";

/** Where npm put Electron's program, if its download has happened. */
export function electronProgram(): string | undefined {
  const folder = `${ROOT}node_modules/electron/`;
  if (!existsSync(`${folder}path.txt`)) return undefined;
  const program = `${folder}dist/${readFileSync(`${folder}path.txt`, "utf8").trim()}`;
  return existsSync(program) ? program : undefined;
}

/** Why there can be no window here, in words; undefined when there can. */
export function whyNoWindow(): string | undefined {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === "linux" && !DISPLAY && !WAYLAND_DISPLAY) return "there is no display";
  if (process.platform === "linux" && process.getuid?.() === 0) {
    return "Electron's sandbox does not run as root";
  }
  if (electronProgram() === undefined) {
    return "Electron is not downloaded (`npx install-electron` does it)";
  }
  return undefined;
}
