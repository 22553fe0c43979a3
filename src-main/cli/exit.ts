/** How a command ends: 0 well, 1 not as hoped, 2 it was asked wrongly, 4 nobody knows. */
import type { ErrorCode, MeshError } from "#shared/contract/errors.ts";

export const EXIT_OK = 0;
export const EXIT_FAILED = 1;
export const EXIT_BAD_INPUT = 2;
export const EXIT_UNKNOWN = 4;

/** The person can put these right on the command line or in the file. */
const BAD_INPUT: ReadonlySet<ErrorCode> = new Set([
  "bad-options",
  "bad-scenario",
  "bad-recording",
  "bad-address",
  "bad-command",
  "bad-token",
]);

export function exitCodeOf(error: MeshError): number {
  return BAD_INPUT.has(error.code) ? EXIT_BAD_INPUT : EXIT_FAILED;
}
