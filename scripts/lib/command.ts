import { spawn } from "node:child_process";
import { ROOT } from "./files.ts";

export interface CommandResult {
  /** Exit code; 1 when the program was ended by a signal, 127 when it could not be started. */
  readonly code: number;
  /** What it wrote to both streams, in the order it came. */
  readonly output: string;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Passes the streams through instead of collecting them, and SIGTERM on to the program. */
  readonly inherit?: boolean;
}

/** Runs a program from the repository's root, with the tools of node_modules/.bin found first. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const separator = process.platform === "win32" ? ";" : ":";
  const path = `${ROOT}node_modules/.bin${separator}${process.env["PATH"] ?? ""}`;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, PATH: path, ...options.env },
      stdio: options.inherit === true ? "inherit" : ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    if (options.inherit === true) process.once("SIGTERM", () => child.kill("SIGTERM"));
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    child.on("error", (error) => resolve({ code: 127, output: `${error.message}\n` }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
