/** The terminal a command talks to: the process's own, or a test's. */
import type { Writable } from "node:stream";
import { stripVTControlCharacters } from "node:util";

export interface Terminal {
  readonly out: Writable;
  readonly err: Writable;
  /** A person looks at `out`. */
  readonly interactive: boolean;
}

export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  return {
    out: stdout,
    err: stderr,
    interactive: stdout.isTTY,
  };
}

export function writeLine(stream: Writable, line = ""): void {
  stream.write(`${line}\n`);
}

export function writeJson(stream: Writable, value: unknown): void {
  stream.write(`${JSON.stringify(value)}\n`);
}

/** Marks that reorder text, so that a name could pose as another. */
const BIDI = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;
const CONTROL = /\p{Cc}/gu;

/** Text from a mesh is not ours: no escape sequence or control character reaches the terminal. */
export function safeText(text: string, maxLength = 200): string {
  const clean = stripVTControlCharacters(text).replaceAll(BIDI, "").replaceAll(CONTROL, " ");
  return clean.length > maxLength ? `${clean.slice(0, maxLength - 1)}…` : clean;
}
