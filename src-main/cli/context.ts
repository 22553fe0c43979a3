import type { Terminal } from "./terminal.ts";

/** What a command gets from the process around it. */
export interface CliContext {
  readonly terminal: Terminal;
  /** Aborted when the person ends the command (Ctrl-C, SIGTERM). */
  readonly signal: AbortSignal;
  /** Called with the exit code when it is not 0. */
  readonly exit: (code: number) => void;
}
