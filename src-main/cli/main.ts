import { enableCompileCache } from "node:module";

// Before anything else is loaded: from the second start on, nothing is compiled again.
enableCompileCache();
const { runCli } = await import("./cli.ts");
const { processTerminal } = await import("./terminal.ts");

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => interrupted.abort());
}
// A reader that went away (`meshdeck … | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(`meshdeck: what it has to say cannot be written: ${error.message}.\n`);
  process.exit(1);
});
process.stderr.on("error", () => undefined);

await runCli(process.argv.slice(2), {
  terminal: processTerminal(),
  signal: interrupted.signal,
  exit: (code) => {
    process.exitCode = code;
  },
});
