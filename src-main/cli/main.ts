import { CommanderError } from "commander";
import { MeshError } from "#shared/contract/errors.ts";
import { EXIT_BAD_INPUT, EXIT_FAILED, EXIT_OK, exitCodeOf } from "./exit.ts";
import { createProgram } from "./program.ts";
import { processTerminal, writeLine } from "./terminal.ts";

const terminal = processTerminal();
const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => interrupted.abort());
}
// A reader that went away (`meshdeck … | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(EXIT_OK);
});

const exit = (code: number): void => {
  process.exitCode = code;
};
const program = createProgram({ terminal, signal: interrupted.signal, exit });
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    exit(error.exitCode === 0 ? EXIT_OK : EXIT_BAD_INPUT);
  } else if (error instanceof MeshError) {
    writeLine(terminal.err, `meshdeck: ${error.message}`);
    exit(exitCodeOf(error));
  } else {
    writeLine(terminal.err, `meshdeck: ${error instanceof Error ? error.stack : String(error)}`);
    exit(EXIT_FAILED);
  }
}
