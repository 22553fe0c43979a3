import { type Command, CommanderError } from "commander";
import { MeshError } from "#shared/contract/errors.ts";
import type { CliContext } from "./context.ts";
import { EXIT_BAD_INPUT, EXIT_FAILED, EXIT_OK, exitCodeOf } from "./exit.ts";
import { createProgram } from "./program.ts";
import { writeLine } from "./terminal.ts";

/** Runs one command line. Never rejects: what went wrong is one sentence and an exit code. */
export async function runCli(args: readonly string[], context: CliContext): Promise<void> {
  const { terminal, exit } = context;
  try {
    const program = createProgram(context);
    await program.parseAsync(askedOf(program, args), { from: "user" });
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
}

const HELP_FLAGS: ReadonlySet<string> = new Set(["-h", "--help"]);

/** Help is for commands that exist: asked of another one, the mistake is told instead. */
function askedOf(program: Command, args: readonly string[]): readonly string[] {
  let command = program;
  for (const word of args) {
    if (command.commands.length === 0 || word.startsWith("-") || word === "help") return args;
    const inner = command.commands.find((one) => one.name() === word);
    if (inner === undefined) return args.filter((arg) => !HELP_FLAGS.has(arg));
    command = inner;
  }
  return args;
}
