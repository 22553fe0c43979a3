/**
 * `npm start`: the console in its window where Electron can run, otherwise in the browser. Builds
 * what is missing or older than its sources.
 */
import { runCommand } from "./lib/command.ts";
import { electronProgram, whyNoWindow } from "./lib/electron.ts";
import { isFresh } from "./lib/fresh.ts";

const RENDERER = ["src-renderer", "src-shared"];
const DESKTOP = ["src-main", "src-shared"];

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
