/**
 * `npm start`: the console in its window where Electron can run, otherwise in the browser. Builds
 * what is missing or older than its sources.
 */
import { existsSync, readFileSync } from "node:fs";
import { runCommand } from "./lib/command.ts";
import { ROOT } from "./lib/files.ts";
import { isFresh } from "./lib/fresh.ts";

const RENDERER = ["src-renderer", "src-shared"];
const DESKTOP = ["src-main", "src-shared"];

/** Where npm put Electron's program, if its download has happened. */
function electronProgram(): string | undefined {
  const folder = `${ROOT}node_modules/electron/`;
  if (!existsSync(`${folder}path.txt`)) return undefined;
  const program = `${folder}dist/${readFileSync(`${folder}path.txt`, "utf8").trim()}`;
  return existsSync(program) ? program : undefined;
}

/** Why there can be no window here, in words; undefined when there can. */
function whyNoWindow(): string | undefined {
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

async function build(...targets: readonly string[]): Promise<void> {
  const { code, output } = await runCommand("node", ["scripts/build.ts", ...targets]);
  if (code === 0) return;
  process.stderr.write(output);
  process.exit(1);
}

// Ctrl+C reaches the child too; the parent waits for it to close in order.
process.on("SIGINT", () => undefined);
const args = process.argv.slice(2);
if (!isFresh("dist/renderer/index.html", RENDERER)) await build("renderer");
const reason = whyNoWindow();
const program = electronProgram();
if (reason !== undefined || program === undefined) {
  process.stdout.write(`No window, because ${reason}: opening the console in the browser.\n`);
  const serve = ["src-main/cli/main.ts", "serve", "--open", ...args];
  process.exitCode = (await runCommand("node", serve, { inherit: true })).code;
} else {
  if (!isFresh("dist/host/utility.js", DESKTOP)) await build("shell", "preload", "host");
  process.exitCode = (await runCommand(program, [".", ...args], { inherit: true })).code;
}
